// Fields of the types that hold one value: text, numbers in five precisions, booleans, bytes.
import { decodeNumber, normalizeDecimal } from '../decimal.js';
import { decodeBinary, decodeNumeric } from '../decode-image.js';
import { FAILED, type Failed, type Field, fieldOf, payloadKind } from '../field.js';

/** S as a string. */
export function string(attribute?: string): Field<string> {
  return fieldOf(
    payloadKind({
      tag: 'S',
      expected: 'S',
      fromPayload: textFromPayload,
      refusal: 'type',
      zero: () => '',
    }),
    attribute,
  );
}

export function textFromPayload(payload: unknown): string | Failed {
  return typeof payload === 'string' ? payload : FAILED;
}

/** N as a number from -2147483648 to 2147483647 without a fraction. */
export function int32(attribute?: string): Field<number> {
  return fieldOf(numberKind('N (32-bit integer)', int32FromPayload), attribute);
}

export function int32FromPayload(payload: unknown): number | Failed {
  if (typeof payload !== 'string') return FAILED;
  const value = decodeNumber(payload);
  return typeof value === 'number' && (value | 0) === value ? value : FAILED;
}

/** N as an integer that a JS number holds exactly, up to ±9007199254740991. */
export function integer(attribute?: string): Field<number> {
  const fromPayload = (payload: unknown): number | Failed => {
    const value = decodeNumeric(payload);
    return typeof value === 'number' && Number.isSafeInteger(value) ? value : FAILED;
  };
  return fieldOf(numberKind('N (safe integer)', fromPayload), attribute);
}

/** N as a number, refused where a double would not give the same decimal back. */
export function number(attribute?: string): Field<number> {
  const fromPayload = (payload: unknown): number | Failed => {
    const value = decodeNumeric(payload);
    return typeof value === 'number' ? value : FAILED;
  };
  return fieldOf(numberKind('N (a number that a double holds)', fromPayload), attribute);
}

/** N as a bigint, of up to 126 digits. */
export function bigint(attribute?: string): Field<bigint> {
  const fromPayload = (payload: unknown): bigint | Failed => {
    const text = decimalText(payload);
    return text === undefined || text.includes('.') ? FAILED : BigInt(text);
  };
  return fieldOf(
    payloadKind({
      tag: 'N',
      expected: 'N (integer)',
      fromPayload,
      refusal: numberRefusal,
      zero: () => 0n,
    }),
    attribute,
  );
}

/** N as decimal text in DynamoDB's normal form, for amounts that arithmetic on doubles would change. */
export function decimal(attribute?: string): Field<string> {
  return fieldOf(
    payloadKind({
      tag: 'N',
      expected: 'N',
      fromPayload: (payload) => decimalText(payload) ?? FAILED,
      refusal: numberRefusal,
      zero: () => '0',
    }),
    attribute,
  );
}

/** BOOL. */
export function boolean(attribute?: string): Field<boolean> {
  return fieldOf(
    payloadKind({
      tag: 'BOOL',
      expected: 'BOOL',
      fromPayload: (payload) => (typeof payload === 'boolean' ? payload : FAILED),
      refusal: 'type',
      zero: () => false,
    }),
    attribute,
  );
}

/** B as bytes. */
export function binary(attribute?: string): Field<Uint8Array> {
  return fieldOf(
    payloadKind({
      tag: 'B',
      expected: 'B',
      fromPayload: (payload) => decodeBinary(payload) ?? FAILED,
      refusal: 'parse',
      zero: () => new Uint8Array(),
    }),
    attribute,
  );
}

function numberKind(expected: string, fromPayload: (payload: unknown) => number | Failed) {
  return payloadKind({ tag: 'N', expected, fromPayload, refusal: numberRefusal, zero: () => 0 });
}

function decimalText(payload: unknown): string | undefined {
  const value = decodeNumeric(payload);
  // A double below 1E-6 or from 1E21 prints with an exponent; the normal form has none.
  if (typeof value === 'number') return normalText(value, payload as string);
  return value?.text;
}

function normalText(value: number, payload: string): string | undefined {
  const text = String(value);
  return text === payload && !text.includes('e') ? text : normalizeDecimal(payload);
}

/** Text that is no number does not parse; a number that the kind cannot hold is out of its range. */
export function numberRefusal(payload: unknown): string {
  return decodeNumeric(payload) === undefined ? 'parse' : 'range';
}
