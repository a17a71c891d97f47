import { join } from 'node:path';
import { DescribeTableCommand, PutItemCommand, QueryCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { keys, openDatabase, rangeOf, readEntries } from '../../../src/local/tables/database.js';
import type { LevelDatabase } from '../../../src/local/tables/dynalite.js';
import type { TableRow } from '../../../src/local/tables/table-state.js';
import { type Harness, openHarness } from './harness.js';
import { createTable, id, TABLE } from './tables.js';

let harness: Harness;
beforeEach(async () => {
  harness = await openHarness();
});
afterEach(() => harness.close());

/** Changes the data as a crash could have left it: behind the engine's back, between a close and an open. */
async function between(change: (database: LevelDatabase, row: TableRow) => Promise<void>): Promise<void> {
  await harness.services.close();
  const database = await openDatabase(join(harness.dataDir, 'tables'));
  const [[, text] = ['', '']] = await readEntries(database, rangeOf('t!'));
  await change(database, JSON.parse(text) as TableRow);
  await database.close();
  await harness.reopen();
}

test('what a crash left of a deleted table goes at the next open', async () => {
  await createTable(harness);
  await harness.dynamodb.send(new PutItemCommand({ TableName: TABLE, Item: id(1) }));
  await between(async (database, row) => {
    await database.batch([{ type: 'del', key: keys.table(row.generation) }]);
    await database.batch([
      { type: 'put', key: `${keys.index(row.generation, 'Global', 'x')}k`, value: '{}' },
    ]);
  });
  await expect(harness.dynamodb.send(new DescribeTableCommand({ TableName: TABLE }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
  await createTable(harness);
  expect((await harness.dynamodb.send(new ScanCommand({ TableName: TABLE }))).Count).toBe(0);
  await between(async (database, row) => {
    expect(await readEntries(database, rangeOf('i!'))).toStrictEqual([]);
    expect(await readEntries(database, rangeOf('x!'))).toStrictEqual([]);
    expect(row.generation).toBeGreaterThan(1);
  });
});

test('an index and a time to live that were being filled are filled at the next open', async () => {
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
  const item = { ...id(1), Kind: { S: 'k' }, Expires: { N: String(Math.floor(Date.now() / 1000) + 60) } };
  await harness.dynamodb.send(new PutItemCommand({ TableName: TABLE, Item: item }));
  await between(async (database, row) => {
    await database.clear(rangeOf(keys.indexes(row.generation)));
    const indexes = row.description.GlobalSecondaryIndexes?.map((index) => ({
      ...index,
      IndexStatus: 'CREATING',
    }));
    const changed = {
      ...row,
      description: { ...row.description, GlobalSecondaryIndexes: indexes },
      timeToLive: { attribute: 'Expires', indexed: false },
    };
    await database.batch([{ type: 'put', key: keys.table(row.generation), value: JSON.stringify(changed) }]);
  });
  const { Table } = await harness.dynamodb.send(new DescribeTableCommand({ TableName: TABLE }));
  expect(Table?.GlobalSecondaryIndexes?.[0]?.IndexStatus).toBe('ACTIVE');
  const { Items } = await harness.dynamodb.send(
    new QueryCommand({
      TableName: TABLE,
      IndexName: 'byKind',
      KeyConditionExpression: 'Kind = :k',
      ExpressionAttributeValues: { ':k': { S: 'k' } },
    }),
  );
  expect(Items).toStrictEqual([item]);
  harness.advance(3600_000);
  await harness.admin('RunMaintenance', {});
  expect((await harness.dynamodb.send(new ScanCommand({ TableName: TABLE }))).Count).toBe(0);
});

test('data of another format is refused, and left as it is', async () => {
  await createTable(harness);
  await harness.services.close();
  const directory = join(harness.dataDir, 'tables');
  const database = await openDatabase(directory);
  await database.batch([{ type: 'put', key: keys.format, value: '999' }]);
  await database.close();
  await expect(openDatabase(directory)).rejects.toMatchObject({ code: 'engine.dataFormat' });
});
