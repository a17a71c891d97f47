import {
  CreateEventSourceMappingCommand,
  type CreateEventSourceMappingCommandInput,
  DeleteEventSourceMappingCommand,
  GetEventSourceMappingCommand,
  type GetEventSourceMappingCommandOutput,
  ListEventSourceMappingsCommand,
  ListTagsCommand,
  TagResourceCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createFunction, type Harness, startHarness } from '../functions/compute-harness.js';
import { FakeStreamSource, STREAM_ARN } from './fake-stream-source.js';

let harness: Harness;
beforeEach(async () => {
  harness = await startHarness(new FakeStreamSource());
});
afterEach(() => harness.close());

const FUNCTION_ARN = 'arn:aws:lambda:us-east-1:000000000000:function:worker';
const HANDLER = `exports.handler = async () => null;`;

function create(input: Partial<CreateEventSourceMappingCommandInput> = {}) {
  return harness.lambda.send(
    new CreateEventSourceMappingCommand({
      FunctionName: 'worker',
      EventSourceArn: STREAM_ARN,
      StartingPosition: 'TRIM_HORIZON',
      ...input,
    }),
  );
}

function settled(UUID: string | undefined, state: string): Promise<GetEventSourceMappingCommandOutput> {
  return vi.waitFor(
    async () => {
      const mapping = await harness.lambda.send(new GetEventSourceMappingCommand({ UUID }));
      expect(mapping.State).toBe(state);
      return mapping;
    },
    { timeout: 10_000, interval: 10 },
  );
}

