import {
  DescribeTimeToLiveCommand,
  PutItemCommand,
  ScanCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Harness, openHarness } from './harness.js';
import { createTable, id, readStream, TABLE } from './tables.js';

let harness: Harness;
let streamArn: string;
beforeEach(async () => {
  harness = await openHarness();
  streamArn = (await createTable(harness)).LatestStreamArn;
});
afterEach(() => harness.close());

function setTimeToLive(enabled: boolean, attribute = 'Expires'): Promise<unknown> {
  return harness.dynamodb.send(
    new UpdateTimeToLiveCommand({
      TableName: TABLE,
      TimeToLiveSpecification: { Enabled: enabled, AttributeName: attribute },
    }),
  );
}

function put(n: number, inSeconds: number, attributes: object = {}): Promise<unknown> {
  const second = Math.floor(Date.now() / 1000) + inSeconds;
  return harness.dynamodb.send(
    new PutItemCommand({
      TableName: TABLE,
      Item: { ...id(n), Expires: { N: String(second) }, ...attributes },
    }),
  );
}

async function itemIds(): Promise<unknown> {
  const { Items = [] } = await harness.dynamodb.send(new ScanCommand({ TableName: TABLE }));
  return Items.map((item) => Number(item.Id?.N)).sort();
}

test('expired items are removed by DynamoDB itself, others stay', async () => {
  await put(1, 60);
  await setTimeToLive(true);
  await put(2, 90);
  await put(3, 7200);
  await put(4, 0, { Expires: { S: 'never' } });
  await put(5, -6 * 366 * 24 * 3600);
  harness.advance(3600_000);
  await harness.admin('RunMaintenance', {});
  expect(await itemIds()).toStrictEqual([3, 4, 5]);
  const removals = (await readStream(harness, streamArn)).filter((record) => record.eventName === 'REMOVE');
  expect(removals.map((record) => [record.dynamodb?.Keys?.Id?.N, record.userIdentity])).toStrictEqual([
    ['1', { PrincipalId: 'dynamodb.amazonaws.com', Type: 'Service' }],
    ['2', { PrincipalId: 'dynamodb.amazonaws.com', Type: 'Service' }],
  ]);
});

test('the engine’s own reader sees the identity in Lambda’s spelling', async () => {
  await setTimeToLive(true);
  await put(1, 60);
  harness.advance(3600_000);
  await harness.admin('RunMaintenance', {});
  const { source } = harness.services;
  const shardId = (await source.describe(streamArn))?.shards[0]?.shardId ?? '';
  const { records } = await source.read(streamArn, shardId, { type: 'TRIM_HORIZON' }, 10);
  expect(records[1]?.userIdentity).toStrictEqual({ type: 'Service', principalId: 'dynamodb.amazonaws.com' });
  expect(records[1]?.eventSourceARN).toBe(streamArn);
});

test('an item whose time is put off is not removed at the old one', async () => {
  await setTimeToLive(true);
  await put(1, 60);
  await put(1, 7200);
  harness.advance(3600_000);
  await harness.reopen();
  await harness.admin('RunMaintenance', {});
  expect(await itemIds()).toStrictEqual([1]);
  harness.advance(7200_000);
  await harness.admin('RunMaintenance', {});
  expect(await itemIds()).toStrictEqual([]);
});

test('an item that is written past its time goes with the next sweep', async () => {
  await setTimeToLive(true);
  await harness.admin('RunMaintenance', {});
  await put(1, -60);
  await harness.admin('RunMaintenance', {});
  expect(await itemIds()).toStrictEqual([]);
});

test('is described, refused twice, and switched off', async () => {
  await setTimeToLive(true);
  await expect(setTimeToLive(true)).rejects.toMatchObject({
    name: 'ValidationException',
    message: 'TimeToLive is already enabled',
  });
  await expect(setTimeToLive(true, 'Other')).rejects.toMatchObject({ name: 'ValidationException' });
  const describe = () => harness.dynamodb.send(new DescribeTimeToLiveCommand({ TableName: TABLE }));
  expect((await describe()).TimeToLiveDescription).toStrictEqual({
    AttributeName: 'Expires',
    TimeToLiveStatus: 'ENABLED',
  });
  await put(1, 60);
  await setTimeToLive(false);
  harness.advance(3600_000);
  await harness.admin('RunMaintenance', {});
  expect(await itemIds()).toStrictEqual([1]);
  expect((await describe()).TimeToLiveDescription).toStrictEqual({ TimeToLiveStatus: 'DISABLED' });
});
