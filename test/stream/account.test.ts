// The account of a tail through the real SDK, over the wire: what the SDK does by itself is in it.
import { afterEach, expect, it } from 'vitest';
import type { TailEvent } from '../../src/stream/events.js';
import { tailStream } from '../../src/stream/tail.js';
import type { TailOptions } from '../../src/stream/tail-options.js';
import { type Answer, type CannedServer, startCannedServer } from './helpers/canned-server.js';
import { cannedStream } from './helpers/canned-stream.js';
import { eventsOf } from './simulator/collect.js';

const SHARD = 'shardId-only';
const stream = cannedStream([{ id: SHARD, records: 25 }], 10);
const error = (name: string, status = 400) => ({ status, body: { __type: name, message: 'as canned' } });

let server: CannedServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function tail(answer: Answer, options: Partial<TailOptions> = {}): Promise<TailEvent[]> {
  server = await startCannedServer(answer);
  const { streams, dynamodb } = server;
  const events: TailEvent[] = [];
  for await (const event of tailStream({
    streams,
    dynamodb,
    table: 'Simulated',
    loopback: true,
    position: { type: 'trim-horizon' },
    follow: false,
    random: () => 0,
    ...options,
  })) {
    events.push(event);
  }
  return events;
}

const ids = (events: readonly TailEvent[]) => eventsOf(events, 'change').map(({ change }) => change.keys.Id);

it('counts every request, throttle and retry, the SDK’s own included', async () => {
  const asked = new Map<string, number>();
  const events = await tail((operation, input) => {
    const count = (asked.get(operation) ?? 0) + 1;
    asked.set(operation, count);
    // The client makes two attempts by itself: the first two failures are one call, the third is in the next.
    if (operation === 'GetRecords' && count <= 2) return error('ThrottlingException');
    if (operation === 'GetRecords' && count === 3) return error('InternalServerError', 500);
    return stream(operation, input);
  });
  expect(ids(events)).toHaveLength(25);
  const retries = eventsOf(events, 'retry').map((retry) => [
    retry.operation,
    retry.error,
    retry.attempt,
    retry.shard,
  ]);
  expect(retries).toStrictEqual([
    ['GetRecords', 'ThrottlingException', 1, SHARD],
    ['GetRecords', 'ThrottlingException', 2, SHARD],
    ['GetRecords', 'InternalServerError', 3, SHARD],
  ]);
  expect(eventsOf(events, 'end')[0]).toMatchObject({
    throttles: 2,
    retries: 1,
    reads: asked.get('GetRecords'),
  });
});

it('tells of what holds the beginning up, and counts it', async () => {
  let asked = 0;
  const events = await tail((operation, input) => {
    if (operation === 'DescribeTable') asked += 1;
    return operation === 'DescribeTable' && asked <= 3
      ? error('ThrottlingException')
      : stream(operation, input);
  });
  expect(events.slice(0, 4).map((event) => event.type)).toStrictEqual(['retry', 'retry', 'retry', 'start']);
  // The first and the third wait are the SDK's, and over; the second is ours.
  expect(eventsOf(events, 'retry').map(({ attempt, waited }) => [attempt, waited])).toStrictEqual([
    [1, true],
    [2, undefined],
    [3, true],
  ]);
  expect(eventsOf(events, 'end')[0]).toMatchObject({ throttles: 3, retries: 0 });
});

it('reads a range whose first number the server refuses, or breaks down over, from the shard’s beginning', async () => {
  const first = 999_999_999_999_999_999_000n;
  for (const refusal of [error('ValidationException'), error('InternalServerError', 500)]) {
    const events = await tail(
      (operation, input) =>
        input.ShardIteratorType === 'AT_SEQUENCE_NUMBER' ? refusal : stream(operation, input),
      { range: { shard: SHARD, fromSeq: String(first + 3n), toSeq: String(first + 6n) } },
    );
    expect(ids(events)).toStrictEqual([3, 4, 5, 6]);
    expect(eventsOf(events, 'end')[0]).toMatchObject({ reason: 'range', gaps: 0, skipped: 3 });
    await server?.close();
  }
});

it('opens an iterator anew that the server breaks down over, and loses nothing', async () => {
  let isAnew = false;
  const events = await tail((operation, input) => {
    // As after a restart: the iterators from before are unknown, and are answered with a server error.
    if (operation === 'GetShardIterator' && input.ShardIteratorType === 'AFTER_SEQUENCE_NUMBER')
      isAnew = true;
    const isOld = operation === 'GetRecords' && String(input.ShardIterator).endsWith('/10') && !isAnew;
    return isOld ? error('InternalServerError', 500) : stream(operation, input);
  });
  expect(ids(events)).toStrictEqual(Array.from({ length: 25 }, (_, i) => i));
  expect(eventsOf(events, 'end')[0]).toMatchObject({ reason: 'drained', gaps: 0, duplicates: 0 });
});
