// Wire images to JavaScript values, without loss and without a throw: the one generic decoder for both wire shapes.
import { bytesFromBase64 } from './base64.js';
import type { DecodedItem, DecodedValue, Issue } from './change.js';
import { type DecimalNumber, decodeNumber } from './decimal.js';
import { describeWire } from './issue.js';
import { BinarySet, isPlainObject, Malformed, NumberSet, StringSet, setOwn } from './values.js';

/** DynamoDB nests 32 levels. The rest is room, and what is deeper is cut off before the stack would be. */
export const MAX_DEPTH = 100;

const ATTRIBUTE_VALUE = 'an attribute value';

// Counted, so that decoding carries no paths and a second walk is only made where there is something to find.
let malformedSoFar = 0;

function malformed(wire: unknown, expected: string): Malformed {
  malformedSoFar++;
  return new Malformed(wire, expected);
}

type WireObject = Record<string, unknown>;

/**
 * Decodes an image (attribute map) of either wire shape. S: string. N: number, or `DecimalNumber` where no double holds
 * it. B: `Uint8Array`. BOOL: boolean. NULL: null. L: array. M: object. SS, NS, BS: `StringSet`, `NumberSet`, `BinarySet`.
 * What is not an attribute value becomes `Malformed`, which `encodeImage` gives back as it was. Never throws: something
 * that is not a map at all gives an empty item. Every such place is appended to `issues` where that is given.
 */
export function decodeImage(image: unknown, issues?: Issue[]): DecodedItem {
  const before = malformedSoFar;
  const whole = decodeMap(image, 0);
  if (whole instanceof Malformed) {
    issues?.push({ path: [], code: 'type', expected: whole.expected, received: describeWire(image) });
    return {};
  }
  if (issues !== undefined && malformedSoFar > before) findMalformed(whole, [], issues);
  return whole;
}

/** Decodes one attribute value: see `decodeImage`. */
export function decodeValue(wire: unknown, depth = 0): DecodedValue {
  if (typeof wire !== 'object' || wire === null) return malformed(wire, ATTRIBUTE_VALUE);
  let found = '';
  let payload: unknown;
  // The payload is read inside the loop, where the engine reads it by index instead of by name.
  for (const tag in wire) {
    const candidate = (wire as WireObject)[tag];
    // The SDK's union type allows the other members to be there as undefined.
    if (candidate === undefined) continue;
    if (found !== '') return malformed(wire, ATTRIBUTE_VALUE);
    found = tag;
    payload = candidate;
  }
  return decodePayload(wire, found, payload, depth);
}

function decodePayload(wire: object, tag: string, payload: unknown, depth: number): DecodedValue {
  switch (tag) {
    case 'S':
      return typeof payload === 'string' ? payload : malformed(wire, 'S with text');
    case 'N':
      return decodeNumeric(payload) ?? malformed(wire, 'N with the text of a number');
    case 'BOOL':
      return typeof payload === 'boolean' ? payload : malformed(wire, 'BOOL with true or false');
    case 'M':
      return decodeMap(payload, depth + 1, wire);
    case 'L':
      return decodeList(wire, payload, depth + 1);
    case 'NULL':
      return payload === true ? null : malformed(wire, 'NULL with true');
    case 'B':
      return decodeBinary(payload) ?? malformed(wire, 'B with bytes or base64');
    case 'SS':
      return decodeStringSet(payload) ?? malformed(wire, 'SS with texts');
    case 'NS':
      return decodeNumberSet(payload) ?? malformed(wire, 'NS with texts of numbers');
    case 'BS':
      return decodeBinarySet(payload) ?? malformed(wire, 'BS with bytes or base64');
    default:
      return malformed(wire, ATTRIBUTE_VALUE);
  }
}

function decodeMap(map: unknown, depth: number, wire: unknown = map): DecodedItem | Malformed {
  if (typeof map !== 'object' || map === null || Array.isArray(map)) return malformed(wire, 'a map');
  if (depth > MAX_DEPTH) return malformed(wire, `at most ${MAX_DEPTH} levels`);
  // A copy has all its properties at once, of which each is then overwritten: several times faster than adding them one
  // by one.
  const item: DecodedItem = isWide(map) ? {} : { ...map };
  for (const name in map) {
    // Cast: the map was just found to be an object; its values are checked one by one.
    const value = decodeValue((map as WireObject)[name], depth);
    if (name === '__proto__') setOwn(item, name, value);
    else item[name] = value;
  }
  return item;
}

/** V8 copies objects of up to 128 properties by their shape, and larger ones slower than property by property. */
export function isWide(map: object): boolean {
  let names = 0;
  for (const _ in map) if (++names > 100) return true;
  return false;
}

function decodeList(wire: object, payload: unknown, depth: number): DecodedValue {
  if (!Array.isArray(payload)) return malformed(wire, 'L with a list');
  if (depth > MAX_DEPTH) return malformed(wire, `at most ${MAX_DEPTH} levels`);
  const list: DecodedValue[] = [];
  for (let at = 0; at < payload.length; at++) list.push(decodeValue(payload[at], depth));
  return list;
}

/** The only type tag of an attribute value; empty for what has none or several. */
export function tagOf(wire: unknown): string {
  let found = '';
  if (typeof wire !== 'object' || wire === null) return found;
  for (const tag in wire) {
    if ((wire as WireObject)[tag] === undefined) continue;
    if (found !== '') return '';
    found = tag;
  }
  return found;
}

/** The bytes of either shape of binary: base64 text in Lambda's event, bytes from the SDK. */
export function decodeBinary(payload: unknown): Uint8Array | undefined {
  if (typeof payload === 'string') return bytesFromBase64(payload);
  return payload instanceof Uint8Array ? payload : undefined;
}

/** A payload of N as a value: undefined for what is no number. */
export function decodeNumeric(payload: unknown): number | DecimalNumber | undefined {
  return typeof payload === 'string' ? decodeNumber(payload) : undefined;
}

// Three loops, since one that adds to all three types of set is compiled for none of them.
function decodeStringSet(payload: unknown): StringSet | undefined {
  if (!Array.isArray(payload)) return undefined;
  const set = new StringSet();
  for (let at = 0; at < payload.length; at++) {
    if (typeof payload[at] !== 'string') return undefined;
    set.add(payload[at]);
  }
  return set;
}

function decodeNumberSet(payload: unknown): NumberSet | undefined {
  if (!Array.isArray(payload)) return undefined;
  const set = new NumberSet();
  for (let at = 0; at < payload.length; at++) {
    const value = decodeNumeric(payload[at]);
    if (value === undefined) return undefined;
    set.add(value);
  }
  return set;
}

function decodeBinarySet(payload: unknown): BinarySet | undefined {
  if (!Array.isArray(payload)) return undefined;
  const set = new BinarySet();
  for (let at = 0; at < payload.length; at++) {
    const bytes = decodeBinary(payload[at]);
    if (bytes === undefined) return undefined;
    set.add(bytes);
  }
  return set;
}

/** Appends an issue for each malformed place of a decoded value. */
export function findMalformed(
  value: DecodedValue,
  path: readonly (string | number)[],
  issues: Issue[],
): void {
  if (value instanceof Malformed) {
    issues.push({ path, code: 'type', expected: value.expected, received: describeWire(value.wire) });
  } else if (Array.isArray(value)) {
    for (let at = 0; at < value.length; at++) findMalformed(value[at], [...path, at], issues);
  } else if (isPlainObject(value)) {
    for (const name of Object.keys(value)) findMalformed(value[name], [...path, name], issues);
  }
}
