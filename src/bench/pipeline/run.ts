// Write-to-seen: how long after an item was sent its change comes out of the tail. A table of its own is made, seeded at
// a steady rate while it is tailed, and deleted. Works on any target: both clocks are this machine's.
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import type { AttributeMap } from '../../model/wire.js';
import { STAMP_ATTRIBUTE, sampleItem } from '../../seed/items.js';
import { type SeedResult, seedItems } from '../../seed/write.js';
import type { EndEvent } from '../../stream/events.js';
import { tailStream } from '../../stream/tail.js';
import type { Target } from '../../target/target.js';
import { translateAwsError } from '../../target/translate-error.js';
import { type Summary, summarize } from '../statistics.js';

export interface PipelineOptions {
  readonly target: Target;
  readonly table: string;
  readonly ratePerSecond: number;
  readonly count: number;
  readonly signal: AbortSignal;
  readonly onProgress?: (seen: number) => void;
}

export interface PipelineResult {
  readonly written: number;
  readonly seen: number;
  readonly duplicates: number;
  readonly gaps: number;
  /** What was asked for and what the writer reached, in items a second. */
  readonly ratePerSecond: { readonly asked: number; readonly reached: number };
  /** Milliseconds from just before the write was sent to the change in the consumer's hand. */
  readonly writeToSeenMs?: Summary;
}

/** How long the tail may take for what is still under way when the last item is written. */
const PATIENCE_MS = 60_000;
const POLL_INTERVAL_MS = 20;

export async function runPipeline(options: PipelineOptions): Promise<PipelineResult> {
  const { target, table, count, ratePerSecond, signal } = options;
  const dynamodb = await target.clients.dynamodb();
  try {
    await createTable(dynamodb, table, signal);
    const { seeded, end, latencies } = await writeAndTail(options, dynamodb);
    const writeToSeenMs = summarize(latencies);
    return {
      written: seeded.written,
      seen: latencies.length,
      duplicates: end?.duplicates ?? 0,
      gaps: end?.gaps ?? 0,
      ratePerSecond: { asked: ratePerSecond, reached: seeded.itemsPerSecond },
      ...(writeToSeenMs === undefined ? {} : { writeToSeenMs }),
    };
  } catch (error) {
    throw translateAwsError(error, `bench of ${count} changes on table ${table}`);
  } finally {
    // Also after Ctrl-C: the table is this run's own.
    await dynamodb.send(new DeleteTableCommand({ TableName: table })).catch(() => {});
  }
}

async function writeAndTail(options: PipelineOptions, dynamodb: DynamoDBClient) {
  const { target, table, count, ratePerSecond, signal } = options;
  const latencies: number[] = [];
  let end: EndEvent | undefined;
  let seeding: Promise<SeedResult> | undefined;
  const events = tailStream({
    streams: await target.clients.streams(),
    dynamodb,
    table,
    loopback: target.loopback,
    position: { type: 'trim-horizon' },
    follow: true,
    expect: count,
    forMs: (count / ratePerSecond) * 1000 + PATIENCE_MS,
    signal,
  });
  for await (const event of events) {
    if (event.type === 'start') {
      seeding = seedItems({
        dynamodb,
        table,
        count,
        concurrency: 4,
        ratePerSecond,
        makeItem: (i, nowMs) => sampleItem(i, [], nowMs),
        signal,
      });
      // Awaited below; until then a failure must not count as unhandled.
      seeding.catch(() => {});
    } else if (event.type === 'change') {
      const sentAt = stampOf(event.record.dynamodb?.NewImage);
      if (sentAt !== undefined) latencies.push(Date.now() - sentAt);
      if (latencies.length % 100 === 0) options.onProgress?.(latencies.length);
    } else if (event.type === 'end') {
      end = event;
    }
  }
  const seeded = (await seeding) ?? {
    requested: count,
    written: 0,
    failed: 0,
    retried: 0,
    elapsedMs: 0,
    itemsPerSecond: 0,
  };
  return { seeded, end, latencies };
}

function stampOf(image: AttributeMap | undefined): number | undefined {
  const stamp = image?.[STAMP_ATTRIBUTE];
  return stamp !== undefined && 'N' in stamp ? Number(stamp.N) : undefined;
}

async function createTable(dynamodb: DynamoDBClient, table: string, signal: AbortSignal): Promise<void> {
  await dynamodb.send(
    new CreateTableCommand({
      TableName: table,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'Id', AttributeType: 'N' }],
      KeySchema: [{ AttributeName: 'Id', KeyType: 'HASH' }],
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
    }),
    { abortSignal: signal },
  );
  for (;;) {
    const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName: table }), {
      abortSignal: signal,
    });
    if (Table?.TableStatus === 'ACTIVE') return;
    await sleep(POLL_INTERVAL_MS, undefined, { signal });
  }
}