describe('the event source mappings API', () => {
  it('shows a mapping as AWS does, after a restart too', async () => {
    await createFunction(harness, HANDLER);
    const created = await create({
      BatchSize: 10,
      MaximumBatchingWindowInSeconds: 1,
      ParallelizationFactor: 2,
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: 5,
      MaximumRecordAgeInSeconds: 3600,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      FilterCriteria: { Filters: [{ Pattern: '{"eventName":["INSERT"]}' }] },
      DestinationConfig: { OnFailure: { Destination: 'arn:aws:sqs:us-east-1:000000000000:dead' } },
      Tags: { stack: 's' },
    });
    expect(created.State).toBe('Creating');
    await settled(created.UUID, 'Enabled');
    await harness.restart();
    const { $metadata: _, ...mapping } = await settled(created.UUID, 'Enabled');
    const EventSourceMappingArn = `arn:aws:lambda:us-east-1:000000000000:event-source-mapping:${created.UUID}`;
    expect(mapping).toStrictEqual({
      UUID: created.UUID,
      StartingPosition: 'TRIM_HORIZON',
      BatchSize: 10,
      MaximumBatchingWindowInSeconds: 1,
      ParallelizationFactor: 2,
      EventSourceArn: STREAM_ARN,
      FilterCriteria: { Filters: [{ Pattern: '{"eventName":["INSERT"]}' }] },
      FunctionArn: FUNCTION_ARN,
      LastModified: expect.any(Date),
      LastProcessingResult: 'No records processed',
      State: 'Enabled',
      StateTransitionReason: 'User action',
      DestinationConfig: { OnFailure: { Destination: 'arn:aws:sqs:us-east-1:000000000000:dead' } },
      MaximumRecordAgeInSeconds: 3600,
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: 5,
      TumblingWindowInSeconds: 0,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      EventSourceMappingArn,
    });
    await harness.lambda.send(
      new TagResourceCommand({ Resource: EventSourceMappingArn, Tags: { more: 't' } }),
    );
    const { Tags } = await harness.lambda.send(new ListTagsCommand({ Resource: EventSourceMappingArn }));
    expect(Tags).toStrictEqual({ stack: 's', more: 't' });
  });

  it('has the defaults of AWS', async () => {
    await createFunction(harness, HANDLER);
    const mapping = await create();
    expect(mapping).toMatchObject({
      BatchSize: 100,
      MaximumBatchingWindowInSeconds: 0,
      ParallelizationFactor: 1,
      BisectBatchOnFunctionError: false,
      MaximumRetryAttempts: -1,
      MaximumRecordAgeInSeconds: -1,
      FunctionResponseTypes: [],
      DestinationConfig: { OnFailure: {} },
    });
    expect(mapping.FilterCriteria).toBeUndefined();
  });

  it('refuses a second mapping of the same stream to the same function', async () => {
    await createFunction(harness, HANDLER);
    await createFunction(harness, HANDLER, { FunctionName: 'second' });
    const { UUID } = await create();
    await expect(create({ FunctionName: FUNCTION_ARN })).rejects.toMatchObject({
      name: 'ResourceConflictException',
      message: expect.stringContaining(`existing mapping with UUID ${UUID}`),
      $metadata: { httpStatusCode: 409 },
    });
    await create({ FunctionName: 'second' });
  });

  it.each([
    ['a batch of 0', { BatchSize: 0 }],
    ['a batch of 10,001', { BatchSize: 10_001 }],
    ['a window of 301 s', { MaximumBatchingWindowInSeconds: 301 }],
    ['11 lanes', { ParallelizationFactor: 11 }],
    ['-2 retries', { MaximumRetryAttempts: -2 }],
    ['an age under a minute', { MaximumRecordAgeInSeconds: 30 }],
    ['tumbling windows', { TumblingWindowInSeconds: 10 }],
    ['AT_TIMESTAMP', { StartingPosition: 'AT_TIMESTAMP' }],
    ['no starting position', { StartingPosition: undefined }],
    ['a stream that is not there', { EventSourceArn: STREAM_ARN.replace('table/T', 'table/U') }],
    ['a queue', { EventSourceArn: 'arn:aws:sqs:us-east-1:000000000000:q' }],
    ['a filter that is not JSON', { FilterCriteria: { Filters: [{ Pattern: '{' }] } }],
    [
      'an unknown filter operator',
      { FilterCriteria: { Filters: [{ Pattern: '{"eventName":[{"sounds-like":"x"}]}' }] } },
    ],
    ['six filters', { FilterCriteria: { Filters: Array(6).fill({ Pattern: '{"eventName":["INSERT"]}' }) } }],
    [
      'a destination of another kind',
      {
        DestinationConfig: { OnFailure: { Destination: 'arn:aws:lambda:us-east-1:000000000000:function:f' } },
      },
    ],
  ])('refuses %s', async (_what, input) => {
    await createFunction(harness, HANDLER);
    await expect(create(input as object)).rejects.toMatchObject({ name: 'InvalidParameterValueException' });
    const { EventSourceMappings } = await harness.lambda.send(new ListEventSourceMappingsCommand());
    expect(EventSourceMappings).toStrictEqual([]);
  });

  it('refuses a function that is not there', async () => {
    await expect(create()).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('lists by function and stream, in pages', async () => {
    for (const FunctionName of ['a', 'b', 'c']) {
      await createFunction(harness, HANDLER, { FunctionName });
      await create({ FunctionName });
    }
    const first = await harness.lambda.send(
      new ListEventSourceMappingsCommand({ EventSourceArn: STREAM_ARN, MaxItems: 2 }),
    );
    const second = await harness.lambda.send(
      new ListEventSourceMappingsCommand({ EventSourceArn: STREAM_ARN, Marker: first.NextMarker }),
    );
    const names = [...(first.EventSourceMappings ?? []), ...(second.EventSourceMappings ?? [])].map((each) =>
      each.FunctionArn?.split(':').at(-1),
    );
    expect(names.sort()).toStrictEqual(['a', 'b', 'c']);
    expect(second.NextMarker).toBeUndefined();
    const { EventSourceMappings } = await harness.lambda.send(
      new ListEventSourceMappingsCommand({ FunctionName: 'b' }),
    );
    expect(EventSourceMappings?.map((each) => each.FunctionArn?.split(':').at(-1))).toStrictEqual(['b']);
  });

  it('updates, disables, enables and deletes', async () => {
    await createFunction(harness, HANDLER);
    const { UUID } = await create({ MaximumRetryAttempts: 3 });
    await settled(UUID, 'Enabled');
    const update = (input: object) =>
      harness.lambda.send(new UpdateEventSourceMappingCommand({ UUID, ...input }));
    expect(await update({ BatchSize: 7 })).toMatchObject({
      State: 'Updating',
      BatchSize: 7,
      MaximumRetryAttempts: 3,
    });
    await settled(UUID, 'Enabled');
    expect(await update({ Enabled: false })).toMatchObject({ State: 'Disabling' });
    await settled(UUID, 'Disabled');
    await harness.restart();
    await settled(UUID, 'Disabled');
    expect(await update({ Enabled: true })).toMatchObject({ State: 'Enabling' });
    await settled(UUID, 'Enabled');
    expect(await harness.lambda.send(new DeleteEventSourceMappingCommand({ UUID }))).toMatchObject({
      State: 'Deleting',
    });
    await expect
      .poll(() =>
        harness.lambda.send(new GetEventSourceMappingCommand({ UUID })).catch((error: Error) => error.name),
      )
      .toBe('ResourceNotFoundException');
    const again = await create();
    expect(again.UUID).not.toBe(UUID);
  });
});
