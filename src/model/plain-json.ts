// The readable JSON of an image: ordinary JSON where JSON can carry the value, a tagged object where it cannot.
// Reversed by `fromPlainJson`; written straight to text by `stringifyPlainJson`.
import { base64FromBytes } from './base64.js';
import type { DecodedValue } from './change.js';
import { DecimalNumber } from './decimal.js';
import { decodeImage } from './decode-image.js';
import { BinarySet, Malformed, NumberSet, StringSet, setOwn } from './values.js';

export type PlainJson =
  | string
  | number
  | boolean
  | null
  | readonly PlainJson[]
  | { readonly [name: string]: PlainJson };

/** The keys that mean something when they are an object's only key. */
export const TAGS: ReadonlySet<string> = /* @__PURE__ */ new Set([
  '$N',
  '$B',
  '$SS',
  '$NS',
  '$BS',
  '$M',
  '$wire',
]);

/**
 * An image of either wire shape as readable JSON. `{"$N":"…"}` is a number that no double holds, `{"$B":"…"}` base64,
 * `{"$SS":[…]}`, `{"$NS":["1",…]}`, `{"$BS":[…]}` the sets, `{"$M":{…}}` a map whose only key is one of these tags, and
 * `{"$wire":…}` something that is no attribute value, as it came. Never throws.
 */
export function toPlainJson(image: unknown): PlainJson {
  return plainJsonOf(decodeImage(image));
}

/**
 * A decoded value, or a model's value, as readable JSON: as `toPlainJson`, and dates as ISO text, bigints as numbers or
 * `$N`. What JSON has no word for (a function, undefined) becomes null in a list and is left out of a map.
 */
export function plainJsonOf(value: DecodedValue): PlainJson {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return Number.isFinite(value) ? value : null;
    case 'bigint':
      return Number.isSafeInteger(Number(value)) ? Number(value) : { $N: String(value) };
    case 'object':
      return value === null ? null : plainJsonOfObject(value);
    default:
      return null;
  }
}

function plainJsonOfObject(value: object): PlainJson {
  if (Array.isArray(value)) return value.map(plainJsonOf);
  if (value instanceof DecimalNumber) return { $N: value.text };
  if (value instanceof Uint8Array) return { $B: base64FromBytes(value) };
  if (value instanceof Set) return plainJsonOfSet(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (value instanceof Malformed) return { $wire: jsonCopy(value.wire) };
  const out: Record<string, PlainJson> = {};
  let names = 0;
  let tagged = false;
  for (const [name, member] of Object.entries(value)) {
    if (member === undefined || typeof member === 'function' || typeof member === 'symbol') continue;
    setOwn(out, name, plainJsonOf(member));
    names++;
    tagged = TAGS.has(name);
  }
  return names === 1 && tagged ? { $M: out } : out;
}

function plainJsonOfSet(set: ReadonlySet<unknown>): PlainJson {
  const members = [...set];
  if (set instanceof StringSet) return { $SS: members.map(String) };
  if (set instanceof NumberSet) return { $NS: members.map(String) };
  if (set instanceof BinarySet)
    return { $BS: members.map((member) => base64FromBytes(member as Uint8Array)) };
  return members.map(plainJsonOf);
}

/** What a malformed value looks like in JSON. Text where it has no JSON: nesting deeper than the stack, say. */
export function jsonCopy(wire: unknown): PlainJson {
  try {
    const text = JSON.stringify(wire);
    // Cast: what JSON.parse gives is PlainJson by definition.
    return text === undefined ? null : (JSON.parse(text) as PlainJson);
  } catch {
    return 'not representable';
  }
}
