// JavaScript values to attribute values: the inverse of `decodeImage`.
import { base64FromBytes } from './base64.js';
import { DecimalNumber, storableDecimal } from './decimal.js';
import { BinarySet, isPlainObject, Malformed, NumberSet, StringSet, setOwn } from './values.js';
import type { AttributeMap, AttributeValue, WireBinary } from './wire.js';

/** As deep as the decoder goes. DynamoDB itself refuses more than 32 levels. */
const MAX_DEPTH = 100;

export interface EncodeOptions {
  /** `bytes` (the default) is the AWS SDK's shape, `base64` that of Lambda events and of the wire. */
  readonly binary?: 'bytes' | 'base64';
}

/** A value that no attribute value stands for. `path` leads to it. */
export class EncodeError extends TypeError {
  override readonly name = 'EncodeError';
  readonly path: readonly (string | number)[];

  constructor(path: readonly (string | number)[], problem: string, options?: ErrorOptions) {
    super(`${path.length === 0 ? 'the item' : path.join('.')}: ${problem}`, options);
    this.path = path;
  }
}

/**
 * Encodes an item as an image, so that `decodeImage` gives it back. Numbers, bigints and `DecimalNumber` become N in
 * DynamoDB's normal form, `Uint8Array` B, arrays L, plain objects M; a plain Set takes its type from its members.
 * Properties that are undefined are left out. Throws `EncodeError` for what DynamoDB has no type for: NaN, infinity,
 * functions, dates, an empty plain Set.
 */
export function encodeImage(item: object, options: EncodeOptions = {}): AttributeMap {
  return encodeMap(item as Record<string, unknown>, [], options.binary === 'base64');
}

/** Encodes one value: see `encodeImage`. */
export function encodeValue(value: unknown, options: EncodeOptions = {}): AttributeValue {
  return encodeAt(value, [], options.binary === 'base64');
}

type Path = readonly (string | number)[];

function encodeMap(map: Readonly<Record<string, unknown>>, path: Path, base64: boolean): AttributeMap {
  const image: Record<string, AttributeValue> = {};
  for (const name of Object.keys(map)) {
    const value = map[name];
    if (value !== undefined) setOwn(image, name, encodeAt(value, [...path, name], base64));
  }
  return image;
}

function encodeAt(value: unknown, path: Path, base64: boolean): AttributeValue {
  if (path.length > MAX_DEPTH + 1) throw new EncodeError(path, `nested deeper than ${MAX_DEPTH} levels`);
  switch (typeof value) {
    case 'string':
      return { S: value };
    case 'number':
    case 'bigint':
      return { N: encodeNumber(value, path) };
    case 'boolean':
      return { BOOL: value };
    case 'object':
      return value === null ? { NULL: true } : encodeObject(value, path, base64);
    default:
      throw new EncodeError(path, `DynamoDB has no type for ${typeof value}`);
  }
}

function encodeObject(value: object, path: Path, base64: boolean): AttributeValue {
  if (Array.isArray(value)) {
    return { L: value.map((member, at) => encodeAt(member, [...path, at], base64)) };
  }
  if (value instanceof DecimalNumber) return { N: encodeNumber(value, path) };
  if (value instanceof Uint8Array) return { B: encodeBytes(value, base64) };
  if (value instanceof Set) return encodeSet(value, path, base64);
  // Cast: what came from the wire goes back to it as it was, attribute value or not.
  if (value instanceof Malformed) return value.wire as AttributeValue;
  if (isPlainObject(value)) return { M: encodeMap(value, path, base64) };
  throw new EncodeError(path, `DynamoDB has no type for ${value.constructor?.name ?? 'this object'}`);
}

function encodeSet(set: ReadonlySet<unknown>, path: Path, base64: boolean): AttributeValue {
  const members = [...set];
  if (set instanceof StringSet) return { SS: members as string[] };
  if (set instanceof NumberSet) return { NS: members.map((member) => encodeNumber(member as number, path)) };
  if (set instanceof BinarySet) {
    return { BS: members.map((member) => encodeBytes(member as Uint8Array, base64)) };
  }
  if (members.length === 0) {
    throw new EncodeError(path, 'an empty Set has no type: use StringSet, NumberSet or BinarySet');
  }
  if (members.every((member) => typeof member === 'string')) return { SS: members };
  if (members.every((member) => member instanceof Uint8Array)) {
    return { BS: members.map((member) => encodeBytes(member, base64)) };
  }
  if (members.every(isNumeric)) return { NS: members.map((member) => encodeNumber(member, path)) };
  throw new EncodeError(path, 'the members of a set are all texts, all numbers or all bytes');
}

function isNumeric(value: unknown): value is number | bigint | DecimalNumber {
  return typeof value === 'number' || typeof value === 'bigint' || value instanceof DecimalNumber;
}

function encodeBytes(bytes: Uint8Array, base64: boolean): WireBinary {
  return base64 ? base64FromBytes(bytes) : bytes;
}

function encodeNumber(value: number | bigint | DecimalNumber, path: Path): string {
  // Most numbers are integers that print in normal form already.
  if (Number.isSafeInteger(value)) return String(value);
  try {
    return storableDecimal(String(value));
  } catch (error) {
    throw new EncodeError(path, error instanceof Error ? error.message : String(error), { cause: error });
  }
}
