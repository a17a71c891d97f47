// Equality of what two decoders made of one image, across their value types: a set is a set, a number too large for a
// double may be a bigint here and a DecimalNumber there.
import { DecimalNumber } from '../../model/decimal.js';

/** The path of the first difference between two decoded values, undefined where they are equal. */
export function firstDifference(ours: unknown, theirs: unknown, path = ''): string | undefined {
  if (ours instanceof DecimalNumber) return ours.equals(theirs) ? undefined : path;
  if (typeof theirs === 'bigint') return BigInt(ours as number) === theirs ? undefined : path;
  if (typeof ours !== 'object' || typeof theirs !== 'object' || ours === null || theirs === null) {
    return Object.is(ours, theirs) ? undefined : path;
  }
  if (ours instanceof Set && theirs instanceof Set) return firstDifference([...ours], [...theirs], path);
  if (isBinary(ours) !== isBinary(theirs) || Array.isArray(ours) !== Array.isArray(theirs)) return path;
  const names = Object.keys(ours);
  if (names.length !== Object.keys(theirs).length) return path;
  for (const name of names) {
    if (!Object.hasOwn(theirs, name)) return `${path}.${name}`;
    // Casts: both were found to be objects, and the name is one of theirs.
    const found = firstDifference(
      (ours as Record<string, unknown>)[name],
      (theirs as Record<string, unknown>)[name],
      `${path}.${name}`,
    );
    if (found !== undefined) return found;
  }
  return undefined;
}

function isBinary(value: object): boolean {
  return value instanceof Uint8Array;
}
