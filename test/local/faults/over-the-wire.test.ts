// Each fault as an AWS SDK meets it: over a real socket, against the real engine.

import { FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  DescribeTableCommand,
  GetItemCommand,
  ProvisionedThroughputExceededException,
  PutItemCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import {
  DescribeStreamCommand,
  ExpiredIteratorException,
  GetRecordsCommand,
  type GetRecordsCommandOutput,
  GetShardIteratorCommand,
  InternalServerError,
  type Shard,
  TrimmedDataAccessException,
} from '@aws-sdk/client-dynamodb-streams';
import { InvokeCommand, ListFunctionsCommand, TooManyRequestsException } from '@aws-sdk/client-lambda';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type FaultyEngine, startFaultyEngine } from '../../helpers/faulty-engine.js';

let faulty: FaultyEngine;
let table: string;
let streamArn: string;
let tables = 0;
beforeAll(async () => {
  faulty = await startFaultyEngine();
});
afterAll(() => faulty[Symbol.asyncDispose]());
beforeEach(async () => {
  tables += 1;
  table = `Table${tables}`;
  streamArn = await faulty.createTable(table);
});
afterEach(() => faulty.clearFaults());

const item = (id: number) => ({ Id: { N: String(id) } });
const put = (id: number) => faulty.dynamodb.send(new PutItemCommand({ TableName: table, Item: item(id) }));
const putAll = async (from: number, to: number): Promise<void> => {
  for (let id = from; id < to; id += 1) await put(id);
};
const exists = async (id: number): Promise<boolean> =>
  (await faulty.dynamodb.send(new GetItemCommand({ TableName: table, Key: item(id) }))).Item !== undefined;
const failure = (call: Promise<unknown>): Promise<Error & { $metadata?: { httpStatusCode?: number } }> =>
  call.then(
    () => {
      throw new Error('the call went well');
    },
    (error) => error,
  );
const fired = async (): Promise<number[]> => (await faulty.getFaults()).Rules.map((rule) => rule.Fired);

async function shards(input: { Limit?: number; ExclusiveStartShardId?: string } = {}): Promise<Shard[]> {
  const { StreamDescription } = await faulty.streams.send(
    new DescribeStreamCommand({ StreamArn: streamArn, ...input }),
  );
  return StreamDescription?.Shards ?? [];
}

