import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PendingRecord } from '../../../src/local/mappings/pending-record.js';
import { type CallResult, processBatch } from '../../../src/local/mappings/process-batch.js';

const NOW = 1_700_000_000;
const DEFAULTS = { bisect: false, maxRetries: 2, maxRecordAge: -1, reportsItemFailures: false };

const record = (id: number, createdAt = NOW): PendingRecord => ({
  sequenceNumber: String(id),
  json: JSON.stringify({ id }),
  bytes: 10,
  createdAt,
  key: String(id),
});
const batch = (count: number): PendingRecord[] => Array.from({ length: count }, (_, id) => record(id));

interface Trace {
  readonly calls: number[][];
  readonly done: number[];
  readonly discarded: { ids: number[]; condition: string; invokeCount: number }[];
  readonly backOffs: number[];
  readonly results: string[];
}

/** Runs a batch against a function that gets the ids of each call. */
async function run(
  records: readonly PendingRecord[],
  settings: Partial<typeof DEFAULTS>,
  answer: (ids: number[], call: number) => 'fail' | 'unavailable' | unknown,
): Promise<Trace> {
  const trace: Trace = { calls: [], done: [], discarded: [], backOffs: [], results: [] };
  const idsOf = (some: readonly PendingRecord[]): number[] =>
    some.map(({ sequenceNumber }) => Number(sequenceNumber));
  await processBatch(
    records,
    { ...DEFAULTS, ...settings },
    {
      async call(event): Promise<CallResult> {
        const { Records } = JSON.parse(Buffer.from(event).toString()) as { Records: { id: number }[] };
        const ids = Records.map(({ id }) => id);
        trace.calls.push(ids);
        const value = answer(ids, trace.calls.length);
        if (value === 'unavailable') return { type: 'unavailable', reason: 'gone' };
        if (value === 'fail') return { type: 'failed', requestId: 'r' };
        return { type: 'answered', requestId: 'r', payload: Buffer.from(JSON.stringify(value) ?? '') };
      },
      backOff: async (failures) => void trace.backOffs.push(failures),
      now: () => NOW * 1000,
      onDone: async (some) => void trace.done.push(...idsOf(some)),
      onDiscarded: async ({ records: some, condition, invokeCount }) =>
        void trace.discarded.push({ ids: idsOf(some), condition, invokeCount }),
      onResult: (result) => void trace.results.push(result),
    },
  );
  return trace;
}

describe('taking a batch to its end', () => {
  it('calls once when all goes well', async () => {
    const { calls, done, results } = await run(batch(3), {}, () => null);
    expect({ calls, done, results }).toStrictEqual({ calls: [[0, 1, 2]], done: [0, 1, 2], results: ['OK'] });
  });

  it('gives a batch up after its retries, counting every call', async () => {
    const trace = await run(batch(2), { maxRetries: 2 }, () => 'fail');
    expect(trace).toStrictEqual({
      calls: [
        [0, 1],
        [0, 1],
        [0, 1],
      ],
      done: [0, 1],
      discarded: [{ ids: [0, 1], condition: 'RetryAttemptsExhausted', invokeCount: 3 }],
      backOffs: [1, 2],
      results: Array(3).fill('PROBLEM: Function call failed'),
    });
  });

  it('isolates a poison record by splitting, without using up its retries', async () => {
    const { calls, discarded } = await run(batch(4), { bisect: true, maxRetries: 1 }, (ids) =>
      ids.includes(2) ? 'fail' : null,
    );
    expect(calls).toStrictEqual([[0, 1, 2, 3], [0, 1], [2, 3], [2], [2], [3]]);
    expect(discarded).toStrictEqual([{ ids: [2], condition: 'RetryAttemptsExhausted', invokeCount: 4 }]);
  });

  it('goes on from the lowest record that the function reports', async () => {
    const { calls, done } = await run(batch(5), { reportsItemFailures: true }, (_ids, call) =>
      call === 1
        ? { batchItemFailures: [{ itemIdentifier: '4' }, { itemIdentifier: '2' }] }
        : { batchItemFailures: [] },
    );
    expect({ calls, done }).toStrictEqual({
      calls: [
        [0, 1, 2, 3, 4],
        [2, 3, 4],
      ],
      done: [0, 1, 2, 3, 4],
    });
  });

  it.each([
    ['an unknown record', [{ itemIdentifier: '99' }]],
    ['no record', [{}]],
    ['an empty name', [{ itemIdentifier: '' }]],
    ['something that is no list', 'x'],
  ])('takes a report of %s as a failure of the whole batch', async (_what, batchItemFailures) => {
    const { calls } = await run(batch(2), { reportsItemFailures: true }, (_ids, call) =>
      call === 1 ? { batchItemFailures } : null,
    );
    expect(calls).toStrictEqual([
      [0, 1],
      [0, 1],
    ]);
  });

  it('ignores reports when the mapping does not ask for them', async () => {
    const { calls } = await run(batch(2), {}, () => ({ batchItemFailures: [{ itemIdentifier: '0' }] }));
    expect(calls).toHaveLength(1);
  });

  it('discards what is too old, and calls with the rest', async () => {
    const records = [record(0, NOW - 100), record(1, NOW - 61), record(2, NOW - 10)];
    const { calls, discarded, done } = await run(records, { maxRecordAge: 60 }, () => null);
    expect({ calls, discarded, done }).toStrictEqual({
      calls: [[2]],
      discarded: [{ ids: [0, 1], condition: 'RecordAgeExceeded', invokeCount: 0 }],
      done: [0, 1, 2],
    });
  });

  it('waits for a function that cannot be called, without using up retries', async () => {
    const { calls, discarded, backOffs, results } = await run(batch(1), { maxRetries: 0 }, (_ids, call) =>
      call < 4 ? 'unavailable' : null,
    );
    expect({ calls: calls.length, discarded, backOffs }).toStrictEqual({
      calls: 4,
      discarded: [],
      backOffs: [1, 2, 3],
    });
    expect(results).toStrictEqual([...Array(3).fill('PROBLEM: gone'), 'OK']);
  });

  it('finishes every record exactly once and in order, whatever the function does', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 12 }),
        fc.record({
          bisect: fc.boolean(),
          maxRetries: fc.integer({ min: 0, max: 3 }),
          reportsItemFailures: fc.boolean(),
        }),
        fc.infiniteStream(fc.nat(20)),
        async (count, settings, random) => {
          const next = (): number => random.next().value ?? 0;
          const { done, calls } = await run(batch(count), settings, (ids) => {
            const choice = next();
            if (choice < 5) return 'fail';
            if (choice < 6) return 'unavailable';
            if (choice < 12)
              return { batchItemFailures: [{ itemIdentifier: String(ids[next() % ids.length]) }] };
            return null;
          });
          expect(done).toStrictEqual(batch(count).map((_, id) => id));
          for (const ids of calls) expect(ids).toStrictEqual([...ids].sort((a, b) => a - b));
        },
      ),
      { numRuns: 300 },
    );
  });
});
