import {
  CreateTableCommand,
  DeleteItemCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  type GlobalSecondaryIndexUpdate,
  ListTablesCommand,
  ListTagsOfResourceCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateTableCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { DescribeStreamCommand } from '@aws-sdk/client-dynamodb-streams';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDataServices } from '../../../src/local/tables/open.js';
import { call, type Harness, openHarness } from './harness.js';
import { createTable, id, readStream, TABLE } from './tables.js';

let harness: Harness;
beforeEach(async () => {
  harness = await openHarness();
});
afterEach(() => harness.close());

async function describe(): Promise<unknown> {
  return (await harness.dynamodb.send(new DescribeTableCommand({ TableName: TABLE }))).Table;
}

test('a new table is ACTIVE with its stream and comes back as it was', async () => {
  const created = await createTable(harness, { Tags: [{ Key: 'stack', Value: 'one' }] });
  const label = created.LatestStreamLabel ?? '';
  expect(created).toStrictEqual({
    TableName: TABLE,
    TableStatus: 'ACTIVE',
    TableArn: `arn:aws:dynamodb:eu-west-1:123456789012:table/${TABLE}`,
    TableId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    CreationDateTime: expect.any(Date),
    AttributeDefinitions: [{ AttributeName: 'Id', AttributeType: 'N' }],
    KeySchema: [{ AttributeName: 'Id', KeyType: 'HASH' }],
    ProvisionedThroughput: { ReadCapacityUnits: 0, WriteCapacityUnits: 0, NumberOfDecreasesToday: 0 },
    BillingModeSummary: {
      BillingMode: 'PAY_PER_REQUEST',
      LastUpdateToPayPerRequestDateTime: expect.any(Date),
    },
    ItemCount: 0,
    TableSizeBytes: 0,
    StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
    LatestStreamLabel: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}$/),
    LatestStreamArn: `arn:aws:dynamodb:eu-west-1:123456789012:table/${TABLE}/stream/${label}`,
    DeletionProtectionEnabled: false,
  });
  const waited = await waitUntilTableExists(
    { client: harness.dynamodb, maxWaitTime: 10, minDelay: 1, maxDelay: 1 },
    { TableName: TABLE },
  );
  expect(waited.state).toBe('SUCCESS');
  await harness.reopen();
  expect(await describe()).toStrictEqual(created);
});

test('counts of items and bytes are right at every moment, also after a restart', async () => {
  await createTable(harness);
  const put = (item: object) =>
    harness.dynamodb.send(new PutItemCommand({ TableName: TABLE, Item: item as never }));
  await put({ ...id(7), A: { S: 'four' } });
  await put({ ...id(8), A: { S: 'naïve' } });
  await put({ ...id(8), A: { S: '' } });
  expect(await describe()).toMatchObject({ ItemCount: 2, TableSizeBytes: 9 + 5 });
  await harness.dynamodb.send(new DeleteItemCommand({ TableName: TABLE, Key: id(7) }));
  await harness.reopen();
  expect(await describe()).toMatchObject({ ItemCount: 1, TableSizeBytes: 5 });
});

test('a taken name, a missing table and a bad request have AWS’s errors', async () => {
  await createTable(harness);
  await expect(createTable(harness)).rejects.toMatchObject({
    name: 'ResourceInUseException',
    message: `Table already exists: ${TABLE}`,
  });
  await expect(
    harness.dynamodb.send(new DescribeTableCommand({ TableName: 'Absent' })),
  ).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: 'Requested resource not found: Table: Absent not found',
  });
  await expect(
    harness.dynamodb.send(new PutItemCommand({ TableName: 'Absent', Item: id(1) })),
  ).rejects.toMatchObject({ name: 'ResourceNotFoundException', message: 'Requested resource not found' });
  await expect(
    harness.dynamodb.send(new PutItemCommand({ TableName: TABLE, Item: { A: { S: 'no key' } } })),
  ).rejects.toMatchObject({
    name: 'ValidationException',
    message: 'One or more parameter values were invalid: Missing the key Id in the item',
  });
  await expect(call(harness.services.dynamodb, 'PutItem', '{')).rejects.toMatchObject({
    type: 'SerializationException',
  });
  await expect(call(harness.services.dynamodb, 'Nothing', {})).rejects.toMatchObject({
    type: 'UnknownOperationException',
  });
  await expect(call(harness.services.dynamodb, 'ExecuteStatement', {})).rejects.toMatchObject({
    type: 'ValidationException',
    message: expect.stringContaining('PartiQL'),
  });
});

