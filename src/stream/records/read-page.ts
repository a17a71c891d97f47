// A page as it travels from a shard's reader to the consumer: its new records, and what was left out and why.
import type { BatchEvent } from '../events.js';
import { isOlderThan } from './creation-time.js';
import { pickRecords, type RecordList } from './record-list.js';
import { compareSequences } from './sequence.js';

export interface ReadPage {
  readonly shard: string;
  readonly streamArn: string;
  /** Those not seen before and not older than the start, in order. */
  readonly records: RecordList;
  readonly duplicates: number;
  /** Before the position that the tail was asked to start at. */
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
  readonly records: RecordList;
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
  /** The first sequence number that is wanted, where the iterator did not see to that. */
  readonly from: string | undefined;
  /** The last sequence number that is wanted. */
  readonly until: string | undefined;
}

/**
 * Leaves out what was seen before and what is out of bounds. Sequence numbers ascend from page to page of a shard, so
 * the highest one seen is all the memory that this takes.
 */
export function siftRecords(records: RecordList, bounds: SiftBounds): SiftedRecords {
  const { dropBefore, from, until } = bounds;
  const count = records.length;
  let { last } = bounds;
  // Most pages are ascending and all new: two numbers tell.
  const isAllNew =
    records.isAscending && count > 0 && (last === undefined || isAfter(records.sequence(0), last));
  const isWithin = until === undefined || (isAllNew && isAfter(until, records.sequence(count - 1)));
  const isInBounds = isAllNew && isWithin && from === undefined;
  if (isInBounds && dropBefore === undefined) {
    return { records, duplicates: 0, skipped: 0, last: records.sequence(count - 1), passedEnd: false };
  }
  let duplicates = 0;
  let skipped = 0;
  let passedEnd = false;
  const kept: number[] = [];
  for (let at = 0; at < count; at += 1) {
    if (!isInBounds) {
      const seq = records.sequence(at);
      if (until !== undefined && isAfter(seq, until)) {
        passedEnd = true;
        break;
      }
      if (last === undefined || isAfter(seq, last)) last = seq;
      else if (isRepeated(records, at, bounds.last)) {
        duplicates += 1;
        continue;
      }
    }
    if (from !== undefined && isAfter(from, records.sequence(at))) {
      skipped += 1;
      continue;
    }
    const createdAt = dropBefore === undefined ? undefined : records.createdAt(at);
    if (createdAt !== undefined && dropBefore !== undefined && isOlderThan(createdAt, dropBefore))
      skipped += 1;
    else kept.push(at);
  }
  if (isInBounds) last = records.sequence(count - 1);
  if (until !== undefined && last !== undefined && !isAfter(until, last)) passedEnd = true;
  return {
    records: kept.length === count ? records : pickRecords(records, kept),
    duplicates,
    skipped,
    last,
    passedEnd,
  };
}

/**
 * True for a record whose number is not above those before it because it was read before. Numbers ascend on AWS; a
 * server of many threads may give a number late, or twice, and only the event id shows that it is another change.
 */
function isRepeated(records: RecordList, at: number, last: string | undefined): boolean {
  if (last !== undefined && !isAfter(records.sequence(at), last)) return true;
  const eventId = records.eventId(at);
  if (eventId === '') return true;
  for (let before = 0; before < at; before += 1) if (records.eventId(before) === eventId) return true;
  return false;
}

function isAfter(a: string, b: string): boolean {
  return compareSequences(a, b) > 0;
}
