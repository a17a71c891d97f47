// What becomes of a page when the consumer takes it: its changes, decoded and chosen, or their lines as bytes.
import type { Change, Model } from '../../model/change.js';
import type { AttributeMap, StreamRecord } from '../../model/wire.js';
import type { ChangeEvent, LinesEvent } from '../events.js';
import type { ReadPage } from '../records/read-page.js';

/** What a page holds, for the one who takes it. `Content` is what its changes became. */
export interface OpenedPage<Content> {
  readonly content: readonly Content[];
  /** Records that are accounted for: less than the page when a limit cut it. */
  readonly read: number;
  readonly shown: number;
  readonly undecodable: number;
  /** When the oldest of the items that `seed` stamped was sent, in ms since the epoch. */
  readonly sentAt?: number;
}

export interface PageContext {
  /** The batch's number, from 1. */
  readonly batch: number;
  /** The page ends after this many shown changes; the rest is not accounted for. */
  readonly most: number;
}

export type OpenPage<Content> = (page: ReadPage, context: PageContext) => OpenedPage<Content>;

export type Decode<T> = (record: StreamRecord, model?: Model<T>) => Change<T>;

/** Opens pages as one event a change. `select` is false for a change that is counted and not shown. */
export function openAsChanges<T>(
  decode: Decode<T>,
  model: Model<T> | undefined,
  select: ((change: Change<T>, record: StreamRecord) => boolean) | undefined,
): OpenPage<ChangeEvent<T>> {
  return ({ records, shard, streamArn }, { batch, most }) => {
    const content: ChangeEvent<T>[] = [];
    let undecodable = 0;
    let read = 0;
    let sentAt: number | undefined;
    for (; read < records.length && content.length < most; read += 1) {
      const record = records.record(read);
      sentAt = earlier(sentAt, stampOf(record.dynamodb?.NewImage));
      const change = decode(record, model);
      if (change.issues !== undefined) undecodable += 1;
      if (select === undefined || select(change, record)) {
        content.push({ type: 'change', change, record, shard, streamArn, batch });
      }
    }
    return { content, read, shown: content.length, undecodable, ...(sentAt === undefined ? {} : { sentAt }) };
  };
}

/** The lines of a page's first changes. */
export interface EncodedLines {
  /** To be used before the next page is encoded: the buffer is written over. */
  readonly bytes: Uint8Array;
  readonly lines: number;
  readonly undecodable: number;
  readonly sentAt?: number;
}

/** Makes a line, with its line end, of each of the page's changes, up to `most`. */
export type EncodeLines = (page: ReadPage, context: PageContext) => EncodedLines;

/** Opens pages as the lines of all their changes at once, for a consumer that only passes them on. */
export function openAsLines(encode: EncodeLines): OpenPage<LinesEvent> {
  return (page, context) => {
    const { bytes, lines, undecodable, sentAt } = encode(page, context);
    const content: LinesEvent[] = lines === 0 ? [] : [{ type: 'lines', bytes, lines }];
    return { content, read: lines, shown: lines, undecodable, ...(sentAt === undefined ? {} : { sentAt }) };
  };
}

/** `seed` puts the time at which it sent an item, in ms since the epoch, into this attribute as N. */
export const STAMP_ATTRIBUTE = 'SeededAt';

/** When `seed` sent the item of this image, in ms since the epoch; undefined for any other item. */
export function stampOf(image: AttributeMap | null | undefined): number | undefined {
  const stamp = image?.[STAMP_ATTRIBUTE];
  if (stamp === undefined || stamp === null || !('N' in stamp)) return undefined;
  const sentAt = Number(stamp.N);
  return Number.isFinite(sentAt) ? sentAt : undefined;
}

/** The earlier of two times of which either may be unknown. */
export function earlier(a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return Math.min(a, b);
}
