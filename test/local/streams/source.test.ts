import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Harness, openHarness } from '../tables/harness.js';
import { createTable, id, TABLE } from '../tables/tables.js';

let harness: Harness;
let streamArn: string;
beforeEach(async () => {
  harness = await openHarness();
  streamArn = (await createTable(harness)).LatestStreamArn;
});
afterEach(() => harness.close());

function put(n: number, attributes: object = {}): Promise<unknown> {
  return harness.dynamodb.send(new PutItemCommand({ TableName: TABLE, Item: { ...id(n), ...attributes } }));
}

test('records are in the shape in which Lambda receives them', async () => {
  await put(1, { B: { B: new Uint8Array([1, 2, 3]) } });
  const { source } = harness.services;
  const shardId = (await source.describe(streamArn))?.shards[0]?.shardId ?? '';
  const read = await source.read(streamArn, shardId, { type: 'TRIM_HORIZON' }, 10);
  expect(read).toStrictEqual({
    drained: false,
    records: [
      {
        eventID: expect.any(String),
        eventName: 'INSERT',
        eventVersion: '1.1',
        eventSource: 'aws:dynamodb',
        awsRegion: 'eu-west-1',
        dynamodb: {
          ApproximateCreationDateTime: expect.any(Number),
          Keys: id(1),
          NewImage: { ...id(1), B: { B: 'AQID' } },
          SequenceNumber: expect.any(String),
          SizeBytes: 12,
          StreamViewType: 'NEW_AND_OLD_IMAGES',
        },
        eventSourceARN: streamArn,
      },
    ],
  });
  expect(Number.isInteger(read.records[0]?.dynamodb?.ApproximateCreationDateTime)).toBe(true);
});

test('every position reads from its place, and a closed shard drains', async () => {
  const { source } = harness.services;
  const shardId = (await source.describe(streamArn))?.shards[0]?.shardId ?? '';
  await put(1);
  const latest = (await source.latest(streamArn, shardId)) ?? '';
  harness.advance(60_000);
  const timestampMs = Date.now() + 60_000 - 1_000;
  await put(2);
  await harness.admin('RollShards', { TableName: TABLE });
  const read = async (from: Parameters<typeof source.read>[2]) => {
    const { records, drained } = await source.read(streamArn, shardId, from, 10);
    return [records.map((record) => record.dynamodb?.Keys?.Id), drained];
  };
  const [one, two] = [id(1).Id, id(2).Id];
  expect(await read({ type: 'TRIM_HORIZON' })).toStrictEqual([[one, two], true]);
  expect(await read({ type: 'AFTER_SEQUENCE_NUMBER', sequenceNumber: latest })).toStrictEqual([[two], true]);
  expect(await read({ type: 'AT_TIMESTAMP', timestampMs })).toStrictEqual([[two], true]);
  expect(await read({ type: 'LATEST' })).toStrictEqual([[], true]);
  const [parent, child] = (await source.describe(streamArn))?.shards ?? [];
  expect(parent?.endingSequenceNumber).toBeDefined();
  expect(child).toStrictEqual({
    shardId: expect.any(String),
    parentShardId: shardId,
    startingSequenceNumber: expect.any(String),
  });
});

test('a subscriber hears of records once they can be read, until it leaves', async () => {
  const { source } = harness.services;
  const shardId = (await source.describe(streamArn))?.shards[0]?.shardId ?? '';
  let calls = 0;
  let unsubscribe = (): void => {};
  let written: Promise<unknown> | undefined;
  await new Promise<void>((resolve) => {
    unsubscribe = source.subscribe(streamArn, () => {
      calls += 1;
      resolve();
    });
    written = put(1);
  });
  const { records } = await source.read(streamArn, shardId, { type: 'TRIM_HORIZON' }, 10);
  expect(records).toHaveLength(1);
  await written;
  unsubscribe();
  await put(2);
  expect(calls).toBe(1);
});

test('a stream that is not there is undefined to describe', async () => {
  const { source } = harness.services;
  expect(await source.describe(`${streamArn}0`)).toBeUndefined();
  expect(await source.latest(streamArn, 'shardId-none')).toBeUndefined();
  await expect(source.read(`${streamArn}0`, 'x', { type: 'LATEST' }, 1)).rejects.toMatchObject({
    type: 'ResourceNotFoundException',
  });
});
