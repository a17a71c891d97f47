// Reads one page of a shard: a key range of JSON texts.

import { keys, rangeOf } from '../tables/database.js';
import type { LevelDatabase } from '../tables/dynalite.js';
import type { ShardRow } from './stream-state.js';

export const MAX_PAGE_RECORDS = 1_000;
export const MAX_PAGE_BYTES = 1024 * 1024;

export interface RecordPage {
  /** JSON texts in sequence order. */
  readonly texts: readonly string[];
  /** Sequence number of the last record, or the position given. */
  readonly last: string;
  /** True when the shard held nothing more at the time of the read. */
  readonly exhausted: boolean;
}

/** Reads up to `limit` records after a sequence number, at most one megabyte and at least one record. */
export async function readRecords(
  database: LevelDatabase,
  shard: ShardRow,
  after: string,
  limit: number,
): Promise<RecordPage> {
  const prefix = keys.records(shard.number);
  const from =
    shard.trimmedThrough !== undefined && shard.trimmedThrough > after ? shard.trimmedThrough : after;
  const iterator = database.iterator({
    gt: prefix + from,
    lt: rangeOf(prefix).lt,
    limit: limit + 1,
    // One trip to LevelDB for the whole page.
    highWaterMarkBytes: MAX_PAGE_BYTES,
  });
  const texts: string[] = [];
  let last = after;
  let bytes = 0;
  try {
    for (;;) {
      const entries = await iterator.nextv(limit + 1);
      if (entries.length === 0) return { texts, last, exhausted: true };
      for (const [key, text] of entries) {
        bytes += Buffer.byteLength(text) + 1;
        if (texts.length === limit || (texts.length > 0 && bytes > MAX_PAGE_BYTES)) {
          return { texts, last, exhausted: false };
        }
        texts.push(text);
        last = key.slice(prefix.length);
      }
    }
  } finally {
    await iterator.close();
  }
}