test('names are listed in pages', async () => {
  for (const name of ['ccc', 'aaa', 'bbb']) await createTable(harness, { TableName: name });
  const first = await harness.dynamodb.send(new ListTablesCommand({ Limit: 2 }));
  expect(first.TableNames).toStrictEqual(['aaa', 'bbb']);
  expect(first.LastEvaluatedTableName).toBe('bbb');
  const second = await harness.dynamodb.send(new ListTablesCommand({ ExclusiveStartTableName: 'bbb' }));
  expect(second.TableNames).toStrictEqual(['ccc']);
  expect(second.LastEvaluatedTableName).toBeUndefined();
});

test('a table that is created again shares nothing with the one before but its name', async () => {
  const first = await createTable(harness);
  await harness.dynamodb.send(new PutItemCommand({ TableName: TABLE, Item: id(1) }));
  const gone = await harness.dynamodb.send(new DeleteTableCommand({ TableName: TABLE }));
  expect(gone.TableDescription?.TableStatus).toBe('DELETING');
  await expect(describe()).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  const second = await createTable(harness);
  expect(second.LatestStreamArn).not.toBe(first.LatestStreamArn);
  expect((await harness.dynamodb.send(new ScanCommand({ TableName: TABLE }))).Count).toBe(0);
  expect(await readStream(harness, second.LatestStreamArn)).toStrictEqual([]);
  const old = await harness.streams.send(new DescribeStreamCommand({ StreamArn: first.LatestStreamArn }));
  expect(old.StreamDescription?.StreamStatus).toBe('DISABLED');
  expect(await readStream(harness, first.LatestStreamArn)).toHaveLength(1);
});

test('deletion protection refuses until it is taken off', async () => {
  await createTable(harness, { DeletionProtectionEnabled: true });
  const remove = () => harness.dynamodb.send(new DeleteTableCommand({ TableName: TABLE }));
  await expect(remove()).rejects.toMatchObject({ name: 'ValidationException' });
  await harness.dynamodb.send(new UpdateTableCommand({ TableName: TABLE, DeletionProtectionEnabled: false }));
  await remove();
});

test('a stream is disabled, stays readable, and is enabled again under another ARN', async () => {
  const created = await createTable(harness);
  await harness.dynamodb.send(new PutItemCommand({ TableName: TABLE, Item: id(1) }));
  const disabled = await harness.dynamodb.send(
    new UpdateTableCommand({ TableName: TABLE, StreamSpecification: { StreamEnabled: false } }),
  );
  expect(disabled.TableDescription?.StreamSpecification).toBeUndefined();
  expect(disabled.TableDescription?.LatestStreamArn).toBe(created.LatestStreamArn);
  await harness.dynamodb.send(new PutItemCommand({ TableName: TABLE, Item: id(2) }));
  expect(await readStream(harness, created.LatestStreamArn)).toHaveLength(1);
  await expect(
    harness.dynamodb.send(
      new UpdateTableCommand({ TableName: TABLE, StreamSpecification: { StreamEnabled: false } }),
    ),
  ).rejects.toMatchObject({
    name: 'ValidationException',
    message: `Table has no stream to disable: TableName: ${TABLE}`,
  });
  await expect(
    harness.dynamodb.send(
      new UpdateTableCommand({
        TableName: TABLE,
        StreamSpecification: { StreamEnabled: true, StreamViewType: 'KEYS_ONLY' },
        DeletionProtectionEnabled: true,
      }),
    ),
  ).rejects.toMatchObject({ message: expect.stringContaining('must be the only operation') });
  const enabled = await harness.dynamodb.send(
    new UpdateTableCommand({
      TableName: TABLE,
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'KEYS_ONLY' },
    }),
  );
  expect(enabled.TableDescription?.LatestStreamArn).not.toBe(created.LatestStreamArn);
  expect(enabled.TableDescription?.StreamSpecification?.StreamViewType).toBe('KEYS_ONLY');
});

