import { BatchWriteItemCommand, DeleteTableCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import {
  DescribeStreamCommand,
  GetRecordsCommand,
  ListStreamsCommand,
} from '@aws-sdk/client-dynamodb-streams';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Harness, openHarness } from '../tables/harness.js';
import { createTable, id, listShards, openIterator, readAll, readStream, TABLE } from '../tables/tables.js';

const HOUR_MS = 3_600_000;

let harness: Harness;
let streamArn: string;
beforeEach(async () => {
  harness = await openHarness();
  streamArn = (await createTable(harness)).LatestStreamArn;
});
afterEach(() => harness.close());

async function putMany(from: number, to: number): Promise<void> {
  const ids = Array.from({ length: to - from }, (_, n) => from + n);
  for (let start = 0; start < ids.length; start += 25) {
    const puts = ids.slice(start, start + 25).map((n) => ({ PutRequest: { Item: id(n) } }));
    await harness.dynamodb.send(new BatchWriteItemCommand({ RequestItems: { [TABLE]: puts } }));
  }
}

test('a stream begins with one open shard', async () => {
  const { StreamDescription } = await harness.streams.send(
    new DescribeStreamCommand({ StreamArn: streamArn }),
  );
  expect(StreamDescription).toStrictEqual({
    StreamArn: streamArn,
    StreamLabel: streamArn.split('/').at(-1),
    StreamStatus: 'ENABLED',
    StreamViewType: 'NEW_AND_OLD_IMAGES',
    CreationRequestDateTime: expect.any(Date),
    TableName: TABLE,
    KeySchema: [{ AttributeName: 'Id', KeyType: 'HASH' }],
    Shards: [
      {
        ShardId: expect.stringMatching(/^shardId-\d{20}-[0-9a-f]{8}$/),
        SequenceNumberRange: { StartingSequenceNumber: expect.stringMatching(/^\d{21,40}$/) },
      },
    ],
  });
});

test('a roll closes each open shard exactly between two records and opens its child', async () => {
  await putMany(0, 10);
  const rolled = await harness.admin('RollShards', { TableName: TABLE });
  await putMany(10, 20);
  const [parent, child, ...more] = await listShards(harness, streamArn);
  expect(more).toStrictEqual([]);
  expect(rolled).toStrictEqual({
    StreamArn: streamArn,
    Closed: [parent?.ShardId],
    Opened: [{ ShardId: child?.ShardId, ParentShardId: parent?.ShardId }],
  });
  expect(child?.ParentShardId).toBe(parent?.ShardId);
  expect(child?.SequenceNumberRange?.EndingSequenceNumber).toBeUndefined();
  const end = BigInt(parent?.SequenceNumberRange?.EndingSequenceNumber ?? 0);
  const before = await readAll(harness, await openIterator(harness, streamArn, parent?.ShardId));
  const after = await readAll(harness, await openIterator(harness, streamArn, child?.ShardId));
  expect([before.length, after.length]).toStrictEqual([10, 10]);
  expect(BigInt(before.at(-1)?.dynamodb?.SequenceNumber ?? 0)).toBeLessThan(end);
  expect(BigInt(after[0]?.dynamodb?.SequenceNumber ?? 0)).toBeGreaterThan(end);
});

test('a split gives each key to one child, and nothing is lost or out of order', async () => {
  await putMany(0, 50);
  await harness.admin('SplitShard', { TableName: TABLE });
  await harness.admin('SplitShard', { TableName: TABLE });
  for (let round = 0; round < 3; round++) {
    for (let n = 0; n < 50; n += 25) {
      const puts = Array.from({ length: 25 }, (_, k) => ({
        PutRequest: { Item: { ...id(n + k), Round: { N: String(round) } } },
      }));
      await harness.dynamodb.send(new BatchWriteItemCommand({ RequestItems: { [TABLE]: puts } }));
    }
  }
  const shards = await listShards(harness, streamArn);
  expect(shards.filter((shard) => !shard.SequenceNumberRange?.EndingSequenceNumber)).toHaveLength(3);
  const records = await readStream(harness, streamArn);
  expect(records).toHaveLength(200);
  const rounds = new Map<string, string[]>();
  for (const { dynamodb } of records) {
    const key = dynamodb?.Keys?.Id?.N ?? '';
    rounds.set(key, [...(rounds.get(key) ?? []), dynamodb?.NewImage?.Round?.N ?? 'new']);
  }
  expect(new Set([...rounds.values()].map(String))).toStrictEqual(new Set(['new,0,1,2']));
});

test('hundreds of shards are listed in pages of at most 100, and the children of one', async () => {
  for (let n = 0; n < 119; n++) await harness.admin('SplitShard', { TableName: TABLE });
  const shards = await listShards(harness, streamArn);
  expect(shards).toHaveLength(1 + 2 * 119);
  expect(new Set(shards.map((shard) => shard.ShardId)).size).toBe(shards.length);
  const first = await harness.streams.send(new DescribeStreamCommand({ StreamArn: streamArn }));
  expect(first.StreamDescription?.Shards).toHaveLength(100);
  expect(first.StreamDescription?.LastEvaluatedShardId).toBe(shards[99]?.ShardId);
  const children = await harness.streams.send(
    new DescribeStreamCommand({
      StreamArn: streamArn,
      ShardFilter: { Type: 'CHILD_SHARDS', ShardId: shards[0]?.ShardId },
    }),
  );
  expect(children.StreamDescription?.Shards).toStrictEqual(shards.slice(1, 3));
  await expect(
    harness.streams.send(new DescribeStreamCommand({ StreamArn: streamArn, Limit: 101 })),
  ).rejects.toMatchObject({ name: 'ValidationException' });
  await putMany(0, 200);
  expect(await readStream(harness, streamArn)).toHaveLength(200);
});

