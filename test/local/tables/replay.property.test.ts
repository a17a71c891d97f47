import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DataServices, openDataServices } from '../../../src/local/tables/open.js';
import type { AttributeMap } from '../../../src/model/wire.js';
import { call } from './harness.js';

let dataDir: string;
let services: DataServices;
let tables = 0;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'ddbcdc-replay-'));
  services = await open();
});
afterAll(async () => {
  await services.close();
  await rm(dataDir, { recursive: true, force: true });
});

function open(): Promise<DataServices> {
  return openDataServices({
    dataDir,
    region: 'us-east-1',
    accountId: '123456789012',
    now: Date.now,
    log: () => {},
  });
}

interface Item {
  readonly Id: { readonly N: string };
  readonly V?: { readonly N: string };
}

const key = fc.integer({ min: 0, max: 5 });
const value = fc.integer({ min: 0, max: 2 });
const operation = fc.oneof(
  fc.record({ type: fc.constant('put' as const), key, value }),
  fc.record({ type: fc.constant('update' as const), key, value }),
  fc.record({ type: fc.constant('delete' as const), key }),
  fc.record({ type: fc.constant('batch' as const), puts: fc.uniqueArray(key, { minLength: 1 }), value }),
  fc.record({
    type: fc.constant('transaction' as const),
    keys: fc.uniqueArray(key, { minLength: 2 }),
    value,
  }),
  fc.constant({ type: 'failing transaction' as const }),
  fc.constant({ type: 'roll' as const }),
  fc.constant({ type: 'split' as const }),
);
type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never;

/** What the model expects of the stream: one line for each change, in order. */
class Model {
  readonly items = new Map<number, string | undefined>();
  readonly changes: string[] = [];

  put(id: number, next: string | undefined): void {
    const known = this.items.has(id);
    const before = this.items.get(id);
    if (known && before === next) return;
    this.items.set(id, next);
    this.changes.push(`${known ? 'MODIFY' : 'INSERT'} ${id} ${known ? before : '-'} ${next}`);
  }

  remove(id: number): void {
    if (!this.items.has(id)) return;
    this.changes.push(`REMOVE ${id} ${this.items.get(id)} -`);
    this.items.delete(id);
  }
}

async function perform(name: string, model: Model, step: Operation): Promise<void> {
  const id = (n: number) => ({ Id: { N: String(n) } });
  const item = (n: number, v: number) => ({ ...id(n), V: { N: String(v) } });
  const dynamodb = (operationName: string, body: object) => call(services.dynamodb, operationName, body);
  switch (step.type) {
    case 'put':
      model.put(step.key, String(step.value));
      await dynamodb('PutItem', { TableName: name, Item: item(step.key, step.value) });
      return;
    case 'update':
      model.put(step.key, String(step.value));
      await dynamodb('UpdateItem', {
        TableName: name,
        Key: id(step.key),
        UpdateExpression: 'SET V = :v',
        ExpressionAttributeValues: { ':v': { N: String(step.value) } },
      });
      return;
    case 'delete':
      model.remove(step.key);
      await dynamodb('DeleteItem', { TableName: name, Key: id(step.key) });
      return;
    case 'batch':
      for (const n of step.puts) model.put(n, String(step.value));
      await dynamodb('BatchWriteItem', {
        RequestItems: { [name]: step.puts.map((n) => ({ PutRequest: { Item: item(n, step.value) } })) },
      });
      return;
    case 'transaction': {
      const [first, ...rest] = step.keys;
      if (first === undefined) return;
      model.remove(first);
      for (const n of rest) model.put(n, String(step.value));
      await dynamodb('TransactWriteItems', {
        TransactItems: [
          { Delete: { TableName: name, Key: id(first) } },
          ...rest.map((n) => ({ Put: { TableName: name, Item: item(n, step.value) } })),
        ],
      });
      return;
    }
    case 'failing transaction':
      await expect(
        dynamodb('TransactWriteItems', {
          TransactItems: [
            { Put: { TableName: name, Item: item(1, 99) } },
            { ConditionCheck: { TableName: name, Key: id(99), ConditionExpression: 'attribute_exists(Id)' } },
          ],
        }),
      ).rejects.toMatchObject({ type: 'TransactionCanceledException' });
      return;
    case 'roll':
      await call(services.admin, 'RollShards', { TableName: name });
      return;
    case 'split':
      await call(services.admin, 'SplitShard', { TableName: name });
      return;
  }
}

function numberOf(image: AttributeMap | undefined, name: 'Id' | 'V'): string {
  const value = image?.[name];
  return value !== undefined && 'N' in value ? value.N : '-';
}

async function readChanges(streamArn: string): Promise<readonly string[]> {
  const found: { sequence: bigint; line: string }[] = [];
  for (const { shardId } of (await services.source.describe(streamArn))?.shards ?? []) {
    const { records } = await services.source.read(streamArn, shardId, { type: 'TRIM_HORIZON' }, 10_000);
    for (const { eventName, dynamodb } of records) {
      const line = [
        eventName,
        numberOf(dynamodb?.Keys, 'Id'),
        numberOf(dynamodb?.OldImage, 'V'),
        numberOf(dynamodb?.NewImage, 'V'),
      ].join(' ');
      found.push({ sequence: BigInt(dynamodb?.SequenceNumber ?? 0), line });
    }
  }
  return found.sort((a, b) => (a.sequence < b.sequence ? -1 : 1)).map(({ line }) => line);
}

test('the stream tells exactly the changes of a model, and replaying it gives the table', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(operation, { maxLength: 25 }), async (steps) => {
      tables += 1;
      const name = `Replay${tables}`;
      const created = await call(services.dynamodb, 'CreateTable', {
        TableName: name,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'Id', AttributeType: 'N' }],
        KeySchema: [{ AttributeName: 'Id', KeyType: 'HASH' }],
        StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
      });
      const { TableDescription } = created.body as { TableDescription: { LatestStreamArn: string } };
      const model = new Model();
      for (const step of steps) await perform(name, model, step);
      expect(await readChanges(TableDescription.LatestStreamArn)).toStrictEqual(model.changes);

      const scanned = await call(services.dynamodb, 'Scan', { TableName: name });
      const { Items } = JSON.parse(String(scanned.body)) as { Items: Item[] };
      expect(new Map(Items.map((item) => [Number(item.Id.N), item.V?.N]))).toStrictEqual(
        new Map([...model.items].sort()),
      );
      const described = await call(services.dynamodb, 'DescribeTable', { TableName: name });
      expect(described.body).toMatchObject({
        Table: { ItemCount: model.items.size, TableSizeBytes: sizeOf(model) },
      });
    }),
    { numRuns: 60 },
  );
}, 60_000);

/** `Id` and `V` are numbers of one digit: 2 + 2 and 1 + 2 bytes, and zero takes one byte. */
function sizeOf(model: Model): number {
  let size = 0;
  for (const [id, text] of model.items) size += 3 + (id === 0 ? 1 : 2) + (text === '0' ? 1 : 2);
  return size;
}