test('an index is filled from the items that are there, kept up to date, and removed', async () => {
  await createTable(harness);
  const put = (n: number, kind: string) =>
    harness.dynamodb.send(new PutItemCommand({ TableName: TABLE, Item: { ...id(n), Kind: { S: kind } } }));
  await Promise.all(Array.from({ length: 30 }, (_, n) => put(n, n % 2 === 0 ? 'even' : 'odd')));
  const index = {
    IndexName: 'byKind',
    KeySchema: [{ AttributeName: 'Kind', KeyType: 'HASH' as const }],
    Projection: { ProjectionType: 'KEYS_ONLY' as const },
  };
  const update = (GlobalSecondaryIndexUpdates: GlobalSecondaryIndexUpdate[]) =>
    harness.dynamodb.send(
      new UpdateTableCommand({
        TableName: TABLE,
        AttributeDefinitions: [{ AttributeName: 'Kind', AttributeType: 'S' }],
        GlobalSecondaryIndexUpdates,
      }),
    );
  const [created] = await Promise.all([update([{ Create: index }]), put(100, 'even'), put(0, 'odd')]);
  expect(created.TableDescription?.GlobalSecondaryIndexes).toMatchObject([
    { IndexName: 'byKind', IndexStatus: 'ACTIVE' },
  ]);
  const query = () =>
    harness.dynamodb.send(
      new QueryCommand({
        TableName: TABLE,
        IndexName: 'byKind',
        KeyConditionExpression: 'Kind = :k',
        ExpressionAttributeValues: { ':k': { S: 'even' } },
      }),
    );
  expect((await query()).Count).toBe(15);
  await expect(update([{ Create: index }])).rejects.toMatchObject({ name: 'ValidationException' });
  await update([{ Delete: { IndexName: 'byKind' } }]);
  await expect(query()).rejects.toMatchObject({ name: 'ValidationException' });
});

test('a stream without a view type is refused', async () => {
  await expect(createTable(harness, { StreamSpecification: { StreamEnabled: true } })).rejects.toMatchObject({
    name: 'ValidationException',
  });
  await expect(
    createTable(harness, { StreamSpecification: { StreamEnabled: true, StreamViewType: 'ALL' as never } }),
  ).rejects.toMatchObject({ name: 'ValidationException', message: expect.stringContaining("Value 'ALL'") });
});

test('billing is changed both ways', async () => {
  await createTable(harness);
  const provisioned = await harness.dynamodb.send(
    new UpdateTableCommand({
      TableName: TABLE,
      BillingMode: 'PROVISIONED',
      ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 6 },
    }),
  );
  expect(provisioned.TableDescription?.ProvisionedThroughput).toMatchObject({
    ReadCapacityUnits: 5,
    WriteCapacityUnits: 6,
  });
  const onDemand = await harness.dynamodb.send(
    new UpdateTableCommand({ TableName: TABLE, BillingMode: 'PAY_PER_REQUEST' }),
  );
  expect(onDemand.TableDescription?.BillingModeSummary?.BillingMode).toBe('PAY_PER_REQUEST');
  expect(onDemand.TableDescription?.ProvisionedThroughput?.ReadCapacityUnits).toBe(0);
});

test('tags are kept from CreateTable, added and removed', async () => {
  const { TableArn } = await createTable(harness, { Tags: [{ Key: 'a', Value: '1' }] });
  await harness.dynamodb.send(
    new TagResourceCommand({ ResourceArn: TableArn, Tags: [{ Key: 'b', Value: '2' }] }),
  );
  await harness.dynamodb.send(new UntagResourceCommand({ ResourceArn: TableArn, TagKeys: ['a'] }));
  await harness.reopen();
  const { Tags } = await harness.dynamodb.send(new ListTagsOfResourceCommand({ ResourceArn: TableArn }));
  expect(Tags).toStrictEqual([{ Key: 'b', Value: '2' }]);
});

test('a table is addressed by its ARN as well', async () => {
  const { TableArn } = await createTable(harness);
  await harness.dynamodb.send(new PutItemCommand({ TableName: TableArn, Item: id(1) }));
  const { Table } = await harness.dynamodb.send(new DescribeTableCommand({ TableName: TableArn }));
  expect(Table?.ItemCount).toBe(1);
});

test('a second engine on the same data is told so', async () => {
  const context = {
    dataDir: harness.dataDir,
    region: 'eu-west-1',
    accountId: '123456789012',
    now: Date.now,
    log: () => {},
  };
  await expect(openDataServices(context)).rejects.toMatchObject({ code: 'engine.dataLocked' });
});

test('an error inside the engine fails its request only', async () => {
  await createTable(harness);
  // dynalite walks into this shape of key and throws where a client could not be answered.
  const bad = { TableName: TABLE, Key: { Id: null } };
  await expect(call(harness.services.dynamodb, 'GetItem', bad)).rejects.toHaveProperty('type');
  await harness.dynamodb.send(new PutItemCommand({ TableName: TABLE, Item: id(1) }));
});

test('CreateTable refuses what AWS refuses', async () => {
  await expect(
    harness.dynamodb.send(
      new CreateTableCommand({
        TableName: 'x',
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'Id', AttributeType: 'N' }],
        KeySchema: [{ AttributeName: 'Id', KeyType: 'HASH' }],
      }),
    ),
  ).rejects.toMatchObject({ name: 'ValidationException' });
});
