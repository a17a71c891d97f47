import fc from 'fast-check';
import { describe, it } from 'vitest';
import { checkLife } from './simulator/check-life.js';

const LIVES = Number(process.env.STREAM_LIVES ?? 1_000);

describe('a tail over a simulated stream', () => {
  it('shows every change once and in order, and reports every loss', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 2 ** 31 - 1 }), async (seed) => checkLife(seed)),
      { numRuns: LIVES, endOnFailure: true },
    );
  });
});
