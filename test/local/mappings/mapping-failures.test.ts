import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DeleteFunctionCommand, UpdateEventSourceMappingCommand } from '@aws-sdk/client-lambda';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFunction, type Harness, startHarness } from '../functions/compute-harness.js';
import { FakeStreamSource, STREAM_ARN } from './fake-stream-source.js';
import { batches, createMapping, items, LOGGER, mappingBecomes, range, until } from './mapping-harness.js';

let source: FakeStreamSource;
let harness: Harness;
beforeEach(async () => {
  source = new FakeStreamSource();
  harness = await startHarness(source);
});
afterEach(() => harness.close());

const seen = (): Promise<number[][]> => batches(harness);

describe('an event source mapping whose function or stream fails', () => {
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
    await createMapping(harness, {
      BatchSize: 4,
      MaximumRetryAttempts: 1,
      DestinationConfig: { OnFailure: { Destination: 'arn:aws:sqs:us-east-1:000000000000:dead' } },
    });
    await until(seen, (found) =>
      expect(found).toStrictEqual([
        [0, 1, 2, 3],
        [0, 1, 2, 3],
      ]),
    );
    source.write('shardId-1', items(10, 12));
    await until(seen, (found) => expect(found.flat().slice(-2)).toStrictEqual([10, 11]));
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
    await createMapping(harness, { FunctionResponseTypes: ['ReportBatchItemFailures'] });
    await until(seen, (found) => expect(found).toStrictEqual([range(0, 6), range(2, 6)]));
  });

  it('writes the message of a given-up batch in the form that AWS documents', async () => {
    await createFunction(harness, `exports.handler = async () => { throw new Error('poison'); };`);
    const [first, last] = source.write('shardId-1', items(0, 2));
    await createMapping(harness, {
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
    await createMapping(harness);
    await until(seen, (found) => expect(found).toStrictEqual([[0, 1, 2]]));
  });

  it('waits for a function that was deleted, and says so', async () => {
    await createFunction(harness, LOGGER);
    const UUID = await createMapping(harness);
    await harness.lambda.send(new DeleteFunctionCommand({ FunctionName: 'worker' }));
    source.write('shardId-1', items(0, 3));
    await mappingBecomes(harness, UUID, {
      LastProcessingResult: expect.stringMatching(/^PROBLEM: Function not found/),
    });
    await createFunction(harness, LOGGER);
    await until(seen, (found) => expect(found).toStrictEqual([[0, 1, 2]]));
  });

  it('goes on at the oldest record when those behind its checkpoint were trimmed', async () => {
    await createFunction(harness, LOGGER);
    source.write('shardId-1', items(0, 3));
    const UUID = await createMapping(harness);
    await until(seen, (found) => expect(found.flat()).toStrictEqual(range(0, 3)));
    const update = (Enabled: boolean, State: string): Promise<void> =>
      harness.lambda
        .send(new UpdateEventSourceMappingCommand({ UUID, Enabled }))
        .then(() => mappingBecomes(harness, UUID, { State }));
    await mappingBecomes(harness, UUID, { State: 'Enabled' });
    await update(false, 'Disabled');
    source.write('shardId-1', items(3, 6));
    source.trim('shardId-1');
    source.write('shardId-1', items(6, 9));
    await update(true, 'Enabled');
    await until(seen, (found) => expect(found.flat()).toStrictEqual([0, 1, 2, 6, 7, 8]));
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
    await createMapping(harness);
    await until(seen, (found) => expect(found.flat()).toStrictEqual(range(0, 3)));
    expect(harness.logLines).toContainEqual(expect.stringContaining('disk is sulking'));
  });

  it('begins again at the checkpoint when the disk refuses, and loses nothing', async () => {
    await createFunction(
      harness,
      `exports.handler = async (event) => {
        const ids = event.Records.map((r) => Number(r.dynamodb.Keys.Id.N));
        console.log('BATCH ' + JSON.stringify(ids));
        if (ids.includes(5)) throw new Error('poison');
      };`,
    );
    const folder = join(harness.context.dataDir, 'on-failure');
    await writeFile(folder, 'not a folder');
    source.write('shardId-1', items(0, 20));
    await createMapping(harness, {
      BatchSize: 1,
      ParallelizationFactor: 3,
      MaximumRetryAttempts: 0,
      DestinationConfig: { OnFailure: { Destination: 'arn:aws:sns:us-east-1:000000000000:dead' } },
    });
    await until(
      async () => harness.logLines,
      (lines) => expect(lines).toContainEqual(expect.stringContaining('starting again at the checkpoint')),
    );
    await rm(folder);
    await until(
      () => readdir(join(folder, 'arn_aws_sns_us-east-1_000000000000_dead')).catch(() => []),
      (files) => expect(files).toHaveLength(1),
    );
    await until(seen, (found) => expect(new Set(found.flat())).toStrictEqual(new Set(range(0, 20))));
  });
});
