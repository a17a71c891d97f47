// Fields of the three set types. A set's members share one type, so one bad member is an issue of the whole set.
import { decodeValue } from '../decode-image.js';
import { FAILED, type Field, fieldOf, type Kind, payloadKind } from '../field.js';
import { BinarySet, NumberSet, StringSet } from '../values.js';

/** SS as a Set of strings. */
export function stringSet(attribute?: string): Field<Set<string>> {
  const fromPayload = (payload: unknown) => {
    const set = decodeValue({ SS: payload });
    return set instanceof StringSet ? set : FAILED;
  };
  return fieldOf<Set<string>>(
    payloadKind<Set<string>>({
      tag: 'SS',
      expected: 'SS',
      fromPayload,
      refusal: 'type',
      zero: () => new StringSet(),
    }),
    attribute,
  );
}

/** NS as a Set of numbers, refused where a member does not fit a double. */
export function numberSet(attribute?: string): Field<Set<number>> {
  const decode = (payload: unknown): NumberSet | undefined => {
    const set = decodeValue({ NS: payload });
    return set instanceof NumberSet ? set : undefined;
  };
  const kind: Kind<Set<number>> = payloadKind<Set<number>>({
    tag: 'NS',
    expected: 'NS (numbers that doubles hold)',
    fromPayload: (payload) => {
      const set = decode(payload);
      return set !== undefined && hasOnlyNumbers(set) ? set : FAILED;
    },
    refusal: (payload) => (decode(payload) === undefined ? 'parse' : 'range'),
    zero: () => new Set<number>(),
  });
  return fieldOf(kind, attribute);
}

function hasOnlyNumbers(set: Set<unknown>): set is Set<number> {
  for (const member of set) if (typeof member !== 'number') return false;
  return true;
}

/** BS as a Set of bytes. */
export function binarySet(attribute?: string): Field<Set<Uint8Array>> {
  return fieldOf<Set<Uint8Array>>(
    payloadKind<Set<Uint8Array>>({
      tag: 'BS',
      expected: 'BS',
      fromPayload: (payload) => {
        const set = decodeValue({ BS: payload });
        return set instanceof BinarySet ? set : FAILED;
      },
      refusal: 'parse',
      zero: () => new BinarySet(),
    }),
    attribute,
  );
}
