import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstDifference } from '../../../src/bench/decode/equal.js';
import { measureRounds, quantile, ratioOf, timingOf } from '../../../src/bench/decode/rounds.js';
import { DecimalNumber, StringSet } from '../../../src/model/index.js';

describe('measureRounds', () => {
  it('lets every case run in every round, first in turn, and compares them round by round', async () => {
    let now = 0;
    const order: string[] = [];
    const taking = (name: 'a' | 'b', ms: () => number) => ({
      name,
      run: () => {
        order.push(name);
        now += ms();
      },
    });
    // The machine is ten times slower in the second half: the ratio does not show it.
    const slowness = () => (order.length > 20 ? 10 : 1);
    const measured = await measureRounds(
      [taking('a', () => 2 * slowness()), taking('b', () => 5 * slowness())],
      {
        now: () => now,
        budgetMs: 0,
        minRounds: 10,
        maxRounds: 20,
        batchesPerRound: 2,
        breathe: async () => undefined,
      },
    );
    expect(order.slice(0, 8).join('')).toBe('aabbbbaa');
    expect(measured.rounds).toBe(8);
    expect(measured.samplesUs.a).toHaveLength(16);
    expect(ratioOf(measured, 'a', 'b')).toBe(2.5);
    expect(timingOf(measured.samplesUs.a, 100)).toMatchObject({ batches: 16, maxUs: 20_000 });
  });

  it('stops at its budget', async () => {
    let now = 0;
    const measured = await measureRounds([{ name: 'a', run: () => (now += 10) }], {
      now: () => now,
      budgetMs: 95,
      minRounds: 1,
      maxRounds: 1000,
      batchesPerRound: 1,
      breathe: async () => undefined,
    });
    expect(measured.rounds).toBe(8);
  });
});

describe('quantile', () => {
  it('lies between its neighbours, and ends at the extremes', () => {
    expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5);
    expect(quantile([], 0.5)).toBeNaN();
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1 }),
        fc.integer({ min: 0, max: 100 }),
        (values, percent) => {
          const found = quantile(values, percent / 100);
          expect(found).toBeGreaterThanOrEqual(Math.min(...values));
          expect(found).toBeLessThanOrEqual(Math.max(...values));
          expect(quantile(values, 1)).toBe(Math.max(...values));
        },
      ),
    );
  });
});

describe('firstDifference', () => {
  it('finds none between the value types of two decoders', () => {
    const ours = { s: new StringSet(['a']), n: new DecimalNumber('9007199254740993'), list: [1, null] };
    const theirs = { s: new Set(['a']), n: 9007199254740993n, list: [1, null] };
    expect(firstDifference(ours, theirs)).toBeUndefined();
  });

  it.each([
    [{ a: [1] }, { a: [2] }, '.a.0'],
    [{ a: { b: 1 } }, { a: { c: 1 } }, '.a.b'],
    [{ a: 1 }, { a: 1, b: 2 }, ''],
    [{ a: 1 }, { a: 2n }, '.a'],
    [{ a: new Uint8Array([1]) }, { a: [1] }, '.a'],
    [{ a: new DecimalNumber('1.5') }, { a: 1.6 }, '.a'],
  ])('names where %o and %o part', (ours, theirs, path) => {
    expect(firstDifference(ours, theirs)).toBe(path);
  });
});
