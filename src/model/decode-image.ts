// Wire images to JavaScript values, without loss and without a throw: the one generic decoder for both wire shapes.
import { bytesFromBase64 } from './base64.js';
import type { DecodedItem, DecodedValue, Issue } from './change.js';
import { type DecimalNumber, decodeNumber } from './decimal.js';
import { describeWire } from './issue.js';
import { BinarySet, isPlainObject, Malformed, NumberSet, StringSet, setOwn } from './values.js';

/** DynamoDB nests 32 levels. The rest is room, and what is deeper is cut off before the stack would be. */
export const MAX_DEPTH = 100;

const ATTRIBUTE_VALUE = 'an attribute value';

type WireObject = Record<string, unknown>;

/**
 * Decodes an image (attribute map) of either wire shape. S: string. N: number, or `DecimalNumber` where no double holds
 * it. B: `Uint8Array`. BOOL: boolean. NULL: null. L: array. M: object. SS, NS, BS: `StringSet`, `NumberSet`, `BinarySet`.
 * What is not an attribute value becomes `Malformed`, which `encodeImage` gives back as it was. Never throws: something
 * that is not a map at all gives an empty item. Every such place is appended to `issues` where that is given.
 */
export function decodeImage(image: unknown, issues?: Issue[]): DecodedItem {
  const whole = decodeMap(image, 0);
  if (whole instanceof Malformed) {
    issues?.push({ path: [], code: 'type', expected: whole.expected, received: describeWire(image) });
    return {};
  }
  if (issues !== undefined) findMalformed(whole, [], issues);
  return whole;
}

/** Decodes one attribute value: see `decodeImage`. */
export function decodeValue(wire: unknown, depth = 0): DecodedValue {
  if (typeof wire !== 'object' || wire === null) return new Malformed(wire, ATTRIBUTE_VALUE);
  let found: string | undefined;
  for (const tag in wire) {
    // The SDK's union type allows the other members to be there as undefined.
    if ((wire as WireObject)[tag] === undefined) continue;
    if (found !== undefined) return new Malformed(wire, ATTRIBUTE_VALUE);
    found = tag;
  }
  if (found === undefined) return new Malformed(wire, ATTRIBUTE_VALUE);
  return decodePayload(wire as WireObject, found, depth);
}

function decodePayload(wire: WireObject, tag: string, depth: number): DecodedValue {
  const payload = wire[tag];
  switch (tag) {
    case 'S':
      return typeof payload === 'string' ? payload : new Malformed(wire, 'S with text');
    case 'N':
      return decodeNumeric(payload) ?? new Malformed(wire, 'N with the text of a number');
    case 'BOOL':
      return typeof payload === 'boolean' ? payload : new Malformed(wire, 'BOOL with true or false');
    case 'M':
      return decodeMap(payload, depth + 1, wire);
    case 'L':
      return decodeList(wire, payload, depth + 1);
    case 'NULL':
      return payload === true ? null : new Malformed(wire, 'NULL with true');
    case 'B':
      return decodeBinary(payload) ?? new Malformed(wire, 'B with bytes or base64');
    case 'SS':
      return decodeSet(wire, payload, new StringSet(), decodeText, 'SS with texts');
    case 'NS':
      return decodeSet(wire, payload, new NumberSet(), decodeNumeric, 'NS with texts of numbers');
    case 'BS':
      return decodeSet(wire, payload, new BinarySet(), decodeBinary, 'BS with bytes or base64');
    default:
      return new Malformed(wire, ATTRIBUTE_VALUE);
  }
}

function decodeMap(map: unknown, depth: number, wire: unknown = map): DecodedItem | Malformed {
  if (typeof map !== 'object' || map === null || Array.isArray(map)) return new Malformed(wire, 'a map');
  if (depth > MAX_DEPTH) return new Malformed(wire, `at most ${MAX_DEPTH} levels`);
  const item: DecodedItem = {};
  for (const name in map) {
    // Cast: the map was just found to be an object; its values are checked one by one.
    const value = decodeValue((map as WireObject)[name], depth);
    if (name === '__proto__') setOwn(item, name, value);
    else item[name] = value;
  }
  return item;
}

function decodeList(wire: WireObject, payload: unknown, depth: number): DecodedValue {
  if (!Array.isArray(payload)) return new Malformed(wire, 'L with a list');
  if (depth > MAX_DEPTH) return new Malformed(wire, `at most ${MAX_DEPTH} levels`);
  const list: DecodedValue[] = [];
  for (let at = 0; at < payload.length; at++) list.push(decodeValue(payload[at], depth));
  return list;
}

/** The bytes of either shape of binary: base64 text in Lambda's event, bytes from the SDK. */
export function decodeBinary(payload: unknown): Uint8Array | undefined {
  if (typeof payload === 'string') return bytesFromBase64(payload);
  return payload instanceof Uint8Array ? payload : undefined;
}

function decodeText(payload: unknown): string | undefined {
  return typeof payload === 'string' ? payload : undefined;
}

/** A payload of N as a value: undefined for what is no number. */
export function decodeNumeric(payload: unknown): number | DecimalNumber | undefined {
  return typeof payload === 'string' ? decodeNumber(payload) : undefined;
}

function decodeSet<T>(
  wire: WireObject,
  payload: unknown,
  set: Set<T>,
  decodeMember: (member: unknown) => T | undefined,
  members: string,
): Set<T> | Malformed {
  if (Array.isArray(payload)) {
    let at = 0;
    for (; at < payload.length; at++) {
      const member = decodeMember(payload[at]);
      if (member === undefined) break;
      set.add(member);
    }
    if (at === payload.length) return set;
  }
  return new Malformed(wire, members);
}

/** Appends an issue for each malformed place. A second walk, so that decoding itself carries no paths. */
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
