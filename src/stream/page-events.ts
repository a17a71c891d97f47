// A page becomes events: its changes, decoded and chosen, and the batch line that accounts for them.
import type { Change, Model } from '../model/change.js';
import type { StreamRecord } from '../model/wire.js';
import type { BatchEvent, ChangeEvent } from './events.js';
import type { Ledger } from './ledger.js';
import type { ReadPage } from './read-page.js';
import { recordSequence } from './record-fields.js';

export type Decode<T> = (record: StreamRecord, model?: Model<T>) => Change<T>;

/** `seed` puts the time at which it sent an item, in ms since the epoch, into this attribute as N. */
const STAMP_ATTRIBUTE = 'SeededAt';

export interface PageEventsOptions<T> {
  readonly decode: Decode<T>;
  readonly model: Model<T> | undefined;
  readonly select: ((change: Change<T>, record: StreamRecord) => boolean) | undefined;
  readonly ledger: Ledger;
  /** The page ends after this many shown changes; the rest is not accounted for. */
  readonly most: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export interface PageEvents<T> {
  readonly changes: readonly ChangeEvent<T>[];
  readonly batch: BatchEvent;
  /** How far the shard is read with this batch; less than the page when a limit cut it. */
  readonly last: string | undefined;
}

export function toPageEvents<T>(page: ReadPage, options: PageEventsOptions<T>): PageEvents<T> {
  const { decode, model, select, ledger, most, now } = options;
  const { shard, streamArn, duplicates, fetchMs, lagMs } = page;
  const batch = ledger.nextBatch;
  const changes: ChangeEvent<T>[] = [];
  let filtered = 0;
  let read = 0;
  let writeToSeenMs: number | undefined;
  const before = performance.now();
  for (const record of page.records) {
    if (changes.length >= most) break;
    read += 1;
    const sentAt = stampOf(record);
    if (sentAt !== undefined) writeToSeenMs = Math.max(writeToSeenMs ?? 0, now - sentAt);
    const change = decode(record, model);
    const isShown = select === undefined || select(change, record);
    ledger.change(isShown ? 'shown' : 'filtered', change.issues !== undefined);
    if (isShown) changes.push({ type: 'change', change, record, shard, streamArn, batch });
    else filtered += 1;
  }
  const decodeMs = Math.round((performance.now() - before) * 100) / 100;
  ledger.batch(page, read);
  const isCut = read < page.records.length;
  const lastRead = page.records[read - 1];
  return {
    changes,
    last: !isCut ? page.last : lastRead === undefined ? undefined : recordSequence(lastRead),
    batch: {
      type: 'batch',
      batch,
      shard,
      records: read,
      duplicates,
      filtered,
      fetchMs,
      decodeMs,
      lagMs,
      ...(writeToSeenMs === undefined ? {} : { writeToSeenMs }),
      ...(page.cause === undefined ? {} : { cause: page.cause }),
    },
  };
}

function stampOf(record: StreamRecord): number | undefined {
  const stamp = record.dynamodb?.NewImage?.[STAMP_ATTRIBUTE];
  if (stamp === undefined || !('N' in stamp)) return undefined;
  const sentAt = Number(stamp.N);
  return Number.isFinite(sentAt) ? sentAt : undefined;
}
