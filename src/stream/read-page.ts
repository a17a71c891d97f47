// A page as it travels from a shard's reader to the consumer: its new records, and what was left out and why.
import type { StreamRecord } from '../model/wire.js';
import type { BatchEvent } from './events.js';
import { recordCreatedAt, recordSequence } from './record-fields.js';
import { compareSequences } from './sequence.js';
import { isOlderThan } from './shard-start.js';

export interface ReadPage {
  readonly shard: string;
  readonly streamArn: string;
  /** Those not seen before and not older than the start, in order. */
  readonly records: readonly StreamRecord[];
  readonly duplicates: number;
  /** Older than the position that the tail was asked to start at. */
  readonly skipped: number;
  /** The highest sequence number read from the shard so far. */
  readonly last: string | undefined;
  readonly fetchMs: number;
  /** ≈ now minus the newest record's creation time, when the page arrived. */
  readonly lagMs: number;
  readonly cause?: NonNullable<BatchEvent['cause']>;
  /** The consumer has it: its slot is free, and its shard may be read on. */
  readonly release: () => void;
}

export interface SiftedRecords {
  readonly records: readonly StreamRecord[];
  readonly duplicates: number;
  readonly skipped: number;
  /** The highest sequence number so far, of this page and before it. */
  readonly last: string | undefined;
  /** True when a record beyond `until` was met: the range is read. */
  readonly passedEnd: boolean;
}

export interface SiftBounds {
  readonly last: string | undefined;
  readonly dropBefore: number | undefined;
  /** The last sequence number that is wanted. */
  readonly until: string | undefined;
}

/**
 * Leaves out what was seen before and what is out of bounds. Sequence numbers ascend within a shard, so the highest one
 * seen is all the memory that this takes.
 */
export function siftRecords(records: readonly StreamRecord[], bounds: SiftBounds): SiftedRecords {
  let { last } = bounds;
  let duplicates = 0;
  let skipped = 0;
  let passedEnd = false;
  const kept: StreamRecord[] = [];
  for (const record of records) {
    const seq = recordSequence(record);
    if (bounds.until !== undefined && compareSequences(seq, bounds.until) > 0) {
      passedEnd = true;
      break;
    }
    if (last !== undefined && compareSequences(seq, last) <= 0) {
      duplicates += 1;
      continue;
    }
    last = seq;
    if (bounds.dropBefore !== undefined) {
      const createdAt = recordCreatedAt(record);
      if (createdAt !== undefined && isOlderThan(createdAt, bounds.dropBefore)) {
        skipped += 1;
        continue;
      }
    }
    kept.push(record);
  }
  if (bounds.until !== undefined && last !== undefined && compareSequences(last, bounds.until) >= 0) {
    passedEnd = true;
  }
  return { records: kept, duplicates, skipped, last, passedEnd };
}
