// A model of single values, read from an image's bytes and written as JSON: what `decode` and `JSON.stringify` make of a
// parsed image, without the image. Only the payloads of the model's own attributes become values.
import type { Model } from '../change.js';
import type { ObjectModel } from '../define-model.js';
import { FAILED } from '../field.js';
import { int32FromPayload, textFromPayload } from '../kinds/scalars.js';
import type { ObjectEntry } from '../object.js';
import { plainJsonOf } from '../plain-json.js';
import { type ByteWriter, bytesOf } from './byte-writer.js';
import type { ImageMembers } from './image-json.js';
import {
  CLOSE_OBJECT,
  COMMA,
  isDigits,
  MINUS,
  OPEN_OBJECT,
  plainStringEnd,
  REFUSED,
  startsWith,
  stringEnd,
  ZERO,
} from './json-bytes.js';
import { writePlainJson } from './plain-json-bytes.js';

interface FlatField {
  readonly entry: ObjectEntry;
  readonly fromPayload: (payload: unknown) => unknown;
  /** What becomes of the payload: the same text, the same digits (where they are few), or what `fromPayload` says. */
  readonly becomes: 'text' | 'digits' | 'value';
  /** `"Id"` */
  readonly name: Uint8Array;
  /** `{"N":` */
  readonly tag: Uint8Array;
  /** `"id":` */
  readonly label: Uint8Array;
}

/** The types whose payload is a text. */
const TEXT_TAGS = ['S', 'N'];
/** Properties that an object would keep in another order, or that plain JSON would take for a tag. */
const ODD_PROPERTY = /^(\d+$|\$|__proto__$)/;

export class FlatModel {
  /** Of the image that was read last: the value of each field that is not its payload's own bytes; undefined where none is. */
  readonly values: unknown[];
  private bytes: Uint8Array = new Uint8Array();
  /** Where the payload is that stands in the JSON as it is; both 0 for a field without. */
  private readonly starts: number[];
  private readonly ends: number[];
  /** Which field stood at each position of an earlier image, since images of one table are alike. */
  private readonly hints: number[] = [];

  private constructor(private readonly fields: readonly FlatField[]) {
    this.values = fields.map(() => undefined);
    this.starts = fields.map(() => 0);
    this.ends = fields.map(() => 0);
  }

  /** Undefined for a model that reads more than single texts and numbers, or was not made by `defineModel`. */
  static of(model: Model): FlatModel | undefined {
    // Cast: asked for below, as any model may be given. A model with a `decode` of another's is not what its entries say.
    const { decode, entries } = model as ObjectModel<unknown>;
    if (entries === undefined || decode.entries !== entries || entries.length === 0) return undefined;
    const fields = entries.flatMap((entry): FlatField[] => {
      const { tag, fromPayload } = entry.kind;
      if (tag === undefined || fromPayload === undefined || !TEXT_TAGS.includes(tag)) return [];
      if (entry.inherited || ODD_PROPERTY.test(entry.property)) return [];
      return [
        {
          entry,
          fromPayload,
          becomes:
            fromPayload === textFromPayload ? 'text' : fromPayload === int32FromPayload ? 'digits' : 'value',
          name: bytesOf(JSON.stringify(entry.attribute)),
          tag: bytesOf(`{"${tag}":`),
          label: bytesOf(`${JSON.stringify(entry.property)}:`),
        },
      ];
    });
    const attributes = new Set(entries.map(({ attribute }) => attribute));
    const isFlat = fields.length === entries.length && attributes.size === entries.length;
    return isFlat ? new FlatModel(fields) : undefined;
  }

  /**
   * Reads an image whose attributes are at `members`. False where the model has to see the image itself, to take it or to
   * say what is wrong. Throws what a default's factory throws.
   */
  read(bytes: Buffer, members: ImageMembers): boolean {
    const { fields, values, ends } = this;
    for (let index = 0; index < fields.length; index += 1) {
      values[index] = undefined;
      ends[index] = 0;
    }
    this.bytes = bytes;
    const { count } = members;
    for (let member = 0; member < count; member += 1) {
      const index = this.fieldAt(bytes, members.name(member), members.nameEnd(member), member);
      if (index !== -1 && !this.readValue(bytes, members.value(member), index)) return false;
    }
    return this.fillIn();
  }

  /** Writes the object that was read last, as long as its bytes are the same. */
  write(out: ByteWriter): void {
    const { fields, values, starts, ends, bytes } = this;
    out.reserve(1);
    out.byte(OPEN_OBJECT);
    let isFirst = true;
    for (let index = 0; index < fields.length; index += 1) {
      const field = fields[index];
      // Casts: there are as many of these as fields.
      const start = starts[index] as number;
      const end = ends[index] as number;
      if (field === undefined || (end === 0 && values[index] === undefined)) continue;
      out.reserve(field.label.length + 1 + end - start);
      if (!isFirst) out.byte(COMMA);
      isFirst = false;
      out.put(field.label);
      if (end !== 0) out.copy(bytes, start, end);
      else writePlainJson(plainJsonOf(values[index]), out);
    }
    out.reserve(1);
    out.byte(CLOSE_OBJECT);
  }

  private fieldAt(bytes: Buffer, name: number, end: number, position: number): number {
    const hint = this.hints[position] ?? -1;
    if (this.isNamed(hint, bytes, name, end)) return hint;
    const index = this.fields.findIndex((_, candidate) => this.isNamed(candidate, bytes, name, end));
    this.hints[position] = index;
    return index;
  }

  private isNamed(index: number, bytes: Buffer, start: number, end: number): boolean {
    const name = this.fields[index]?.name;
    return name !== undefined && name.length === end - start && startsWith(bytes, start, name);
  }

  private readValue(bytes: Buffer, at: number, index: number): boolean {
    const field = this.fields[index];
    if (field === undefined || !startsWith(bytes, at, field.tag)) return false;
    const start = at + field.tag.length;
    const end = stringEnd(bytes, start);
    if (end === REFUSED) return false;
    const { becomes } = field;
    if (becomes === 'text' || (becomes === 'digits' && isSmallInteger(bytes, start + 1, end - 1))) {
      const quote = becomes === 'text' ? 0 : 1;
      this.starts[index] = start + quote;
      this.ends[index] = end - quote;
      return true;
    }
    if (plainStringEnd(bytes, start) === REFUSED) return false;
    const value = field.fromPayload(bytes.toString('utf8', start + 1, end - 1));
    if (value === FAILED || value === undefined) return false;
    this.values[index] = value;
    return true;
  }

  private fillIn(): boolean {
    const { fields, values, ends } = this;
    for (let index = 0; index < fields.length; index += 1) {
      if (values[index] !== undefined || ends[index] !== 0) continue;
      const entry = fields[index]?.entry;
      if (entry?.presence === 'required') return false;
      if (entry?.presence === 'default') values[index] = entry.fallback();
    }
    return true;
  }
}

/** So few digits are within 32 bits, whatever they are. */
const SMALL_DIGITS = 9;

/** True for an integer as JSON writes it, of few digits. */
function isSmallInteger(bytes: Uint8Array, start: number, end: number): boolean {
  const first = bytes[start] === MINUS ? start + 1 : start;
  const digits = end - first;
  if (digits > SMALL_DIGITS) return false;
  if (bytes[first] === ZERO && (digits > 1 || first > start)) return false;
  return isDigits(bytes, first, end);
}
