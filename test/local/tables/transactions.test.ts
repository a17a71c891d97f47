import {
  PutItemCommand,
  ScanCommand,
  TransactGetItemsCommand,
  type TransactWriteItem,
  TransactWriteItemsCommand,
  UpdateItemCommand,
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

function transact(items: TransactWriteItem[], token?: string): Promise<unknown> {
  return harness.dynamodb.send(
    new TransactWriteItemsCommand({ TransactItems: items, ClientRequestToken: token }),
  );
}

function put(n: number, value: string, condition?: string): TransactWriteItem {
  return {
    Put: {
      TableName: TABLE,
      Item: { ...id(n), V: { S: value } },
      ConditionExpression: condition,
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    },
  };
}

const absent = 'attribute_not_exists(Id)';

test('all entries are written together and each makes its record', async () => {
  await transact([put(1, 'old'), put(2, 'old')]);
  await transact([
    { ConditionCheck: { TableName: TABLE, Key: id(9), ConditionExpression: absent } },
    { Delete: { TableName: TABLE, Key: id(1) } },
    {
      Update: {
        TableName: TABLE,
        Key: id(2),
        UpdateExpression: 'SET V = :v',
        ExpressionAttributeValues: { ':v': { S: 'new' } },
      },
    },
    put(3, 'new', absent),
  ]);
  const records = await readStream(harness, streamArn);
  expect(records.map((record) => [record.eventName, record.dynamodb?.Keys?.Id?.N])).toStrictEqual([
    ['INSERT', '1'],
    ['INSERT', '2'],
    ['REMOVE', '1'],
    ['MODIFY', '2'],
    ['INSERT', '3'],
  ]);
});

test('one failed condition cancels everything and names the reason of each entry', async () => {
  await transact([put(2, 'there')]);
  await expect(transact([put(1, 'new'), put(2, 'new', absent)])).rejects.toMatchObject({
    name: 'TransactionCanceledException',
    message:
      'Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed]',
    CancellationReasons: [
      { Code: 'None' },
      {
        Code: 'ConditionalCheckFailed',
        Message: 'The conditional request failed',
        Item: { ...id(2), V: { S: 'there' } },
      },
    ],
  });
  const { Items } = await harness.dynamodb.send(new ScanCommand({ TableName: TABLE }));
  expect(Items).toStrictEqual([{ ...id(2), V: { S: 'there' } }]);
  expect(await readStream(harness, streamArn)).toHaveLength(1);
});

test('two operations on one item, no entries and an unknown table are refused', async () => {
  await expect(transact([put(1, 'a'), put(1, 'b')])).rejects.toMatchObject({
    name: 'ValidationException',
    message: 'Transaction request cannot include multiple operations on one item',
  });
  await expect(transact([])).rejects.toMatchObject({ name: 'ValidationException' });
  await expect(transact([{ Put: { TableName: 'Absent', Item: id(1) } }])).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
});

test('a repeated client token changes nothing again, also after a restart', async () => {
  const add: TransactWriteItem[] = [
    {
      Update: {
        TableName: TABLE,
        Key: id(1),
        UpdateExpression: 'ADD C :one',
        ExpressionAttributeValues: { ':one': { N: '1' } },
      },
    },
  ];
  await transact(add, 'token');
  await transact(add, 'token');
  await harness.reopen();
  await transact(add, 'token');
  const { Items } = await harness.dynamodb.send(new ScanCommand({ TableName: TABLE }));
  expect(Items).toStrictEqual([{ ...id(1), C: { N: '1' } }]);
  await expect(transact([put(1, 'x')], 'token')).rejects.toMatchObject({
    name: 'IdempotentParameterMismatchException',
  });
  harness.advance(11 * 60 * 1000);
  await transact(add, 'token');
  const later = await harness.dynamodb.send(new ScanCommand({ TableName: TABLE }));
  expect(later.Items).toStrictEqual([{ ...id(1), C: { N: '2' } }]);
});

test('concurrent transactions and writes on the same items lose no update', async () => {
  const increment = (n: number) => ({
    TableName: TABLE,
    Key: id(n),
    UpdateExpression: 'ADD C :one',
    ExpressionAttributeValues: { ':one': { N: '1' } },
  });
  await Promise.all(
    Array.from({ length: 20 }, async (_, round) => {
      const [a, b] = round % 2 === 0 ? [1, 2] : [2, 1];
      await transact([{ Update: increment(a ?? 1) }, { Update: increment(b ?? 2) }]);
      await harness.dynamodb.send(new UpdateItemCommand(increment(1)));
    }),
  );
  const { Responses } = await harness.dynamodb.send(
    new TransactGetItemsCommand({
      TransactItems: [1, 2, 3].map((n) => ({ Get: { TableName: TABLE, Key: id(n) } })),
    }),
  );
  expect(Responses).toStrictEqual([
    { Item: { ...id(1), C: { N: '40' } } },
    { Item: { ...id(2), C: { N: '20' } } },
    {},
  ]);
});

test('a single write that fails its condition can answer with the item as it is', async () => {
  await transact([put(1, 'there')]);
  const write = (returns: 'ALL_OLD' | 'NONE') =>
    harness.dynamodb.send(
      new PutItemCommand({
        TableName: TABLE,
        Item: id(1),
        ConditionExpression: absent,
        ReturnValuesOnConditionCheckFailure: returns,
      }),
    );
  await expect(write('ALL_OLD')).rejects.toMatchObject({
    name: 'ConditionalCheckFailedException',
    message: 'The conditional request failed',
    Item: { ...id(1), V: { S: 'there' } },
  });
  await expect(write('NONE')).rejects.toMatchObject({
    name: 'ConditionalCheckFailedException',
    Item: undefined,
  });
});
