import {
  BatchWriteItemCommand,
  CreateTableCommand,
  DeleteItemCommand,
  DescribeTableCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import {
  DescribeStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from '@aws-sdk/client-dynamodb-streams';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Harness, openHarness } from './harness.js';

let harness: Harness;
beforeEach(async () => {
  harness = await openHarness();
});
afterEach(() => harness.close());

test('writes of every kind arrive in the stream', async () => {
  const { dynamodb, streams } = harness;
  const created = await dynamodb.send(
    new CreateTableCommand({
      TableName: 'Sample',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'Id', AttributeType: 'N' }],
      KeySchema: [{ AttributeName: 'Id', KeyType: 'HASH' }],
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
    }),
  );
  await dynamodb.send(new PutItemCommand({ TableName: 'Sample', Item: { Id: { N: '1.0' }, A: { S: 'x' } } }));
  await dynamodb.send(new PutItemCommand({ TableName: 'Sample', Item: { A: { S: 'x' }, Id: { N: '1' } } }));
  await dynamodb.send(
    new UpdateItemCommand({
      TableName: 'Sample',
      Key: { Id: { N: '1' } },
      UpdateExpression: 'SET B = :b',
      ExpressionAttributeValues: { ':b': { B: new Uint8Array([1, 2, 3]) } },
    }),
  );
  await dynamodb.send(new DeleteItemCommand({ TableName: 'Sample', Key: { Id: { N: '1' } } }));
  await dynamodb.send(
    new BatchWriteItemCommand({
      RequestItems: {
        Sample: Array.from({ length: 25 }, (_, i) => ({ PutRequest: { Item: { Id: { N: String(i) } } } })),
      },
    }),
  );
  const arn = created.TableDescription?.LatestStreamArn;
  const described = await streams.send(new DescribeStreamCommand({ StreamArn: arn }));
  const { ShardIterator } = await streams.send(
    new GetShardIteratorCommand({
      StreamArn: arn,
      ShardId: described.StreamDescription?.Shards?.[0]?.ShardId,
      ShardIteratorType: 'TRIM_HORIZON',
    }),
  );
  const page = await streams.send(new GetRecordsCommand({ ShardIterator }));
  expect(page.Records).toHaveLength(28);
  const scan = await dynamodb.send(new ScanCommand({ TableName: 'Sample' }));
  expect(scan.Count).toBe(25);
  const query = await dynamodb.send(
    new QueryCommand({
      TableName: 'Sample',
      KeyConditionExpression: 'Id = :id',
      ExpressionAttributeValues: { ':id': { N: '7' } },
    }),
  );
  expect(query.Items).toStrictEqual([{ Id: { N: '7' } }]);
  await harness.reopen();
  const after = await dynamodb.send(new DescribeTableCommand({ TableName: 'Sample' }));
  expect(after.Table?.ItemCount).toBe(25);
});
