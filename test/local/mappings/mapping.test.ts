import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  CreateEventSourceMappingCommand,
  type CreateEventSourceMappingCommandInput,
  DeleteFunctionCommand,
  GetEventSourceMappingCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createFunction, type Harness, startHarness } from '../functions/compute-harness.js';
import { FakeStreamSource, STREAM_ARN } from './fake-stream-source.js';

let source: FakeStreamSource;
let harness: Harness;
beforeEach(async () => {
  source = new FakeStreamSource();
  harness = await startHarness(source);
});
afterEach(() => harness.close());

/** Logs the ids of each batch as one line. */
const LOGGER = `exports.handler = async (event) => { console.log('BATCH ' + JSON.stringify(event.Records.map((r) => Number(r.dynamodb.Keys.Id.N)))); };`;

async function createMapping(input: Partial<CreateEventSourceMappingCommandInput> = {}): Promise<string> {
  const { UUID } = await harness.lambda.send(
    new CreateEventSourceMappingCommand({
      FunctionName: 'worker',
      EventSourceArn: STREAM_ARN,
      StartingPosition: 'TRIM_HORIZON',
      ...input,
    }),
  );
  return UUID ?? '';
}

async function batches(logs: CloudWatchLogsClient = harness.logs): Promise<number[][]> {
  const found: number[][] = [];
  let nextToken: string | undefined;
  do {
    const page = await logs
      .send(
        new FilterLogEventsCommand({ logGroupName: '/aws/lambda/worker', filterPattern: 'BATCH', nextToken }),
      )
      .catch(() => undefined);
    for (const { message } of page?.events ?? []) found.push(JSON.parse(message?.split('BATCH ')[1] ?? '[]'));
    nextToken = page?.nextToken;
  } while (nextToken !== undefined);
  return found;
}

/** Waits until no invocation is under way: what was processed then counts after a restart too. */
const quiet = (): Promise<void> =>
  vi.waitFor(
    async () => {
      const { events = [] } = await harness.logs.send(
        new FilterLogEventsCommand({
          logGroupName: '/aws/lambda/worker',
          filterPattern: '?"START RequestId" ?"REPORT RequestId"',
        }),
      );
      expect(events.length % 2).toBe(0);
    },
    { timeout: 30_000, interval: 20 },
  );

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from }, (_, index) => from + index);
const items = (from: number, to: number) => range(from, to).map((id) => ({ id }));
const until = <T>(read: () => Promise<T>, check: (value: T) => void): Promise<void> =>
  vi.waitFor(async () => check(await read()), { timeout: 30_000, interval: 20 });

