// DynamoDB numbers: up to 38 significant digits and exponents from -130 to 125, so most do not fit a double. This module
// owns the choice between a JS number and decimal text, and the one normal form that both are compared in.

/** The longest significand DynamoDB stores. */
export const MAX_DIGITS = 38;
/** Exponents of the first significant digit that DynamoDB stores. */
const MAX_EXPONENT = 125;
const MIN_EXPONENT = -130;

const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,9}))?$/;

/** A number that no double holds exactly. It compares and prints as its decimal text. */
export class DecimalNumber {
  /** In DynamoDB's normal form: no exponent, no leading or trailing zeros. */
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  /** True for a number, bigint, text or `DecimalNumber` of the same numeric value. */
  equals(other: unknown): boolean {
    if (other instanceof DecimalNumber) return other.text === this.text;
    if (typeof other !== 'string' && typeof other !== 'number' && typeof other !== 'bigint') return false;
    return normalizeDecimal(String(other)) === this.text;
  }

  toString(): string {
    return this.text;
  }

  toJSON(): string {
    return this.text;
  }
}

/** The parts of a decimal text: `0.<digits> × 10^point`, digits without outer zeros and empty for zero. */
interface DecimalParts {
  readonly negative: boolean;
  readonly digits: string;
  readonly point: number;
}

function decimalParts(text: string): DecimalParts | undefined {
  const match = DECIMAL.exec(text);
  if (match === null) return undefined;
  const whole = match[2] ?? '';
  const fraction = match[3] ?? '';
  const all = whole + fraction;
  if (all === '') return undefined;
  let start = 0;
  while (start < all.length && all.charCodeAt(start) === 48) start++;
  if (start === all.length) return { negative: false, digits: '', point: 0 };
  let end = all.length;
  while (all.charCodeAt(end - 1) === 48) end--;
  const point = whole.length - start + Number(match[4] ?? 0);
  if (point - 1 > MAX_EXPONENT || point - 1 < MIN_EXPONENT) return undefined;
  return { negative: match[1] === '-', digits: all.slice(start, end), point };
}

/**
 * The text that DynamoDB gives back for a number: `1.50` is `1.5`, `1E3` is `1000`, `-0` is `0`.
 * `undefined` for what is not a number, or is out of DynamoDB's exponent range (which also bounds the result's length).
 */
export function normalizeDecimal(text: string): string | undefined {
  const parts = decimalParts(text);
  if (parts === undefined) return undefined;
  const { digits, point } = parts;
  if (digits === '') return '0';
  const sign = parts.negative ? '-' : '';
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  if (point >= digits.length) return sign + digits + '0'.repeat(point - digits.length);
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}

/** Numeric order of two decimal texts in normal form, as `Array.sort` wants it. */
export function compareDecimals(left: string, right: string): number {
  const a = decimalParts(left);
  const b = decimalParts(right);
  if (a === undefined || b === undefined) throw new TypeError('compareDecimals takes decimal texts');
  const signs = signOf(a) - signOf(b);
  if (signs !== 0) return Math.sign(signs);
  const size = a.point - b.point || (a.digits < b.digits ? -1 : a.digits > b.digits ? 1 : 0);
  return Math.sign(size) * signOf(a) + 0;
}

function signOf(parts: DecimalParts): number {
  return parts.digits === '' ? 0 : parts.negative ? -1 : 1;
}

/** Powers of ten that a double holds exactly, up to the longest fraction that is read without the slow path. */
const POWERS = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15] as const;

/**
 * The value of an `N` text: a JS number where the text comes back from it exactly, a `DecimalNumber` otherwise,
 * `undefined` for text that is no DynamoDB number.
 *
 * Up to 15 digits always come back from a double, and are read here without making another string: as an integer, which
 * is exact, over a power of ten, which is exact too, so that the quotient is the nearest double.
 */
export function decodeNumber(text: string): number | DecimalNumber | undefined {
  const length = text.length;
  if (length > 17) return decodeUncommonNumber(text);
  const first = length > 0 && text.charCodeAt(0) === 45 ? 1 : 0;
  let value = 0;
  let point = -1;
  for (let at = first; at < length; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (digit >= 0 && digit <= 9) value = value * 10 + digit;
    else if (digit === -2 && point === -1) point = at;
    else return decodeUncommonNumber(text);
  }
  const digits = length - first - (point === -1 ? 0 : 1);
  if (digits === 0 || digits > 15) return decodeUncommonNumber(text);
  // Cast: there are at most 15 digits after the point.
  if (point !== -1) value /= POWERS[length - 1 - point] as number;
  // Zero has no sign.
  return first === 1 && value !== 0 ? -value : value;
}

function decodeUncommonNumber(text: string): number | DecimalNumber | undefined {
  const value = Number(text);
  if (String(value) === text && Number.isFinite(value)) return value;
  const normal = normalizeDecimal(text);
  if (normal === undefined) return undefined;
  if (normal === '0') return 0;
  return normalizeDecimal(String(value)) === normal ? value : new DecimalNumber(normal);
}

/**
 * A decimal as a value for `encodeImage`, from text or a bigint.
 * Throws a RangeError for what DynamoDB cannot hold: over 38 significant digits, or an exponent out of range.
 */
export function decimalNumber(value: string | bigint): DecimalNumber {
  return new DecimalNumber(storableDecimal(String(value)));
}

/** `normalizeDecimal` that throws a RangeError naming the limit. */
export function storableDecimal(text: string): string {
  const normal = normalizeDecimal(text);
  if (normal === undefined) {
    throw new RangeError(
      `${text} is not a DynamoDB number (a decimal between 1E-130 and 9.9E+125, or its negative)`,
    );
  }
  if (normal.replace(/^-?0?\.?0*|\./g, '').replace(/0+$/, '').length > MAX_DIGITS) {
    throw new RangeError(`${text} has more than the ${MAX_DIGITS} significant digits that DynamoDB holds`);
  }
  return normal;
}
