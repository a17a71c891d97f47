import { BatchWriteItemCommand, DeleteTableCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { GetRecordsCommand } from '@aws-sdk/client-dynamodb-streams';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { call, type Harness, openHarness } from '../tables/harness.js';
import { createTable, id, listShards, openIterator, readAll, TABLE } from '../tables/tables.js';

const MINUTE_MS = 60_000;

let harness: Harness;
let streamArn: string;
let shardId: string;
beforeEach(async () => {
  harness = await openHarness();
  streamArn = (await createTable(harness)).LatestStreamArn;
  shardId = (await listShards(harness, streamArn))[0]?.ShardId ?? '';
});
afterEach(() => harness.close());

function put(n: number, attributes: object = {}): Promise<unknown> {
  return harness.dynamodb.send(new PutItemCommand({ TableName: TABLE, Item: { ...id(n), ...attributes } }));
}

function page(iterator: string, limit?: number) {
  return harness.streams.send(new GetRecordsCommand({ ShardIterator: iterator, Limit: limit }));
}

async function ids(iterator: string): Promise<readonly number[]> {
  return (await readAll(harness, iterator)).map((record) => Number(record.dynamodb?.Keys?.Id?.N));
}

test('each type of iterator starts where it says', async () => {
  for (const n of [1, 2, 3]) await put(n);
  const latest = await openIterator(harness, streamArn, shardId, 'LATEST');
  await put(4);
  const horizon = await openIterator(harness, streamArn, shardId);
  expect(await ids(horizon)).toStrictEqual([1, 2, 3, 4]);
  expect(await ids(latest)).toStrictEqual([4]);
  const second = (await readAll(harness, horizon))[1]?.dynamodb?.SequenceNumber;
  const open = (type: 'AT_SEQUENCE_NUMBER' | 'AFTER_SEQUENCE_NUMBER') =>
    openIterator(harness, streamArn, shardId, type, second);
  expect(await ids(await open('AT_SEQUENCE_NUMBER'))).toStrictEqual([2, 3, 4]);
  expect(await ids(await open('AFTER_SEQUENCE_NUMBER'))).toStrictEqual([3, 4]);
});

test('an open shard always gives a next iterator, a closed one until it is drained', async () => {
  const start = await openIterator(harness, streamArn, shardId);
  const empty = await page(start);
  expect(empty.Records).toStrictEqual([]);
  expect(empty.NextShardIterator).toBeDefined();
  for (const n of [1, 2, 3]) await put(n);
  await harness.admin('RollShards', { TableName: TABLE });
  const first = await page(empty.NextShardIterator ?? '', 2);
  expect(first.Records).toHaveLength(2);
  const last = await page(first.NextShardIterator ?? '', 2);
  expect(last.Records).toHaveLength(1);
  expect(last.NextShardIterator).toBeUndefined();
  const drained = await page(await openIterator(harness, streamArn, shardId, 'LATEST'));
  expect([drained.Records, drained.NextShardIterator]).toStrictEqual([[], undefined]);
});

test('a page has at most 1,000 records', async () => {
  for (let start = 0; start < 1_050; start += 25) {
    const puts = Array.from({ length: 25 }, (_, n) => ({ PutRequest: { Item: id(start + n) } }));
    await harness.dynamodb.send(new BatchWriteItemCommand({ RequestItems: { [TABLE]: puts } }));
  }
  const first = await page(await openIterator(harness, streamArn, shardId));
  expect(first.Records).toHaveLength(1_000);
  expect((await page(first.NextShardIterator ?? '')).Records).toHaveLength(50);
});

test('a page has at most one megabyte, and at least one record', async () => {
  const large = { Data: { S: 'x'.repeat(390_000) } };
  for (const n of [1, 2, 3, 4, 5]) await put(n, large);
  await put(1, { Data: { S: 'y'.repeat(390_000) } });
  let iterator: string | undefined = await openIterator(harness, streamArn, shardId);
  const sizes: number[] = [];
  while (iterator !== undefined && sizes.reduce((sum, size) => sum + size, 0) < 6) {
    const next: Awaited<ReturnType<typeof page>> = await page(iterator);
    sizes.push(next.Records?.length ?? 0);
    iterator = next.NextShardIterator;
  }
  expect(sizes).toStrictEqual([2, 2, 1, 1]);
});

test('a reader at the tip skips nothing while many write and shards roll', async () => {
  const writers = Array.from({ length: 8 }, async (_, writer) => {
    for (let n = 0; n < 40; n++) {
      await call(harness.services.dynamodb, 'PutItem', { TableName: TABLE, Item: id(writer * 100 + n) });
      if (writer === 0 && n % 10 === 9) await harness.admin('RollShards', { TableName: TABLE });
    }
  });
  const seen: string[] = [];
  async function follow(shard: string): Promise<void> {
    let iterator: string | undefined = await openIterator(harness, streamArn, shard);
    while (iterator !== undefined && seen.length < 320) {
      const answer = await call(harness.services.streams, 'GetRecords', { ShardIterator: iterator });
      const { Records, NextShardIterator } = JSON.parse(String(answer.body)) as {
        Records: { dynamodb: { Keys: { Id: { N: string } } } }[];
        NextShardIterator?: string;
      };
      seen.push(...Records.map((record) => record.dynamodb.Keys.Id.N));
      iterator = NextShardIterator;
    }
    const child = (await listShards(harness, streamArn)).find((other) => other.ParentShardId === shard);
    if (seen.length < 320 && child?.ShardId !== undefined) await follow(child.ShardId);
  }
  await Promise.all([...writers, follow(shardId)]);
  expect(seen).toHaveLength(320);
  expect(new Set(seen).size).toBe(320);
});

test('an iterator expires after 15 minutes and not before, also over a restart', async () => {
  await put(1);
  const iterator = await openIterator(harness, streamArn, shardId);
  await harness.reopen();
  harness.advance(14 * MINUTE_MS);
  expect((await page(iterator)).Records).toHaveLength(1);
  harness.advance(2 * MINUTE_MS);
  await expect(page(iterator)).rejects.toMatchObject({ name: 'ExpiredIteratorException' });
});

test('positions before the trim horizon are refused, the horizon itself is not', async () => {
  for (const n of [1, 2, 3, 4]) await put(n);
  const start = await openIterator(harness, streamArn, shardId);
  const records = await readAll(harness, start);
  const sequences = records.map((record) => record.dynamodb?.SequenceNumber ?? '');
  const reader = (await page(start, 1)).NextShardIterator ?? '';
  const trimmed = await harness.admin('TrimStream', {
    TableName: TABLE,
    ShardId: shardId,
    BeforeSequenceNumber: sequences[2],
  });
  expect(trimmed).toStrictEqual({ StreamArn: streamArn, Trimmed: [shardId] });
  expect(await ids(start)).toStrictEqual([3, 4]);
  await expect(page(reader)).rejects.toMatchObject({ name: 'TrimmedDataAccessException' });
  for (const type of ['AT_SEQUENCE_NUMBER', 'AFTER_SEQUENCE_NUMBER'] as const) {
    await expect(openIterator(harness, streamArn, shardId, type, sequences[0])).rejects.toMatchObject({
      name: 'TrimmedDataAccessException',
    });
  }
  const after = await openIterator(harness, streamArn, shardId, 'AFTER_SEQUENCE_NUMBER', sequences[1]);
  await harness.reopen();
  expect(await ids(after)).toStrictEqual([3, 4]);
});

test('trimming an idle shard is no loss to a reader that had read everything', async () => {
  await put(1);
  const first = await page(await openIterator(harness, streamArn, shardId));
  await harness.admin('TrimStream', { TableName: TABLE });
  await put(2);
  expect(await ids(first.NextShardIterator ?? '')).toStrictEqual([2]);
});

test('wrong requests have AWS’s errors', async () => {
  const open = (type: never, sequence?: string, shard = shardId, arn = streamArn) =>
    openIterator(harness, arn, shard, type, sequence);
  await expect(open('AT_TIMESTAMP' as never)).rejects.toMatchObject({ name: 'ValidationException' });
  await expect(open('AT_SEQUENCE_NUMBER' as never)).rejects.toMatchObject({ name: 'ValidationException' });
  await expect(open('AT_SEQUENCE_NUMBER' as never, 'abc')).rejects.toMatchObject({
    name: 'ValidationException',
  });
  await expect(open('LATEST' as never, undefined, `${shardId}x`)).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
  await expect(open('LATEST' as never, undefined, shardId, `${streamArn}0`)).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
  await expect(page('nonsense')).rejects.toMatchObject({ name: 'ValidationException' });
  await expect(page(await openIterator(harness, streamArn, shardId), 1_001)).rejects.toMatchObject({
    name: 'ValidationException',
  });
});

test('the stream of a deleted table is read to its end', async () => {
  await put(1);
  const iterator = await openIterator(harness, streamArn, shardId);
  await harness.dynamodb.send(new DeleteTableCommand({ TableName: TABLE }));
  const last = await page(iterator);
  expect(last.Records).toHaveLength(1);
  expect(last.NextShardIterator).toBeUndefined();
});
