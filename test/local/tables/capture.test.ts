import {
  BatchWriteItemCommand,
  DeleteItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { _Record } from '@aws-sdk/client-dynamodb-streams';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { call, type Harness, openHarness } from './harness.js';
import { createTable, id, readStream, TABLE } from './tables.js';

let harness: Harness;
beforeEach(async () => {
  harness = await openHarness();
});
afterEach(() => harness.close());

function put(item: object): Promise<unknown> {
  return harness.dynamodb.send(new PutItemCommand({ TableName: TABLE, Item: item as never }));
}

function brief(records: readonly _Record[]): unknown {
  return records.map((record) => ({
    event: record.eventName,
    keys: record.dynamodb?.Keys,
    new: record.dynamodb?.NewImage,
    old: record.dynamodb?.OldImage,
  }));
}

test('each kind of write makes one record by what was there before', async () => {
  const { LatestStreamArn } = await createTable(harness);
  await put({ ...id(1), A: { S: 'a' } });
  await put({ ...id(1), A: { S: 'b' } });
  await harness.dynamodb.send(
    new UpdateItemCommand({
      TableName: TABLE,
      Key: id(2),
      UpdateExpression: 'SET A = :a',
      ExpressionAttributeValues: { ':a': { BOOL: true } },
    }),
  );
  await harness.dynamodb.send(new DeleteItemCommand({ TableName: TABLE, Key: id(1) }));
  expect(brief(await readStream(harness, LatestStreamArn))).toStrictEqual([
    { event: 'INSERT', keys: id(1), new: { ...id(1), A: { S: 'a' } }, old: undefined },
    { event: 'MODIFY', keys: id(1), new: { ...id(1), A: { S: 'b' } }, old: { ...id(1), A: { S: 'a' } } },
    { event: 'INSERT', keys: id(2), new: { ...id(2), A: { BOOL: true } }, old: undefined },
    { event: 'REMOVE', keys: id(1), new: undefined, old: { ...id(1), A: { S: 'b' } } },
  ]);
});

test('a write that changes nothing makes no record', async () => {
  const { LatestStreamArn } = await createTable(harness);
  await put({
    ...id(1),
    A: { N: '1.50' },
    S: { SS: ['x', 'y'] },
    M: { M: { p: { S: '1' }, q: { NULL: true } } },
  });
  await put({
    M: { M: { q: { NULL: true }, p: { S: '1' } } },
    S: { SS: ['y', 'x'] },
    A: { N: '1.5' },
    ...id(1),
  });
  await harness.dynamodb.send(new DeleteItemCommand({ TableName: TABLE, Key: id(9) }));
  await harness.dynamodb.send(
    new UpdateItemCommand({
      TableName: TABLE,
      Key: id(1),
      UpdateExpression: 'SET A = :a',
      ExpressionAttributeValues: { ':a': { N: '1.5' } },
    }),
  );
  expect(await readStream(harness, LatestStreamArn)).toHaveLength(1);
});

test('a change of list order, of type or of one nested value makes a record', async () => {
  const { LatestStreamArn } = await createTable(harness);
  await put({ ...id(1), L: { L: [{ S: 'a' }, { S: 'b' }] } });
  await put({ ...id(1), L: { L: [{ S: 'b' }, { S: 'a' }] } });
  await put({ ...id(1), L: { SS: ['b', 'a'] } });
  await put({ ...id(1), L: { M: { a: { S: '1' } } } });
  await put({ ...id(1), L: { M: { a: { N: '1' } } } });
  expect(await readStream(harness, LatestStreamArn)).toHaveLength(5);
});

test('BatchWriteItem makes a record for each put and delete', async () => {
  const { LatestStreamArn } = await createTable(harness);
  await put(id(100));
  const puts = Array.from({ length: 24 }, (_, n) => ({ PutRequest: { Item: id(n) } }));
  const answer = await harness.dynamodb.send(
    new BatchWriteItemCommand({ RequestItems: { [TABLE]: [...puts, { DeleteRequest: { Key: id(100) } }] } }),
  );
  expect(answer.UnprocessedItems).toStrictEqual({});
  const records = await readStream(harness, LatestStreamArn);
  expect(records.map((record) => record.eventName)).toStrictEqual([
    'INSERT',
    ...puts.map(() => 'INSERT'),
    'REMOVE',
  ]);
});

test.each([
  ['KEYS_ONLY', undefined, undefined, 3 + 2],
  ['NEW_IMAGE', { ...id(101), Message: { S: 'This item has changed' } }, undefined, 5 + 33],
  ['OLD_IMAGE', undefined, { ...id(101), Message: { S: 'New item!' } }, 5 + 21],
  [
    'NEW_AND_OLD_IMAGES',
    { ...id(101), Message: { S: 'This item has changed' } },
    { ...id(101), Message: { S: 'New item!' } },
    59,
  ],
] as const)('view type %s carries its images and AWS’s size', async (viewType, newImage, oldImage, size) => {
  const { LatestStreamArn } = await createTable(harness, {
    StreamSpecification: { StreamEnabled: true, StreamViewType: viewType },
  });
  await put({ ...id(101), Message: { S: 'New item!' } });
  await put({ ...id(101), Message: { S: 'This item has changed' } });
  const [, record] = await readStream(harness, LatestStreamArn);
  expect(record?.dynamodb?.NewImage).toStrictEqual(newImage);
  expect(record?.dynamodb?.OldImage).toStrictEqual(oldImage);
  expect(record?.dynamodb?.SizeBytes).toBe(size);
  expect(record?.dynamodb?.StreamViewType).toBe(viewType);
});

test('records carry what AWS’s carry', async () => {
  const { LatestStreamArn } = await createTable(harness);
  await put(id(1));
  await put(id(2));
  const [first, second] = await readStream(harness, LatestStreamArn);
  expect(first).toStrictEqual({
    eventID: expect.stringMatching(/^[0-9a-f]{32}$/),
    eventName: 'INSERT',
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: 'eu-west-1',
    dynamodb: {
      ApproximateCreationDateTime: expect.any(Date),
      Keys: id(1),
      NewImage: id(1),
      SequenceNumber: expect.stringMatching(/^\d{21,40}$/),
      SizeBytes: 8,
      StreamViewType: 'NEW_AND_OLD_IMAGES',
    },
  });
  expect(first?.dynamodb?.ApproximateCreationDateTime?.getMilliseconds()).toBe(0);
  expect(second?.eventID).not.toBe(first?.eventID);
  expect(BigInt(second?.dynamodb?.SequenceNumber ?? 0)).toBeGreaterThan(
    BigInt(first?.dynamodb?.SequenceNumber ?? 0),
  );
  expect(await readStream(harness, LatestStreamArn)).toStrictEqual([first, second]);
});

test('keeps attributes that are called like members of Object', async () => {
  const { LatestStreamArn } = await createTable(harness);
  const item = `{"Id":{"N":"1"},"__proto__":{"S":"__proto__"},"constructor":{"M":{"__proto__":{"N":"2"},"toString":{"NULL":true}}}}`;
  await call(harness.services.dynamodb, 'PutItem', `{"TableName":"${TABLE}","Item":${item}}`);
  await call(
    harness.services.dynamodb,
    'UpdateItem',
    `{"TableName":"${TABLE}","Key":{"Id":{"N":"1"}},"UpdateExpression":"SET #p = :v","ExpressionAttributeNames":{"#p":"__proto__"},"ExpressionAttributeValues":{":v":{"S":"x"}}}`,
  );
  const changed = item.replace('{"S":"__proto__"}', '{"S":"x"}');
  const read = await call(harness.services.dynamodb, 'GetItem', { TableName: TABLE, Key: id(1) });
  // As text: assertions on objects do not look at an own `__proto__`.
  expect(read.body).toBe(`{"Item":${changed}}`);
  const [shard] = (await harness.services.source.describe(LatestStreamArn))?.shards ?? [];
  const { records } = await harness.services.source.read(
    LatestStreamArn,
    shard?.shardId ?? '',
    { type: 'TRIM_HORIZON' },
    10,
  );
  expect(records.map((record) => JSON.stringify(record.dynamodb?.NewImage))).toStrictEqual([item, changed]);
});

test('queries and scans see what was written, also through indexes', async () => {
  await createTable(harness, {
    AttributeDefinitions: [
      { AttributeName: 'Id', AttributeType: 'N' },
      { AttributeName: 'Kind', AttributeType: 'S' },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'byKind',
        KeySchema: [{ AttributeName: 'Kind', KeyType: 'HASH' }],
        Projection: { ProjectionType: 'ALL' },
      },
    ],
  });
  for (let start = 0; start < 300; start += 25) {
    const puts = Array.from({ length: 25 }, (_, n) => ({
      PutRequest: { Item: { ...id(start + n), Kind: { S: (start + n) % 3 === 0 ? 'fizz' : 'other' } } },
    }));
    await harness.dynamodb.send(new BatchWriteItemCommand({ RequestItems: { [TABLE]: puts } }));
  }
  await put({ ...id(0), Kind: { S: 'other' } });
  await harness.dynamodb.send(new DeleteItemCommand({ TableName: TABLE, Key: id(3) }));
  const byKind = await harness.dynamodb.send(
    new QueryCommand({
      TableName: TABLE,
      IndexName: 'byKind',
      KeyConditionExpression: 'Kind = :k',
      ExpressionAttributeValues: { ':k': { S: 'fizz' } },
    }),
  );
  expect(byKind.Count).toBe(98);
  const scan = await harness.dynamodb.send(new ScanCommand({ TableName: TABLE }));
  expect(scan.Count).toBe(299);
  const page = await harness.dynamodb.send(new ScanCommand({ TableName: TABLE, Limit: 10 }));
  expect(page.Items).toHaveLength(10);
  expect(page.LastEvaluatedKey).toBeDefined();
});
