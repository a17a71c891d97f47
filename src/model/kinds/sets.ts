// Fields of the three set types, as plain Sets. A set's members share one type, so one bad member is an issue of the
// whole set.
import { decodeBinary, decodeNumeric } from '../decode-image.js';
import { FAILED, type Failed, type Field, fieldOf, payloadKind } from '../field.js';

/** SS as a Set of strings. */
export function stringSet(attribute?: string): Field<Set<string>> {
  return setField('SS', 'SS', (member) => (typeof member === 'string' ? member : FAILED), 'type', attribute);
}

/** NS as a Set of numbers, refused where a member does not fit a double. */
export function numberSet(attribute?: string): Field<Set<number>> {
  const read = (member: unknown): number | Failed => {
    const value = decodeNumeric(member);
    return typeof value === 'number' ? value : FAILED;
  };
  const refusal = (payload: unknown): string =>
    Array.isArray(payload) && payload.every((member) => decodeNumeric(member) !== undefined)
      ? 'range'
      : 'parse';
  return setField('NS', 'NS (numbers that doubles hold)', read, refusal, attribute);
}

/** BS as a Set of bytes. */
export function binarySet(attribute?: string): Field<Set<Uint8Array>> {
  return setField('BS', 'BS', (member) => decodeBinary(member) ?? FAILED, 'parse', attribute);
}

function setField<T>(
  tag: string,
  expected: string,
  read: (member: unknown) => T | Failed,
  refusal: 'type' | 'parse' | ((payload: unknown) => string),
  attribute: string | undefined,
): Field<Set<T>> {
  const fromPayload = (payload: unknown): Set<T> | Failed => {
    if (!Array.isArray(payload)) return FAILED;
    const set = new Set<T>();
    for (let at = 0; at < payload.length; at++) {
      const value = read(payload[at]);
      if (value === FAILED) return FAILED;
      set.add(value);
    }
    return set;
  };
  return fieldOf(payloadKind({ tag, expected, fromPayload, refusal, zero: () => new Set<T>() }), attribute);
}
