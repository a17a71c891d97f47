import { Chalk } from 'chalk';
import { describe, expect, it } from 'vitest';
import type { RetryEvent } from '../../../src/stream/events.js';
import { createRetryDigest } from '../../../src/ui/tail/retry-digest.js';
import { SHARD } from './make-events.js';

function makeDigest() {
  let at = 1_000;
  const digest = createRetryDigest({ colors: new Chalk({ level: 0 }) }, () => at);
  const retry = (afterMs: number, overrides: Partial<RetryEvent> = {}): string[] => {
    at += afterMs;
    return digest.retry({
      type: 'retry',
      operation: 'GetRecords',
      shard: SHARD,
      error: 'ECONNREFUSED',
      attempt: 1,
      delayMs: 80,
      ...overrides,
    });
  };
  const recover = (afterMs: number): string[] =>
    digest.recovery({ type: 'recovery', shard: SHARD, afterMs, attempts: 3 });
  return { retry, recover };
}

const FIRST = '~ GetRecords of shard …864758bb: ECONNREFUSED, attempt 1, again in 80 ms';

describe('retries for people', () => {
  it('are a line each where they are rare', () => {
    const { retry } = makeDigest();
    expect(retry(0)).toStrictEqual([FIRST]);
    expect(retry(60_000)).toStrictEqual([FIRST]);
    expect(retry(60_000)).toStrictEqual([FIRST]);
  });

  it('are a line now and then in a storm, with what it counts so far', () => {
    const { retry } = makeDigest();
    const lines = Array.from({ length: 100 }, (_, i) => retry(100, { shard: `shardId-${i % 7}` })).flat();
    expect(lines).toStrictEqual([
      '~ GetRecords of shard …0: ECONNREFUSED, attempt 1, again in 80 ms',
      '~ ECONNREFUSED goes on: 21 retries of 7 shards in 2 s',
      '~ ECONNREFUSED goes on: 61 retries of 7 shards in 6 s',
    ]);
  });

  it('of different kinds do not hide one another', () => {
    const { retry } = makeDigest();
    expect(retry(0)).toHaveLength(1);
    expect(retry(10, { error: 'ThrottlingException' })).toHaveLength(1);
    expect(retry(10, { error: 'ThrottlingException' })).toHaveLength(0);
  });

  it('end with a line when reading goes on, told once', () => {
    const { retry, recover } = makeDigest();
    expect(recover(50)).toStrictEqual([]);
    retry(0);
    retry(500);
    expect(recover(12_000)).toStrictEqual(['✓ reading again after 2 retries in 12 s']);
    expect(recover(12_000)).toStrictEqual([]);
    expect(retry(500)).toStrictEqual([FIRST]);
  });
});
