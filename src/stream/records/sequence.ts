// Sequence numbers are decimal text of 21 digits and more: too long for a double, and not always of one length, so
// neither Number nor string order compares them. Length, then text, of the digits without leading zeros does.

/** Negative, zero or positive as `a` is below, equal to or above `b`, as integers. */
export function compareSequences(a: string, b: string): number {
  const left = a.charCodeAt(0) === 48 ? withoutLeadingZeros(a) : a;
  const right = b.charCodeAt(0) === 48 ? withoutLeadingZeros(b) : b;
  if (left.length !== right.length) return left.length - right.length;
  return left === right ? 0 : left < right ? -1 : 1;
}

function withoutLeadingZeros(digits: string): string {
  let start = 0;
  while (start < digits.length - 1 && digits.charCodeAt(start) === 48) start += 1;
  return digits.slice(start);
}
