import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { LogEntry } from '../../../src/lambda/logs/join.js';
import { createLogAccount } from '../../../src/lambda/logs/totals.js';

const batch = (requestId: string, status?: string): LogEntry => ({
  type: 'batch',
  at: 0,
  requestId,
  records: 1,
  undecodable: 0,
  failures: 0,
  retried: 0,
  decodeMs: null,
  batchMs: null,
  iteratorAgeMs: null,
  durationMs: null,
  billedMs: null,
  memoryMb: null,
  maxMemoryMb: null,
  ...(status === undefined ? {} : { status }),
});
const error = (kind: 'error' | 'timeout' | 'handler' | 'undecodable', requestId?: string): LogEntry => ({
  type: 'error',
  at: 0,
  kind,
  ...(requestId === undefined ? {} : { requestId }),
  message: 'x',
});

it('counts an error line only where no batch does, in any order', () => {
  const entries = [
    batch('ended', 'timeout'),
    error('timeout', 'ended'),
    error('error', 'ended'),
    batch('fine'),
    error('error', 'fine'),
    error('handler', 'fine'),
    error('undecodable', 'fine'),
    // Of an old text report, which has no status.
    error('timeout', 'silent'),
    batch('silent'),
    error('error'),
  ];
  fc.assert(
    fc.property(fc.shuffledSubarray(entries, { minLength: entries.length }), (shuffled) => {
      const account = createLogAccount();
      for (const entry of shuffled) account.add(entry);
      expect(account.totals).toMatchObject({ batches: 3, unfinished: 1, otherErrors: 3 });
    }),
  );
});
