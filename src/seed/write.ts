// Writes many items without losing or inventing one: BatchWriteItem in batches of 25, bounded concurrency, unprocessed
// items and passing faults retried with jittered backoff, every item accounted for as written or failed.

import { setTimeout as sleep } from 'node:timers/promises';
import { BatchWriteItemCommand, type DynamoDBClient, type WriteRequest } from '@aws-sdk/client-dynamodb';
import { isAbort, translateAwsError } from '../target/translate-error.js';
import type { SeedItem } from './items.js';

/** The API's limit for one BatchWriteItem. */
export const BATCH_SIZE = 25;

const FIRST_DELAY_MS = 50;
const LONGEST_DELAY_MS = 5_000;
/** How long one batch may go on without a single item accepted: outlives a restart of the server, not its removal. */
const PATIENCE_MS = 30_000;

export interface SeedOptions {
  readonly dynamodb: DynamoDBClient;
  readonly table: string;
  readonly count: number;
  /** Makes item number `i`, from 0, at the moment its batch is first sent. */
  readonly makeItem: (i: number, nowMs: number) => SeedItem;
  /** Batches in flight. */
  readonly concurrency: number;
  /** Items a second at most; absent: as fast as the table takes them. */
  readonly ratePerSecond?: number;
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: SeedProgress) => void;
  readonly now?: () => number;
  readonly random?: () => number;
}

export interface SeedProgress {
  readonly written: number;
  readonly failed: number;
  /** Items that were sent again. */
  readonly retried: number;
}

export interface SeedResult extends SeedProgress {
  readonly requested: number;
  readonly elapsedMs: number;
  readonly itemsPerSecond: number;
  /** Why items failed, first reason only. */
  readonly error?: string;
}

/** Resolves with the account of every item. After an abort, items not yet sent count as neither written nor failed. */
export async function seedItems(options: SeedOptions): Promise<SeedResult> {
  const { count, concurrency, ratePerSecond, signal, now = Date.now } = options;
  const total = { written: 0, failed: 0, retried: 0 };
  const startedAt = now();
  const batchSize = ratePerSecond === undefined ? BATCH_SIZE : pacedBatchSize(ratePerSecond);
  let next = 0;
  let error: string | undefined;

  async function worker(): Promise<void> {
    while (next < count && !signal.aborted) {
      const first = next;
      const size = Math.min(batchSize, count - first);
      next += size;
      if (ratePerSecond !== undefined) {
        const dueInMs = startedAt + (first / ratePerSecond) * 1000 - now();
        if (dueInMs > 0) await sleep(dueInMs, undefined, { signal }).catch(ignoreAbort);
        if (signal.aborted) return;
      }
      const reason = await writeBatch(first, size);
      error ??= reason;
      options.onProgress?.({ ...total });
    }
  }

  /** Resolves to why some of the batch's items failed, if some did. */
  async function writeBatch(first: number, size: number): Promise<string | undefined> {
    // Made once: a retry of an item that did arrive changes nothing and makes no second stream record.
    const sentAt = now();
    let pending: WriteRequest[] = Array.from({ length: size }, (_, i) => ({
      // The SDK's type wants mutable values; nothing writes to them.
      PutRequest: {
        Item: options.makeItem(first + i, sentAt) as NonNullable<WriteRequest['PutRequest']>['Item'],
      },
    }));
    let lastProgressAt = sentAt;
    for (let attempt = 0; ; attempt += 1) {
      if (attempt > 0) {
        const delay =
          Math.min(FIRST_DELAY_MS * 2 ** (attempt - 1), LONGEST_DELAY_MS) *
          (0.5 + (options.random ?? Math.random)() / 2);
        await sleep(delay, undefined, { signal }).catch(ignoreAbort);
        total.retried += pending.length;
      }
      let reason = 'the table is over its throughput';
      try {
        const answer = await options.dynamodb.send(
          new BatchWriteItemCommand({ RequestItems: { [options.table]: pending } }),
          { abortSignal: signal },
        );
        const unprocessed = answer.UnprocessedItems?.[options.table] ?? [];
        if (unprocessed.length < pending.length) lastProgressAt = now();
        total.written += pending.length - unprocessed.length;
        pending = unprocessed;
      } catch (cause) {
        if (!isAbort(cause)) {
          if (!isPassing(cause)) throw translateAwsError(cause, `table ${options.table}`);
          reason = translateAwsError(cause, `table ${options.table}`).message;
        }
      }
      if (pending.length === 0) return undefined;
      if (signal.aborted || now() - lastProgressAt > PATIENCE_MS) {
        total.failed += pending.length;
        return signal.aborted ? 'interrupted' : reason;
      }
    }
  }

  await Promise.all(Array.from({ length: Math.max(1, concurrency) }, worker));
  const elapsedMs = Math.max(1, now() - startedAt);
  return {
    requested: count,
    ...total,
    elapsedMs,
    itemsPerSecond: Math.round((total.written / elapsedMs) * 1000),
    ...(error === undefined ? {} : { error }),
  };
}

/** At a slow rate small batches, so that items come steadily and not in bursts of 25: up to 40 batches a second. */
function pacedBatchSize(ratePerSecond: number): number {
  return Math.min(BATCH_SIZE, Math.max(1, Math.round(ratePerSecond / 40)));
}

const PASSING = new Set([
  'ProvisionedThroughputExceededException',
  'ThrottlingException',
  'RequestLimitExceeded',
  'InternalServerError',
  'ServiceUnavailable',
  'TimeoutError',
]);
const PASSING_SOCKET_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EAI_AGAIN']);

/** True for faults that go away by themselves: throttling, a server error, a connection that was cut or refused. */
function isPassing(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (PASSING.has(error.name)) return true;
  // Members that Node and the SDK add to errors.
  const { code, $metadata } = error as NodeJS.ErrnoException & { $metadata?: { httpStatusCode?: number } };
  return PASSING_SOCKET_CODES.has(code ?? '') || ($metadata?.httpStatusCode ?? 0) >= 500;
}

function ignoreAbort(error: unknown): void {
  if (!isAbort(error)) throw error;
}
