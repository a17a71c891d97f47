// One mapping of the test stream to the function `worker`, and what that function has seen, read from its log.
import { FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  CreateEventSourceMappingCommand,
  type CreateEventSourceMappingCommandInput,
  GetEventSourceMappingCommand,
  type GetEventSourceMappingCommandOutput,
} from '@aws-sdk/client-lambda';
import { expect, vi } from 'vitest';
import type { Harness } from '../functions/compute-harness.js';
import { STREAM_ARN } from './fake-stream-source.js';

const LOG_GROUP = '/aws/lambda/worker';

/** Code of a function that logs the ids of each batch as one line, which `batches` reads. */
export const LOGGER = `exports.handler = async (event) => {
  console.log('BATCH ' + JSON.stringify(event.Records.map((r) => Number(r.dynamodb.Keys.Id.N))));
};`;

export async function createMapping(
  harness: Harness,
  input: Partial<CreateEventSourceMappingCommandInput> = {},
): Promise<string> {
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

/** Every batch that the function has logged, in order. */
export async function batches(harness: Harness): Promise<number[][]> {
  const messages = await logged(harness, 'BATCH');
  return messages.map((message) => JSON.parse(message.split('BATCH ')[1] ?? '[]') as number[]);
}

/** Waits until no invocation is under way: what was processed then counts after a restart too. */
export function quiet(harness: Harness): Promise<void> {
  return until(
    () => logged(harness, '?"START RequestId" ?"REPORT RequestId"'),
    (lines) => expect(lines.length % 2).toBe(0),
  );
}

export function mappingBecomes(
  harness: Harness,
  UUID: string,
  members: Partial<GetEventSourceMappingCommandOutput>,
): Promise<void> {
  return until(
    () => harness.lambda.send(new GetEventSourceMappingCommand({ UUID })),
    (mapping) => expect(mapping).toMatchObject(members),
  );
}

/** Reads again and again until the check holds. */
export async function until<T>(read: () => Promise<T>, check: (value: T) => void): Promise<void> {
  await vi.waitFor(async () => check(await read()), { timeout: 30_000, interval: 20 });
}

/** The numbers from `from` up to but not `to`. */
export function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}

export function items(from: number, to: number): { id: number }[] {
  return range(from, to).map((id) => ({ id }));
}

async function logged(harness: Harness, filterPattern: string): Promise<string[]> {
  const found: string[] = [];
  let nextToken: string | undefined;
  do {
    const page = await harness.logs
      .send(new FilterLogEventsCommand({ logGroupName: LOG_GROUP, filterPattern, nextToken }))
      // Before its first invocation the function has no log.
      .catch(() => undefined);
    for (const { message } of page?.events ?? []) found.push(message ?? '');
    nextToken = page?.nextToken;
  } while (nextToken !== undefined);
  return found;
}
