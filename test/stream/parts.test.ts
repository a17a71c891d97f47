import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { errorName, readErrorKind } from '../../src/stream/api/read-errors.js';
import { retryDelayMs } from '../../src/stream/api/retry-delay.js';
import { siftRecords } from '../../src/stream/records/read-page.js';
import { parsedRecords } from '../../src/stream/records/record-list.js';
import { scanPage } from '../../src/stream/records/scan-page.js';
import { compareSequences } from '../../src/stream/records/sequence.js';
import {
  AWS_PACE,
  LOOPBACK_PACE,
  nextReadDelayMs,
  type ReadOutcome,
} from '../../src/stream/shards/pacing.js';
import { PageSlots } from '../../src/stream/shards/page-slots.js';
import { shardCreatedAt } from '../../src/stream/shards/shard-id.js';
import { recordsOf } from './helpers/records-of.js';

describe('sequence numbers', () => {
  it('compare as integers, whatever their length and leading zeros', () => {
    const digits = fc.bigInt({ min: 0n, max: 10n ** 40n });
    const padding = fc.nat(5);
    fc.assert(
      fc.property(digits, digits, padding, padding, (a, b, padA, padB) => {
        const order = compareSequences('0'.repeat(padA) + a, '0'.repeat(padB) + b);
        expect(Math.sign(order)).toBe(a < b ? -1 : a > b ? 1 : 0);
      }),
    );
  });
});

describe('a shard id', () => {
  it('says when the shard was created, where it does', () => {
    expect(shardCreatedAt('shardId-00000001768435200000-0a1b2c3d')).toBe(1_768_435_200_000);
    expect(shardCreatedAt('shardId-000000000001')).toBeUndefined();
    expect(shardCreatedAt('shardId-00000000000000000001-00000001')).toBeUndefined();
  });
});

describe('errors', () => {
  it('are known by name and code, never by text', () => {
    const named = (name: string) => Object.assign(new Error('ExpiredIteratorException'), { name });
    expect(readErrorKind(named('ExpiredIteratorException'))).toBe('expired');
    expect(readErrorKind(named('TrimmedDataAccessException'))).toBe('trimmed');
    expect(readErrorKind(named('ResourceNotFoundException'))).toBe('notFound');
    expect(readErrorKind(named('LimitExceededException'))).toBe('throttled');
    expect(readErrorKind(named('AccessDeniedException'))).toBe('denied');
    expect(readErrorKind(new Error('ExpiredIteratorException'))).toBe('transient');
    expect(readErrorKind(named('constructor'))).toBe('transient');
    expect(readErrorKind('text')).toBe('transient');
  });

  it('are shown by the code of a socket', () => {
    expect(errorName(Object.assign(new Error('x'), { code: 'ECONNRESET' }))).toBe('ECONNRESET');
    expect(errorName(new TypeError('x'))).toBe('TypeError');
  });
});

describe('the delay before a retry', () => {
  it('doubles to a bound, with jitter over its upper half', () => {
    const delays = (random: number) => [1, 2, 3, 20].map((attempt) => retryDelayMs(attempt, () => random));
    expect(delays(0)).toStrictEqual([50, 100, 200, 10_000]);
    expect(delays(0.999_999)).toStrictEqual([100, 200, 400, 20_000]);
  });
});

describe('the pace', () => {
  const outcome: ReadOutcome = {
    records: 0,
    lagMs: 0,
    elapsedMs: 5,
    emptyReads: 1,
    previousDelayMs: 0,
    openShards: 4,
  };
  const half = () => 0.5;

  it('is at once while behind, within four reads a second on AWS', () => {
    const behind = { ...outcome, records: 1_000, emptyReads: 0 };
    expect(nextReadDelayMs(LOOPBACK_PACE, behind, half)).toBe(0);
    expect(nextReadDelayMs(AWS_PACE, behind, half)).toBe(245);
    expect(nextReadDelayMs(LOOPBACK_PACE, { ...behind, records: 3, lagMs: 60_000 }, half)).toBe(0);
  });

  it('is quick after records and grows to a bound over empty answers', () => {
    expect(nextReadDelayMs(LOOPBACK_PACE, { ...outcome, records: 3 }, half)).toBe(20);
    expect(nextReadDelayMs(LOOPBACK_PACE, outcome, half)).toBe(20);
    const idle = { ...outcome, emptyReads: 100, previousDelayMs: 100 };
    expect(nextReadDelayMs(LOOPBACK_PACE, idle, half)).toBe(150);
    expect(nextReadDelayMs(LOOPBACK_PACE, { ...idle, previousDelayMs: 9_000 }, half)).toBe(2_240);
    expect(nextReadDelayMs(AWS_PACE, { ...idle, previousDelayMs: 9_000, openShards: 300 }, half)).toBe(5_000);
  });
});

