import { expect, it } from 'vitest';
import { benchIngest } from '../../../src/bench/ingest/bench-ingest.js';

it('reads the whole backlog both ways and compares them', async () => {
  const result = await benchIngest({ records: 4_000, rounds: 1, signal: new AbortController().signal });
  expect(result.records).toBe(4_000);
  for (const figures of [result.tail, result.sdk]) {
    expect(figures.recordsPerSecond).toBeGreaterThan(0);
    expect(figures.peakMemoryMb).toBeGreaterThan(10);
  }
  expect(result.speedup).toBeCloseTo(result.tail.recordsPerSecond / result.sdk.recordsPerSecond, 5);
});
