import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareDecimals } from '../../../src/stream/filter/decimal.js';

describe('compareDecimals', () => {
  it('orders as exact integers at every scale', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 37n), max: 10n ** 37n }),
        fc.bigInt({ min: -3n, max: 3n }),
        (base, step) => {
          const other = base + step;
          const expected = step === 0n ? 0 : step > 0n ? -1 : 1;
          expect(compareDecimals(String(base), String(other))).toBe(expected);
          expect(compareDecimals(`${base}e-20`, `${other}e-20`)).toBe(expected);
        },
      ),
    );
  });

  it('finds forms of one number equal', () => {
    expect(compareDecimals('1e2', '100.00')).toBe(0);
    expect(compareDecimals('-0', '0')).toBe(0);
  });

  it('has no order for what is not a number', () => {
    expect(compareDecimals('abc', '1')).toBeUndefined();
    expect(compareDecimals('', '0')).toBeUndefined();
  });
});