test('a shard rolls after four hours, with and without writes', async () => {
  await putMany(0, 1);
  harness.advance(4 * HOUR_MS);
  await putMany(1, 2);
  expect(await listShards(harness, streamArn)).toHaveLength(2);
  harness.advance(4 * HOUR_MS);
  await harness.admin('RunMaintenance', {});
  const shards = await listShards(harness, streamArn);
  expect(shards.map((shard) => shard.ParentShardId)).toStrictEqual([
    undefined,
    shards[0]?.ShardId,
    shards[1]?.ShardId,
  ]);
});

test('records, then closed shards, then disabled streams go after 24 hours', async () => {
  await putMany(0, 5);
  await harness.admin('RollShards', { TableName: TABLE });
  harness.advance(23 * HOUR_MS);
  await putMany(5, 10);
  harness.advance(2 * HOUR_MS);
  await harness.admin('RunMaintenance', {});
  const records = await readStream(harness, streamArn);
  expect(records.map((record) => record.dynamodb?.Keys?.Id?.N)).toStrictEqual(['5', '6', '7', '8', '9']);
  expect((await listShards(harness, streamArn))[0]?.ParentShardId).toBeDefined();
  await harness.dynamodb.send(new DeleteTableCommand({ TableName: TABLE }));
  expect(await readStream(harness, streamArn)).toHaveLength(5);
  harness.advance(25 * HOUR_MS);
  await harness.admin('RunMaintenance', {});
  await expect(listShards(harness, streamArn)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  await harness.reopen();
  await expect(listShards(harness, streamArn)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});

test('streams are listed in pages, all of them or those of one table', async () => {
  await createTable(harness, { TableName: 'Other' });
  await createTable(harness, { TableName: 'Plain', StreamSpecification: undefined });
  const all = await harness.streams.send(new ListStreamsCommand({ Limit: 1 }));
  expect(all.Streams).toStrictEqual([
    { StreamArn: streamArn, StreamLabel: streamArn.split('/').at(-1), TableName: TABLE },
  ]);
  const rest = await harness.streams.send(
    new ListStreamsCommand({ ExclusiveStartStreamArn: all.LastEvaluatedStreamArn }),
  );
  expect(rest.Streams?.map((stream) => stream.TableName)).toStrictEqual(['Other']);
  expect(rest.LastEvaluatedStreamArn).toBeUndefined();
  const other = await harness.streams.send(new ListStreamsCommand({ TableName: 'Other' }));
  expect(other.Streams).toHaveLength(1);
  expect((await harness.streams.send(new ListStreamsCommand({ TableName: 'Plain' }))).Streams).toStrictEqual(
    [],
  );
});

test('shards, records and the order of numbers outlive a restart with a clock that went back', async () => {
  harness.advance(HOUR_MS);
  await putMany(0, 3);
  await harness.admin('SplitShard', { TableName: TABLE });
  const before = await listShards(harness, streamArn);
  const [, child] = before;
  const iterator = await openIterator(harness, streamArn, before[0]?.ShardId);
  harness.advance(-HOUR_MS);
  await harness.reopen();
  await putMany(3, 30);
  expect(await listShards(harness, streamArn)).toStrictEqual(before);
  const page = await harness.streams.send(new GetRecordsCommand({ ShardIterator: iterator }));
  expect(page.Records).toHaveLength(3);
  expect(page.NextShardIterator).toBeUndefined();
  const start = BigInt(child?.SequenceNumberRange?.StartingSequenceNumber ?? 0);
  const later = (await readStream(harness, streamArn)).slice(3);
  expect(later.every((record) => BigInt(record.dynamodb?.SequenceNumber ?? 0) > start)).toBe(true);
  expect(later).toHaveLength(27);
});

test('a write that comes while shards split goes to a parent before its end or to a child', async () => {
  const writes = Array.from({ length: 60 }, (_, n) =>
    harness.dynamodb.send(new PutItemCommand({ TableName: TABLE, Item: id(n) })),
  );
  const splits = Array.from({ length: 5 }, () => harness.admin('SplitShard', { TableName: TABLE }));
  await Promise.all([...writes, ...splits]);
  const shards = await listShards(harness, streamArn);
  let total = 0;
  for (const { ShardId, SequenceNumberRange: range } of shards) {
    const records = await readAll(harness, await openIterator(harness, streamArn, ShardId));
    total += records.length;
    for (const { dynamodb } of records) {
      const sequence = BigInt(dynamodb?.SequenceNumber ?? 0);
      expect(sequence).toBeGreaterThan(BigInt(range?.StartingSequenceNumber ?? 0));
      if (range?.EndingSequenceNumber) expect(sequence).toBeLessThan(BigInt(range.EndingSequenceNumber));
    }
  }
  expect(total).toBe(60);
});
