// The readable JSON of an image: ordinary JSON where JSON can carry the value, a tagged object where it cannot.
// This module has its types and makes it of values; `toPlainJson` makes it of images, `fromPlainJson` reverses it.
import { base64FromBytes } from './base64.js';
import type { DecodedValue } from './change.js';
import { DecimalNumber } from './decimal.js';
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
 * A decoded value, or a model's value, as readable JSON: as `toPlainJson`, and dates as ISO text, bigints as numbers or
 * `$N`. What JSON has no word for (a function, undefined) becomes null in a list and is left out of a map.
 */
export function plainJsonOf(value: DecodedValue): PlainJson {
  return jsonAt(value, 0);
}

/**
 * True for a decoded object that is its own plain JSON: texts and finite numbers only, as most items and models are.
 * Cheaper to ask than to make a copy.
 */
export function isPlainJson(value: DecodedValue): value is PlainJson {
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype)
    return false;
  let names = 0;
  let only = '';
  for (const name in value) {
    // Cast: the name was found in it.
    const member = (value as Record<string, unknown>)[name];
    if (typeof member !== 'string' && !(typeof member === 'number' && Number.isFinite(member))) return false;
    only = name;
    names++;
  }
  return names !== 1 || !TAGS.has(only);
}

// An item nests 32 levels, but JSON text in an item, read by a model, nests without end, and cycles do.
const MAX_JSON_DEPTH = 500;
const TOO_DEEP = 'nested too deep';

function jsonAt(value: DecodedValue, depth: number): PlainJson {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return Number.isFinite(value) ? value : null;
    case 'bigint':
      return Number.isSafeInteger(Number(value)) ? Number(value) : { $N: String(value) };
    case 'object':
      return value === null ? null : objectJson(value, depth + 1);
    default:
      return null;
  }
}

function objectJson(value: object, depth: number): PlainJson {
  if (depth > MAX_JSON_DEPTH) return TOO_DEEP;
  if (Array.isArray(value)) return value.map((member) => jsonAt(member, depth));
  if (value instanceof DecimalNumber) return { $N: value.text };
  if (value instanceof Uint8Array) return { $B: base64FromBytes(value) };
  if (value instanceof Set) return setJson(value, depth);
  // ISO text; null for an invalid date.
  if (value instanceof Date) return value.toJSON();
  if (value instanceof Malformed) return { $wire: wireJson(value.wire) };
  const out: Record<string, PlainJson> = {};
  let names = 0;
  let tagged = false;
  for (const [name, member] of Object.entries(value)) {
    if (member === undefined || typeof member === 'function' || typeof member === 'symbol') continue;
    setOwn(out, name, jsonAt(member, depth));
    names++;
    tagged = TAGS.has(name);
  }
  return names === 1 && tagged ? { $M: out } : out;
}

// A model's sets are plain ones: their members say which of the three types they are, and an empty one is a list.
function setJson(set: ReadonlySet<unknown>, depth: number): PlainJson {
  const members = [...set];
  const some = members.length > 0;
  if (set instanceof StringSet || (some && members.every((member) => typeof member === 'string'))) {
    return { $SS: members.map(String) };
  }
  if (set instanceof NumberSet || (some && members.every((member) => typeof member === 'number'))) {
    return { $NS: members.map(String) };
  }
  if (set instanceof BinarySet || (some && members.every((member) => member instanceof Uint8Array))) {
    return { $BS: members.map((member) => base64FromBytes(member as Uint8Array)) };
  }
  return members.map((member) => jsonAt(member, depth));
}

// What a malformed value looks like in JSON: a copy, or a word where it has no JSON or nests deeper than a stack may be.
function wireJson(wire: unknown): PlainJson {
  try {
    if (isDeep(wire, MAX_JSON_DEPTH)) return TOO_DEEP;
    // Cast: what JSON.parse gives is PlainJson by definition.
    return JSON.parse(JSON.stringify(wire) ?? 'null') as PlainJson;
  } catch {
    return 'not representable';
  }
}

function isDeep(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((member) => isDeep(member, levels - 1));
}