describe('an event source mapping', () => {
  it('gives every record once, in order, in batches of the size asked for', async () => {
    source.write('shardId-1', items(0, 250));
    await createFunction(harness, LOGGER);
    const UUID = await createMapping({ BatchSize: 100 });
    await until(batches, (found) => expect(found.flat()).toStrictEqual(range(0, 250)));
    expect((await batches()).map((batch) => batch.length)).toStrictEqual([100, 100, 50]);
    source.write('shardId-1', items(250, 260));
    await until(batches, (found) => expect(found.flat()).toStrictEqual(range(0, 260)));
    await until(
      () => harness.lambda.send(new GetEventSourceMappingCommand({ UUID })),
      (mapping) => expect(mapping).toMatchObject({ State: 'Enabled', LastProcessingResult: 'OK' }),
    );
  });

  it('goes on behind its checkpoint after a restart', async () => {
    source.write('shardId-1', items(0, 30));
    await createFunction(harness, LOGGER);
    await createMapping({ BatchSize: 10 });
    await until(batches, (found) => expect(found.flat()).toStrictEqual(range(0, 30)));
    await quiet();
    await harness.restart();
    source.write('shardId-1', items(30, 40));
    await until(batches, (found) => expect(found.flat()).toStrictEqual(range(0, 40)));
  });

  it('starts at LATEST behind what is there, and reads later shards from their beginning', async () => {
    source.write('shardId-1', items(0, 10));
    await createFunction(harness, LOGGER);
    const UUID = await createMapping({ StartingPosition: 'LATEST' });
    await until(
      () => harness.lambda.send(new GetEventSourceMappingCommand({ UUID })),
      ({ State }) => expect(State).toBe('Enabled'),
    );
    source.write('shardId-1', items(10, 20));
    source.openShard('shardId-2', 'shardId-1');
    source.write('shardId-2', items(20, 30));
    source.closeShard('shardId-1');
    await until(batches, (found) => expect(found.flat()).toStrictEqual(range(10, 30)));
  });

  it('reads a child only when its parent is done', async () => {
    source.openShard('shardId-2', 'shardId-1');
    source.write('shardId-2', items(50, 60));
    source.write('shardId-1', items(0, 50));
    await createFunction(harness, LOGGER);
    await createMapping();
    await until(batches, (found) => expect(found.flat()).toStrictEqual(range(0, 50)));
    source.closeShard('shardId-1');
    await until(batches, (found) => expect(found.flat()).toStrictEqual(range(0, 60)));
  });

  it('retries a failed batch, then gives it up and tells the destination', async () => {
    await createFunction(
      harness,
      `exports.handler = async (event) => {
        const ids = event.Records.map((r) => Number(r.dynamodb.Keys.Id.N));
        console.log('BATCH ' + JSON.stringify(ids));
        if (ids.includes(3)) throw new Error('poison');
      };`,
    );
    const [first, , , last] = source.write('shardId-1', items(0, 4));
    await createMapping({
      BatchSize: 4,
      MaximumRetryAttempts: 1,
      DestinationConfig: { OnFailure: { Destination: 'arn:aws:sqs:us-east-1:000000000000:dead' } },
    });
    await until(batches, (found) =>
      expect(found).toStrictEqual([
        [0, 1, 2, 3],
        [0, 1, 2, 3],
      ]),
    );
    source.write('shardId-1', items(10, 12));
    await until(batches, (found) => expect(found.flat().slice(-2)).toStrictEqual([10, 11]));
    expect(harness.logLines).toContainEqual(
      expect.stringContaining(`${first} to ${last}: RetryAttemptsExhausted`),
    );
  });

  it('retries from the lowest reported record on', async () => {
    await createFunction(
      harness,
      `let failed = false;
      exports.handler = async (event) => {
        const ids = event.Records.map((r) => Number(r.dynamodb.Keys.Id.N));
        console.log('BATCH ' + JSON.stringify(ids));
        if (failed) return { batchItemFailures: [] };
        failed = true;
        return { batchItemFailures: [4, 2].map((i) => ({ itemIdentifier: event.Records[i].dynamodb.SequenceNumber })) };
      };`,
    );
    source.write('shardId-1', items(0, 6));
    await createMapping({ FunctionResponseTypes: ['ReportBatchItemFailures'] });
    await until(batches, (found) => expect(found).toStrictEqual([range(0, 6), range(2, 6)]));
  });

  it('writes the message of a given-up batch in the form that AWS documents', async () => {
    await createFunction(harness, `exports.handler = async () => { throw new Error('poison'); };`);
    const [first, last] = source.write('shardId-1', items(0, 2));
    await createMapping({
      MaximumRetryAttempts: 0,
      DestinationConfig: { OnFailure: { Destination: 'arn:aws:sqs:us-east-1:000000000000:dead' } },
    });
    const path = join(
      harness.context.dataDir,
      'on-failure/arn_aws_sqs_us-east-1_000000000000_dead',
      `shardId-1-${first}-${last}.json`,
    );
    await until(
      () => readFile(path, 'utf8').catch(() => '{}'),
      (text) =>
        expect(JSON.parse(text)).toStrictEqual({
          requestContext: {
            requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
            functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:worker',
            condition: 'RetryAttemptsExhausted',
            approximateInvokeCount: 1,
          },
          responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
          version: '1.0',
          timestamp: expect.any(String),
          DDBStreamBatchInfo: {
            shardId: 'shardId-1',
            startSequenceNumber: first,
            endSequenceNumber: last,
            approximateArrivalOfFirstRecord: expect.stringMatching(/:\d\dZ$/),
            approximateArrivalOfLastRecord: expect.stringMatching(/:\d\dZ$/),
            batchSize: 2,
            streamArn: STREAM_ARN,
          },
        }),
    );
  });

  it('delivers what its filters let through, and counts the rest as done', async () => {
    await createFunction(harness, LOGGER);
    source.write('shardId-1', items(0, 50));
    await createMapping({
      BatchSize: 10,
      FilterCriteria: { Filters: [{ Pattern: '{"dynamodb":{"Keys":{"Id":{"N":["3","44"]}}}}' }] },
    });
    await until(batches, (found) => expect(found.flat()).toStrictEqual([3, 44]));
    await quiet();
    await harness.restart();
    source.write('shardId-1', items(44, 45));
    await until(batches, (found) => expect(found.flat()).toStrictEqual([3, 44, 44]));
  });

  it('keeps the order of each item over parallel lanes', async () => {
    await createFunction(
      harness,
      `exports.handler = async (event) => {
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 20));
        console.log('BATCH ' + JSON.stringify(event.Records.map((r) => Number(r.dynamodb.NewImage.Text.S))));
      };`,
    );
    const writes = range(0, 200).map((index) => ({ id: index % 7, text: String(index) }));
    source.write('shardId-1', writes);
    await createMapping({ BatchSize: 5, ParallelizationFactor: 4 });
    await until(batches, (found) => expect(found.flat()).toHaveLength(200));
    const seen = (await batches()).flat();
    expect([...seen].sort((a, b) => a - b)).toStrictEqual(range(0, 200));
    for (const id of range(0, 7)) {
      const mine = seen.filter((index) => index % 7 === id);
      expect(mine).toStrictEqual([...mine].sort((a, b) => a - b));
    }
  });

  it('gathers a batch for as long as its window, or until it is full', async () => {
    await createFunction(harness, LOGGER);
    await createMapping({ BatchSize: 4, MaximumBatchingWindowInSeconds: 1 });
    for (const id of range(0, 6)) source.write('shardId-1', [{ id }]);
    await until(batches, (found) => expect(found).toStrictEqual([range(0, 4), range(4, 6)]));
  });

  it('cuts a batch at the payload limit of 6 MB', async () => {
    await createFunction(harness, LOGGER, { MemorySize: 1024 });
    source.write(
      'shardId-1',
      range(0, 40).map((id) => ({ id, text: 'x'.repeat(400_000) })),
    );
    await createMapping({ BatchSize: 10_000 });
    await until(batches, (found) => expect(found.flat()).toStrictEqual(range(0, 40)));
    expect(Math.max(...(await batches()).map((batch) => batch.length))).toBe(15);
  });

  it('gives a batch again when its function dies in it', async () => {
    await createFunction(
      harness,
      `const { existsSync, writeFileSync } = require('node:fs');
      exports.handler = async (event) => {
        const mark = process.env.HOME + '/died';
        if (!existsSync(mark)) { writeFileSync(mark, ''); process.kill(process.pid, 'SIGKILL'); }
        console.log('BATCH ' + JSON.stringify(event.Records.map((r) => Number(r.dynamodb.Keys.Id.N))));
      };`,
    );
    source.write('shardId-1', items(0, 3));
    await createMapping();
    await until(batches, (found) => expect(found).toStrictEqual([[0, 1, 2]]));
  });

  it('waits for a function that was deleted, and says so', async () => {
    await createFunction(harness, LOGGER);
    const UUID = await createMapping();
    await harness.lambda.send(new DeleteFunctionCommand({ FunctionName: 'worker' }));
    source.write('shardId-1', items(0, 3));
    await until(
      () => harness.lambda.send(new GetEventSourceMappingCommand({ UUID })),
      ({ LastProcessingResult }) => expect(LastProcessingResult).toMatch(/^PROBLEM: Function not found/),
    );
    await createFunction(harness, LOGGER);
    await until(batches, (found) => expect(found).toStrictEqual([[0, 1, 2]]));
  });

  it('goes on at the oldest record when those behind its checkpoint were trimmed', async () => {
    await createFunction(harness, LOGGER);
    source.write('shardId-1', items(0, 3));
    const UUID = await createMapping();
    await until(batches, (found) => expect(found.flat()).toStrictEqual(range(0, 3)));
    const update = (Enabled: boolean, State: string): Promise<void> =>
      harness.lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled })).then(() =>
        until(
          () => harness.lambda.send(new GetEventSourceMappingCommand({ UUID })),
          (mapping) => expect(mapping.State).toBe(State),
        ),
      );
    await until(
      () => harness.lambda.send(new GetEventSourceMappingCommand({ UUID })),
      (mapping) => expect(mapping.State).toBe('Enabled'),
    );
    await update(false, 'Disabled');
    source.write('shardId-1', items(3, 6));
    source.trim('shardId-1');
    source.write('shardId-1', items(6, 9));
    await update(true, 'Enabled');
    await until(batches, (found) => expect(found.flat()).toStrictEqual([0, 1, 2, 6, 7, 8]));
    expect(harness.logLines).toContainEqual(expect.stringContaining('were trimmed'));
  });

  it('outlives a stream that cannot be read for a while', async () => {
    await createFunction(harness, LOGGER);
    let failures = 1;
    source.onRead = () => {
      failures -= 1;
      if (failures >= 0) throw new Error('disk is sulking');
    };
    source.write('shardId-1', items(0, 3));
    await createMapping();
    await until(batches, (found) => expect(found.flat()).toStrictEqual(range(0, 3)));
    expect(harness.logLines).toContainEqual(expect.stringContaining('disk is sulking'));
  });
});