async function iterator(shard = 0): Promise<string> {
  const ShardId = (await shards())[shard]?.ShardId;
  const { ShardIterator = '' } = await faulty.streams.send(
    new GetShardIteratorCommand({ StreamArn: streamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' }),
  );
  return ShardIterator;
}

const records = (ShardIterator: string | undefined, Limit?: number): Promise<GetRecordsCommandOutput> =>
  faulty.streams.send(new GetRecordsCommand({ ShardIterator, Limit }));
const ids = ({ Records = [] }: GetRecordsCommandOutput): number[] =>
  Records.map((record) => Number(record.dynamodb?.Keys?.Id?.N));

describe('throttle', () => {
  it("is each service's own error, and nothing is done", async () => {
    const from = await iterator();
    await faulty.setFaults(['*:throttle=100%']);
    const error = await failure(put(1));
    expect(error).toBeInstanceOf(ProvisionedThroughputExceededException);
    expect(error.$metadata?.httpStatusCode).toBe(400);
    expect(await failure(records(from))).toMatchObject({ name: 'ProvisionedThroughputExceededException' });
    expect((await failure(faulty.dynamodb.send(new DescribeTableCommand({ TableName: table })))).name).toBe(
      'ThrottlingException',
    );
    const names = new Set<string>();
    for (let call = 0; call < 16; call += 1) names.add((await failure(shards())).name);
    expect([...names].sort()).toStrictEqual(['LimitExceededException', 'ThrottlingException']);
    const busy = await failure(faulty.lambda.send(new InvokeCommand({ FunctionName: 'none' })));
    expect(busy).toBeInstanceOf(TooManyRequestsException);
    expect(busy).toMatchObject({
      Reason: 'ConcurrentInvocationLimitExceeded',
      $metadata: { httpStatusCode: 429 },
    });
    expect((await failure(faulty.logs.send(new FilterLogEventsCommand({ logGroupName: 'x' })))).name).toBe(
      'ThrottlingException',
    );
    await faulty.clearFaults();
    expect(await exists(1)).toBe(false);
  });
});

describe('error', () => {
  it('is a 500 that leaves open whether a write was done', async () => {
    await faulty.setFaults(['PutItem:error=100%', 'ListFunctions:error=100%', 'DescribeStream:error=100%']);
    const error = await failure(put(0));
    expect([error.name, error.$metadata?.httpStatusCode]).toStrictEqual(['InternalServerError', 500]);
    expect(await failure(shards())).toBeInstanceOf(InternalServerError);
    expect((await failure(faulty.lambda.send(new ListFunctionsCommand()))).name).toBe('ServiceException');
    for (let id = 1; id < 12; id += 1) await failure(put(id));
    const done = await Promise.all(Array.from({ length: 12 }, (_, id) => exists(id)));
    expect(new Set(done)).toStrictEqual(new Set([true, false]));
  });

  it('does not hide what the caller did wrong behind a write that was done', async () => {
    await faulty.setFaults(['*:error=100%']);
    const names = new Set<string>();
    for (let call = 0; call < 12; call += 1) {
      names.add((await failure(faulty.lambda.send(new InvokeCommand({ FunctionName: 'none' })))).name);
    }
    expect([...names].sort()).toStrictEqual(['ResourceNotFoundException', 'ServiceException']);
  });
});

describe('cut', () => {
  it('closes the connection, with the write done or not', async () => {
    await faulty.setFaults(['PutItem:cut=count=12']);
    for (let id = 0; id < 12; id += 1) {
      expect(await failure(put(id))).toMatchObject({ code: 'ECONNRESET' });
    }
    await put(12);
    const done = await Promise.all(Array.from({ length: 12 }, (_, id) => exists(id)));
    expect(new Set(done)).toStrictEqual(new Set([true, false]));
    expect(await exists(12)).toBe(true);
    expect((await faulty.getFaults()).Rules).toStrictEqual([
      { Rule: 'PutItem:cut=count=12', Calls: 12, Fired: 12, Left: 0 },
    ]);
  });
});

describe('delay', () => {
  it('answers later, and at once when it is cleared', async () => {
    await faulty.setFaults(['PutItem:delay=30ms..40ms']);
    const before = performance.now();
    await put(1);
    // Timers may fire up to a millisecond early.
    expect(performance.now() - before).toBeGreaterThanOrEqual(29);
    await faulty.setFaults(['PutItem:delay=15m']);
    const waiting = put(2);
    await expect.poll(fired, { interval: 5 }).toStrictEqual([1]);
    await faulty.clearFaults();
    await waiting;
  });
});

describe('GetRecords', () => {
  it('meets an expired iterator, and only where it is one', async () => {
    const from = await iterator();
    await faulty.setFaults(['GetRecords:expire=count=1']);
    expect((await failure(records('nonsense'))).name).toBe('ValidationException');
    const error = await failure(records(from));
    expect(error).toBeInstanceOf(ExpiredIteratorException);
    expect(error.message).toMatch(/^Iterator expired\. The iterator was created at time /);
    expect(ids(await records(from))).toStrictEqual([]);
  });

  it('loses records to a trim, for good', async () => {
    await putAll(0, 2);
    const read = await records(await iterator());
    await putAll(2, 8);
    await faulty.setFaults(['GetRecords:trim=100%']);
    expect(await failure(records(read.NextShardIterator))).toBeInstanceOf(TrimmedDataAccessException);
    await faulty.clearFaults();
    expect(await failure(records(read.NextShardIterator))).toBeInstanceOf(TrimmedDataAccessException);
    expect(ids(await records(await iterator()))).toStrictEqual([5, 6, 7]);
  });

  it('trims nothing where nothing can be lost', async () => {
    await putAll(0, 2);
    await faulty.setFaults(['GetRecords:trim=100%']);
    const all = await records(await iterator());
    expect(ids(all)).toStrictEqual([0, 1]);
    expect(ids(await records(all.NextShardIterator))).toStrictEqual([]);
    expect(await fired()).toStrictEqual([0]);
  });

  it('gives an empty page that moves nowhere', async () => {
    await putAll(0, 3);
    const from = await iterator();
    await faulty.setFaults(['GetRecords:empty=count=2']);
    const first = await records(from);
    const second = await records(first.NextShardIterator);
    const third = await records(second.NextShardIterator);
    expect([first, second, third].map(ids)).toStrictEqual([[], [], [0, 1, 2]]);
  });

  it('repeats the last records of the page before', async () => {
    await putAll(0, 8);
    await faulty.setFaults(['GetRecords:duplicate=100%']);
    const first = await records(await iterator());
    await putAll(8, 10);
    const second = await records(first.NextShardIterator);
    const third = await records(second.NextShardIterator, 3);
    const fourth = await records(third.NextShardIterator, 1);
    expect([first, second, third, fourth].map(ids)).toStrictEqual([
      [0, 1, 2, 3, 4, 5, 6, 7],
      [3, 4, 5, 6, 7, 8, 9],
      [8, 9],
      [],
    ]);
    expect(await fired()).toStrictEqual([2]);
  });

  it('gives no next iterator on an open shard, and keeps it on a closed one', async () => {
    await putAll(0, 3);
    await faulty.setFaults(['GetRecords:null-iterator=100%']);
    const open = await records(await iterator(), 2);
    expect(ids(open)).toStrictEqual([0, 1]);
    expect(open).not.toHaveProperty('NextShardIterator');
    await faulty.admin('RollShards', { TableName: table });
    const closed = await records(await iterator(), 2);
    expect(ids(closed)).toStrictEqual([0, 1]);
    expect(closed).toHaveProperty('NextShardIterator');
  });

  it('gives small pages', async () => {
    await putAll(0, 5);
    await faulty.setFaults(['*:small-pages=2']);
    const first = await records(await iterator());
    expect([first, await records(first.NextShardIterator)].map(ids)).toStrictEqual([
      [0, 1],
      [2, 3],
    ]);
    const { Items, LastEvaluatedKey } = await faulty.dynamodb.send(new ScanCommand({ TableName: table }));
    expect([Items?.length, LastEvaluatedKey !== undefined]).toStrictEqual([2, true]);
  });
});

describe('DescribeStream', () => {
  const rolled = async (times: number): Promise<string[]> => {
    for (let roll = 0; roll < times; roll += 1) await faulty.admin('RollShards', { TableName: table });
    return (await shards()).map(({ ShardId = '' }) => ShardId);
  };

  it('lists children late, to the children filter too', async () => {
    const [parent, child] = await rolled(1);
    await faulty.setFaults(['DescribeStream:late-children=10m']);
    const listed = await shards();
    expect(listed.map(({ ShardId }) => ShardId)).toStrictEqual([parent]);
    expect(listed[0]?.SequenceNumberRange?.EndingSequenceNumber).toBeDefined();
    const children = () =>
      faulty.streams.send(
        new DescribeStreamCommand({
          StreamArn: streamArn,
          ShardFilter: { Type: 'CHILD_SHARDS', ShardId: parent },
        }),
      );
    expect((await children()).StreamDescription?.Shards).toStrictEqual([]);
    await faulty.setFaults(['DescribeStream:late-children=1ms']);
    await expect
      .poll(async () => (await shards()).map(({ ShardId }) => ShardId))
      .toStrictEqual([parent, child]);
  });

  it('leaves a shard out, or lists one twice', async () => {
    const all = await rolled(3);
    await faulty.setFaults(['DescribeStream:missing-shard=count=1']);
    const fewer = (await shards()).map(({ ShardId = '' }) => ShardId);
    expect([fewer.length, fewer.every((shard) => all.includes(shard))]).toStrictEqual([3, true]);
    expect(await shards()).toHaveLength(4);
    await faulty.setFaults(['DescribeStream:repeated-shard=count=1']);
    const more = (await shards()).map(({ ShardId = '' }) => ShardId);
    expect([more.length, new Set(more)]).toStrictEqual([5, new Set(all)]);
  });

  it('fails on a page after the first', async () => {
    await rolled(3);
    await faulty.setFaults(['DescribeStream:small-pages=2', 'DescribeStream:page-error=count=1']);
    const first = await shards();
    expect(first).toHaveLength(2);
    const after = { ExclusiveStartShardId: first.at(-1)?.ShardId ?? '' };
    expect(await failure(shards(after))).toBeInstanceOf(InternalServerError);
    expect(await shards(after)).toHaveLength(2);
  });
});

describe('unprocessed', () => {
  it('gives a part of a batch back that was truly not written', async () => {
    await faulty.setFaults(['BatchWriteItem:unprocessed=100%']);
    const puts = Array.from({ length: 10 }, (_, id) => ({ PutRequest: { Item: item(id) } }));
    const { UnprocessedItems } = await faulty.dynamodb.send(
      new BatchWriteItemCommand({ RequestItems: { [table]: puts } }),
    );
    const back = (UnprocessedItems?.[table] ?? []).map(({ PutRequest }) => Number(PutRequest?.Item?.Id?.N));
    expect(back.length).toBeGreaterThan(0);
    expect(back.length).toBeLessThan(10);
    for (let id = 0; id < 10; id += 1) expect([id, await exists(id)]).toStrictEqual([id, !back.includes(id)]);
    expect(ids(await records(await iterator()))).toHaveLength(10 - back.length);
  });

  it('leaves the refusal of a batch that is too large to DynamoDB', async () => {
    await faulty.setFaults(['BatchWriteItem:unprocessed=100%']);
    const puts = Array.from({ length: 26 }, (_, id) => ({ PutRequest: { Item: item(id) } }));
    const call = faulty.dynamodb.send(new BatchWriteItemCommand({ RequestItems: { [table]: puts } }));
    expect((await failure(call)).name).toBe('ValidationException');
    expect(await exists(0)).toBe(false);
  });

  it('does a batch of one', async () => {
    await faulty.setFaults(['BatchWriteItem:unprocessed=100%']);
    await faulty.dynamodb.send(
      new BatchWriteItemCommand({ RequestItems: { [table]: [{ PutRequest: { Item: item(1) } }] } }),
    );
    expect([await exists(1), await fired()]).toStrictEqual([true, [0]]);
  });

  it('gives keys of a batch of reads back', async () => {
    await putAll(0, 6);
    await faulty.setFaults(['*:unprocessed=100%']);
    const Keys = Array.from({ length: 6 }, (_, id) => item(id));
    const { Responses, UnprocessedKeys } = await faulty.dynamodb.send(
      new BatchGetItemCommand({ RequestItems: { [table]: { Keys, ConsistentRead: true } } }),
    );
    const back = UnprocessedKeys?.[table];
    expect(back?.ConsistentRead).toBe(true);
    expect(
      [...(Responses?.[table] ?? []), ...(back?.Keys ?? [])].map(({ Id }) => Id?.N).sort(),
    ).toStrictEqual(['0', '1', '2', '3', '4', '5']);
  });
});

describe('the plan', () => {
  it('spares the engine itself, and is told apart by key', async () => {
    await faulty.setFaults(['*:error=100%', '*:cut=100%']);
    const { endpoint } = faulty.engine.state;
    expect(await (await fetch(endpoint)).json()).toMatchObject({ faults: ['*:error=100%', '*:cut=100%'] });
    expect((await faulty.getFaults()).Active).toBe(true);
    const stranger = await fetch(endpoint, {
      method: 'POST',
      headers: {
        'x-amz-target': 'DdbcdcEngine.ClearFaults',
        authorization:
          'AWS4-HMAC-SHA256 Credential=other/20260101/us-east-1/x/aws4_request, SignedHeaders=host, Signature=00',
      },
      body: '{}',
    });
    expect(stranger.status).toBe(403);
    expect((await faulty.getFaults()).Active).toBe(true);
  });

  it('is refused whole when one rule is bad', async () => {
    await faulty.setFaults(['PutItem:throttle=100%'], 5);
    const error = await failure(faulty.setFaults(['PutItem:error=10%', 'PutItem:explode=10%']));
    expect(error.message).toContain('there is no fault "explode"');
    expect(await faulty.getFaults()).toStrictEqual({
      Active: true,
      Seed: 5,
      Rules: [{ Rule: 'PutItem:throttle=100%', Calls: 0, Fired: 0 }],
    });
    for (const input of [{}, { Rules: [] }, { Rules: [1] }, { Rules: ['*:error=1%'], Seed: -1 }]) {
      expect((await failure(faulty.admin('SetFaults', input))).message).toContain('ValidationException');
    }
  });

  it('holds up no engine that is to stop', async () => {
    const other = await startFaultyEngine();
    await other.setFaults(['ListTables:delay=15m', 'DescribeTable:delay=15m']);
    const waiting = failure(other.dynamodb.send(new DescribeTableCommand({ TableName: 'none' })));
    await expect.poll(async () => (await other.getFaults()).Rules[1]?.Fired, { interval: 5 }).toBe(1);
    await other[Symbol.asyncDispose]();
    await waiting;
  });
});
