import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LogEvent } from '../../../src/lambda/logs/event.js';
import { createJoiner, type LogEntry } from '../../../src/lambda/logs/join.js';
import { createLogAccount } from '../../../src/lambda/logs/totals.js';
import { LOG_START, logFixture } from './fixture.js';

function joinAll(events: readonly LogEvent[], since = 0): LogEntry[] {
  const joiner = createJoiner(since);
  return [...events.flatMap((event) => joiner.add(event)), ...joiner.flush()];
}

describe('joining', () => {
  it('makes one entry of a batch and its report', () => {
    const [, batch] = joinAll(logFixture());
    expect(batch).toStrictEqual({
      type: 'batch',
      at: LOG_START + 3,
      requestId: '11111111-e9a3-11e6-939a-754dd98c7be3',
      records: 100,
      undecodable: 0,
      failures: 0,
      retried: 0,
      decodeMs: 0.412,
      batchMs: 1.9,
      iteratorAgeMs: 1011,
      durationMs: 4.21,
      billedMs: 130,
      memoryMb: 256,
      maxMemoryMb: 71,
      initMs: 124.84,
    });
  });

  it('tells what every invocation came to', () => {
    const entries = joinAll(logFixture());
    expect(
      entries.map((entry) =>
        entry.type === 'batch'
          ? `batch ${entry.records} ${entry.status ?? 'ok'}`
          : `${entry.type} ${entry.type === 'error' ? entry.kind : ''}`.trim(),
      ),
    ).toStrictEqual([
      'change',
      'batch 100 ok',
      'log',
      'error undecodable',
      'batch 2 ok',
      'error handler',
      'batch 3 ok',
      'error timeout',
      'error crash',
      'batch 0 timeout',
      'batch 0 error',
    ]);
  });

  it('says a bad end once, when no line of its own explains it', () => {
    const report = logFixture().filter(({ message }) => message.includes('Status: timeout'));
    expect(joinAll(report)).toMatchObject([
      { type: 'batch', status: 'timeout', records: 0 },
      { type: 'error', kind: 'timeout', message: 'the invocation ended with status timeout' },
    ]);
  });

  it('leaves out a report whose batch was logged before the reading began', () => {
    const report = logFixture()[5];
    expect(report).toBeDefined();
    expect(joinAll(report === undefined ? [] : [report], LOG_START + 4)).toStrictEqual([]);
  });

  it('keeps apart two deliveries that share a request id', () => {
    const twice = [...logFixture().slice(3, 6), ...logFixture().slice(3, 6)];
    expect(joinAll(twice).filter(({ type }) => type === 'batch')).toHaveLength(2);
  });

  it('counts every batch exactly once, in whatever order and portions its lines come', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat({ max: 1000 }), { maxLength: 20 }),
        fc.infiniteStream(fc.nat()),
        fc.nat({ max: 10 }),
        (sizes, random, flushAt) => {
          const events = sizes.flatMap((records, index) => invocation(index, records));
          const shuffled = events
            .map((event) => ({ event, key: random.next().value ?? 0 }))
            .sort((a, b) => a.key - b.key)
            .map(({ event }) => event);
          const joiner = createJoiner();
          const entries = shuffled.flatMap((event, index) => [
            ...joiner.add(event, LOG_START),
            // Too early for anything: all was read later.
            ...(index === flushAt ? joiner.flush(LOG_START) : []),
          ]);
          entries.push(...joiner.flush());
          const account = createLogAccount();
          for (const entry of entries) account.add(entry);
          const { totals } = account;
          expect(totals.records).toBe(sizes.reduce((sum, records) => sum + records, 0));
          expect(totals.batches).toBe(sizes.length);
          expect(totals.billedMs).toBe(2 * sizes.length);
        },
      ),
    );
  });
});

function invocation(index: number, records: number): LogEvent[] {
  const requestId = `${String(index).padStart(8, '0')}-e9a3-11e6-939a-754dd98c7be3`;
  const lines = [
    `START RequestId: ${requestId} Version: $LATEST`,
    JSON.stringify({
      type: 'ddbcdc.batch',
      requestId,
      records,
      undecodable: 0,
      failures: 0,
      retried: 0,
      decodeMs: 1,
      batchMs: 1,
    }),
    `END RequestId: ${requestId}`,
    `REPORT RequestId: ${requestId}\tDuration: 1.50 ms\tBilled Duration: 2 ms\tMemory Size: 256 MB\tMax Memory Used: 70 MB\t`,
  ];
  return lines.map((message, line) => ({
    id: `${index}/${line}`,
    at: LOG_START + index,
    stream: 's',
    message,
  }));
}
