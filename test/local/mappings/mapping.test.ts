import { type CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  CreateEventSourceMappingCommand,
  type CreateEventSourceMappingCommandInput,
  GetEventSourceMappingCommand,
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
});
