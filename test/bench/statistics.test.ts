import fc from 'fast-check';
import { expect, it } from 'vitest';
import { quantile, summarize } from '../../src/bench/statistics.js';

it('summarises a known sample', () => {
  const sample = Array.from({ length: 100 }, (_, i) => 100 - i);
  expect(summarize(sample)).toStrictEqual({ count: 100, min: 1, p50: 50, p90: 90, p99: 99, max: 100 });
});

it('has nothing to say of an empty sample', () => {
  expect(summarize([])).toBeUndefined();
});

it('agrees with the definition of the nearest rank', () => {
  const samples = fc.array(fc.double({ noNaN: true }), { minLength: 1 });
  fc.assert(
    fc.property(samples, fc.double({ min: 0, max: 1, noNaN: true }), (sample, q) => {
      const sorted = Float64Array.from(sample).sort();
      const value = quantile(sorted, q);
      const atOrBelow = sample.filter((x) => x <= value).length;
      const below = sample.filter((x) => x < value).length;
      expect(sample).toContain(value);
      expect(atOrBelow).toBeGreaterThanOrEqual(q * sample.length);
      expect(below === 0 || below < q * sample.length).toBe(true);
    }),
  );
});
