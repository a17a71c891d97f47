import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { QuantileSketch } from '../../../src/stream/ledger/quantile-sketch.js';

/** The value at rank ceil(q × count). */
function oracle(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(1, Math.ceil(q * sorted.length)) - 1] ?? Number.NaN;
}

describe('the quantile sketch', () => {
  it('is within 1 % of the sorted values, or below 1 as they are', () => {
    const value = fc.oneof(fc.nat(100), fc.double({ min: 0, max: 86_400_000, noNaN: true }));
    const q = fc.constantFrom(0.01, 0.5, 0.9, 0.99, 1);
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 300 }), q, (values, q) => {
        const sketch = new QuantileSketch();
        for (const v of values) sketch.add(v);
        const exact = oracle(values, q);
        const found = sketch.quantile(q) ?? Number.NaN;
        if (exact < 1) expect(found).toBe(0);
        else expect(Math.abs(found - exact) / exact).toBeLessThanOrEqual(0.0101);
      }),
    );
  });

  it('counts a weight as so many values', () => {
    const sketch = new QuantileSketch();
    sketch.add(0, 98);
    sketch.add(1_000, 2);
    expect(sketch.quantile(0.98)).toBe(0);
    expect(Math.abs((sketch.quantile(0.99) ?? 0) - 1_000)).toBeLessThan(10.1);
  });

  it('has no quantile of nothing', () => {
    expect(new QuantileSketch().quantile(0.5)).toBeNull();
  });
});
