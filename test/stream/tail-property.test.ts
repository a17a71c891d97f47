import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkLife } from './simulator/check-life.js';

const LIVES = Number(process.env.STREAM_LIVES ?? 1_000);
/** The same lives at every run; STREAM_SEED draws others, to search for what these do not hold. */
const SEED = Number(process.env.STREAM_SEED ?? 20_261_123);

describe('a tail over a simulated stream', () => {
  it('shows every change once and in order, and reports every loss', { timeout: 300_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 2 ** 31 - 1 }), async (seed) => checkLife(seed)),
      { numRuns: LIVES, seed: SEED, endOnFailure: true },
    );
  });

  // Lives in which an earlier reader lost a change, lost the order, or left too late.
  it.each([511_325_510, 641_956_110, 1_521_583_148, 1_508_321_916, 1_731_870_787, 2_066_241_352])(
    'holds in life %i',
    async (seed) => {
      await expect(checkLife(seed)).resolves.toBeUndefined();
    },
  );
});