describe('sifting a page', () => {
  const rawRecords = (records: unknown[]) =>
    scanPage(Buffer.from(JSON.stringify({ Records: records })))?.records ?? expect.fail('refused');
  const record = (seq: number, at = 100) => ({
    dynamodb: { SequenceNumber: String(seq), ApproximateCreationDateTime: at },
  });
  const open = { last: undefined, dropBefore: undefined, from: undefined, until: undefined };

  it('leaves out what was seen, what is older, and what is beyond', () => {
    const records = [record(8), record(9), record(10, 50), record(11), record(12)];
    const sifted = siftRecords(parsedRecords(records), {
      ...open,
      last: '9',
      dropBefore: 60_000,
      until: '11',
    });
    expect({ ...sifted, records: recordsOf(sifted.records) }).toStrictEqual({
      records: [record(11)],
      duplicates: 2,
      skipped: 1,
      last: '11',
      passedEnd: true,
    });
  });

  it('keeps a change whose number comes late or twice within a page, and leaves out one that comes twice', () => {
    const named = (eventID: string, seq: number) => ({ eventID, ...record(seq) });
    const records = [
      named('a', 12),
      named('b', 10),
      named('c', 12),
      named('a', 12),
      record(11),
      named('d', 13),
    ];
    for (const list of [parsedRecords(records), rawRecords(records)]) {
      const { duplicates, last, ...sifted } = siftRecords(list, { ...open, last: '9' });
      expect(recordsOf(sifted.records).map(({ eventID }) => eventID)).toStrictEqual(['a', 'b', 'c', 'd']);
      expect([duplicates, last]).toStrictEqual([2, '13']);
    }
    // What is not above the page before is a repetition, whatever it is called.
    expect(siftRecords(parsedRecords([named('e', 9)]), { ...open, last: '9' })).toMatchObject({
      duplicates: 1,
    });
  });

  it('leaves out what is before a range whose server does not open an iterator at it', () => {
    const records = rawRecords([record(8), record(9), record(10), record(11)]);
    const sifted = siftRecords(records, { ...open, from: '9', until: '10' });
    expect(recordsOf(sifted.records)).toStrictEqual([record(9), record(10)]);
    expect(sifted).toMatchObject({ skipped: 1, duplicates: 0, passedEnd: true });
  });

  it('tells a page that is ascending and all new by its ends', () => {
    const records = rawRecords([record(10), record(11)]);
    expect(siftRecords(records, { ...open, last: '9', until: '12' }).records).toBe(records);
    const cut = siftRecords(records, { ...open, last: '10', until: '11' });
    expect(recordsOf(cut.records)).toStrictEqual([record(11)]);
    expect(cut).toMatchObject({ duplicates: 1, passedEnd: true, last: '11' });
  });

  it('keeps a record of the very second that it was asked to start in', () => {
    expect(siftRecords(parsedRecords([record(1, 60)]), { ...open, dropBefore: 60_900 }).records).toHaveLength(
      1,
    );
    expect(siftRecords(parsedRecords([record(1, 60)]), { ...open, dropBefore: 61_000 }).records).toHaveLength(
      0,
    );
  });
});

describe('page slots', () => {
  it('are given first come, first served, and to nobody once closed', async () => {
    const slots = new PageSlots(1);
    const order: string[] = [];
    expect(await slots.acquire()).toBe(true);
    const second = slots.acquire().then((isOurs) => order.push(`second ${isOurs}`));
    const third = slots.acquire().then((isOurs) => order.push(`third ${isOurs}`));
    slots.release();
    await second;
    slots.close();
    await third;
    expect(order).toStrictEqual(['second true', 'third false']);
    expect(await slots.acquire()).toBe(false);
  });
});
