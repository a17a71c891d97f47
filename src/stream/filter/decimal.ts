// Exact order of two decimal texts, without a number type: DynamoDB's numbers have up to 38 digits.

const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;

interface Decimal {
  readonly digits: bigint;
  readonly exponent: number;
}

/** Below, at or above zero as `a` is less than, equal to or more than `b`; undefined when one is not a number. */
export function compareDecimals(a: string, b: string): number | undefined {
  const left = Number(a);
  const right = Number(b);
  if (a === '' || b === '' || Number.isNaN(left) || Number.isNaN(right)) return undefined;
  // Rounding to a double keeps order, so only a tie can hide a difference.
  if (left !== right) return left < right ? -1 : 1;
  if (a === b) return 0;
  const exactLeft = parseDecimal(a);
  const exactRight = parseDecimal(b);
  if (exactLeft === undefined || exactRight === undefined) return undefined;
  const exponent = Math.min(exactLeft.exponent, exactRight.exponent);
  const difference = scaled(exactLeft, exponent) - scaled(exactRight, exponent);
  return difference === 0n ? 0 : difference < 0n ? -1 : 1;
}

function parseDecimal(text: string): Decimal | undefined {
  const match = DECIMAL.exec(text);
  const [, sign, whole = '', fraction = '', exponent = '0'] = match ?? [];
  // DynamoDB's exponents end at ±125 (and 38 digits): a longer one is no number of its, and would cost memory here.
  if (match === null || whole + fraction === '' || Math.abs(Number(exponent)) > 400) return undefined;
  const digits = BigInt(whole + fraction);
  return { digits: sign === '-' ? -digits : digits, exponent: Number(exponent) - fraction.length };
}

function scaled({ digits, exponent }: Decimal, to: number): bigint {
  return digits * 10n ** BigInt(exponent - to);
}
