// Models: an image in, a typed value or every issue out.
import type { DecodeResult, Issue, Model } from './change.js';
import { FAILED, type Fields, type ObjectOf, type Wire } from './field.js';
import { describeWire } from './issue.js';
import { ModelError } from './model-error.js';
import { compileObject, lenientEntries, type ObjectEntry, objectEntries } from './object.js';

/** A model made of fields. */
export interface ObjectModel<T> extends Model<T> {
  readonly entries: readonly ObjectEntry[];
  /** Has the entries too, which tells that it is what they say. */
  readonly decode: Model<T>['decode'] & { readonly entries?: readonly ObjectEntry[] };
}

export interface ModelOptions {
  /** Shown where a change names its model. */
  readonly name?: string;
}

/**
 * A model of these fields, compiled once. Attributes that no field names are ignored.
 * `defineModel({ id: int32('Id'), message: string('Message') })` decodes to `{ id: number; message: string }`.
 */
export function defineModel<F extends Fields>(
  fields: F,
  options: ModelOptions = {},
): ObjectModel<ObjectOf<F>> {
  return modelOf<ObjectOf<F>>(options.name ?? 'Model', objectEntries(fields));
}

/**
 * The same model, never failing on an attribute map: what is missing or does not fit becomes 0, "", false, an empty
 * list and so on, as in the reference. Absence of optional fields, null of nullable ones and defaults stay.
 */
export function lenient<T>(model: ObjectModel<T>): ObjectModel<T> {
  return modelOf<T>(model.name, lenientEntries(model.entries));
}

function modelOf<T>(name: string, entries: readonly ObjectEntry[]): ObjectModel<T> {
  const { read, explain } = compileObject<T>(entries);
  const decode = (image: unknown): DecodeResult<T> => {
    if (typeof image !== 'object' || image === null || Array.isArray(image)) return notAnImage(image);
    const value = read(image as Wire);
    if (value !== FAILED) return { ok: true, value };
    const issues: Issue[] = [];
    explain(image as Wire, [], issues);
    return { ok: false, issues };
  };
  decode.entries = entries;
  return { name, entries, decode, parse: parserOf(name, decode) };
}

/** The result for something that is no attribute map at all. */
export function notAnImage(image: unknown): { readonly ok: false; readonly issues: readonly Issue[] } {
  return {
    ok: false,
    issues: [{ path: [], code: 'type', expected: 'an image', received: describeWire(image) }],
  };
}

/** `parse` in terms of `decode`. */
export function parserOf<T>(
  name: string,
  decode: (image: unknown) => DecodeResult<T>,
): (image: unknown) => T {
  return (image) => {
    const result = decode(image);
    if (result.ok) return result.value;
    throw new ModelError(name, result.issues);
  };
}
