// Fields that read more out of a scalar than its type says: dates, JSON text, literals, enumerations; and `unknown`.
import type { DecodedValue, Issue } from '../change.js';
import { decodeNumeric, decodeValue, findMalformed } from '../decode-image.js';
import { FAILED, type Failed, type Field, fieldOf, type Kind, payloadKind } from '../field.js';
import { numberRefusal } from './scalars.js';

const ISO_DATE =
  /^\d{4}-(?:0[1-9]|1[0-2])-(\d{2})(?:T(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:[.,]\d+)?)?(?:Z|[+-](?:[01]\d|2[0-3]):?[0-5]\d))?$/;

/** S with an ISO 8601 date (UTC) or date and time with its zone, as a Date. Digits after the millisecond are dropped. */
export function isoDate(attribute?: string): Field<Date> {
  return fieldOf(
    payloadKind({
      tag: 'S',
      expected: 'S (ISO 8601 date)',
      fromPayload: (payload) => (typeof payload === 'string' ? dateFromIso(payload) : FAILED),
      refusal: 'parse',
      zero: () => new Date(0),
    }),
    attribute,
  );
}

function dateFromIso(text: string): Date | Failed {
  const match = ISO_DATE.exec(text);
  if (match === null) return FAILED;
  // JavaScript carries 30 February over to March: a day that the month does not have shows as another day.
  const day = new Date(`${text.slice(0, 10)}T00:00:00Z`);
  if (day.getUTCDate() !== Number(match[1])) return FAILED;
  const date = new Date(text.replace(',', '.').replace(/([+-]\d\d)(\d\d)$/, withColon));
  return Number.isNaN(date.getTime()) ? FAILED : date;
}

// A plain date ends in digits that look like an offset (-12-31 does not: its sign is followed by two digits only).
function withColon(_whole: string, hours: string, minutes: string): string {
  return `${hours}:${minutes}`;
}

/** N with seconds since 1970, as DynamoDB's time to live has them, as a Date. */
export function epochSeconds(attribute?: string): Field<Date> {
  return epoch('N (epoch seconds)', 1000, attribute);
}

/** N with milliseconds since 1970, as a Date. */
export function epochMillis(attribute?: string): Field<Date> {
  return epoch('N (epoch milliseconds)', 1, attribute);
}

function epoch(expected: string, unitMs: number, attribute: string | undefined): Field<Date> {
  const fromPayload = (payload: unknown): Date | Failed => {
    const value = decodeNumeric(payload);
    if (typeof value !== 'number') return FAILED;
    const date = new Date(value * unitMs);
    return Number.isNaN(date.getTime()) ? FAILED : date;
  };
  return fieldOf(
    payloadKind({ tag: 'N', expected, fromPayload, refusal: numberRefusal, zero: () => new Date(0) }),
    attribute,
  );
}

/** S with JSON text, parsed. The type is the caller's word: nothing but the syntax is checked. */
export function jsonText<T = unknown>(attribute?: string): Field<T> {
  const fromPayload = (payload: unknown): T | Failed => {
    if (typeof payload !== 'string') return FAILED;
    try {
      return JSON.parse(payload) as T;
    } catch {
      return FAILED;
    }
  };
  return fieldOf(
    // Cast: null is what JSON has for nothing, and only `lenient` asks for it.
    payloadKind({ tag: 'S', expected: 'S (JSON)', fromPayload, refusal: 'parse', zero: () => null as T }),
    attribute,
  );
}

type LiteralValue = string | number | boolean;

/** Exactly this text, number or boolean. */
export function literal<const V extends LiteralValue>(value: V, attribute?: string): Field<V> {
  return fieldOf(choice([value]), attribute);
}

/** One of these texts, numbers or booleans, all of one type. */
export function enumOf<const V extends readonly [LiteralValue, ...LiteralValue[]]>(
  values: V,
  attribute?: string,
): Field<V[number]> {
  return fieldOf<V[number]>(choice<V[number]>(values as readonly [V[number], ...V[number][]]), attribute);
}

function choice<V extends LiteralValue>(values: readonly [V, ...V[]]): Kind<V> {
  const type = typeof values[0];
  if (values.some((value) => typeof value !== type))
    throw new TypeError('the values of an enum have one type');
  const tag = type === 'string' ? 'S' : type === 'number' ? 'N' : 'BOOL';
  const allowed = new Set<unknown>(values);
  return payloadKind<V>({
    tag,
    expected: `${tag} ${values.map((value) => JSON.stringify(value)).join(' | ')}`,
    fromPayload: (payload) => {
      const value = tag === 'N' ? decodeNumeric(payload) : payload;
      // Cast: a member of the set is one of the values.
      return allowed.has(value) ? (value as V) : FAILED;
    },
    refusal: 'range',
    zero: () => values[0],
  });
}

/** Anything, decoded as `decodeImage` does it. */
export function unknown(attribute?: string): Field<DecodedValue> {
  const explain = (wire: unknown, path: readonly (string | number)[], issues: Issue[]): void => {
    findMalformed(decodeValue(wire), path, issues);
  };
  return fieldOf<DecodedValue>(
    {
      expected: 'an attribute value',
      read: (wire) => {
        const issues: Issue[] = [];
        const value = decodeValue(wire);
        findMalformed(value, [], issues);
        return issues.length === 0 ? value : FAILED;
      },
      explain,
      zero: () => null,
    },
    attribute,
  );
}
