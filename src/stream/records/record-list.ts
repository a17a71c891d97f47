// The records of one page, each decoded no further than it is asked for: the reader needs their numbers and times, and
// whoever shows them the rest.
import type { StreamRecord } from '../../model/wire.js';
import { recordCreatedAt, recordSequence } from './record-fields.js';

export interface RecordList {
  readonly length: number;
  /** True when each sequence number is known to be above the one before it. */
  readonly isAscending: boolean;
  /** The sequence number, or empty text for a record without one. */
  sequence(at: number): string;
  /** The event id, or empty text for a record without one. */
  eventId(at: number): string;
  /** ApproximateCreationDateTime in ms since the epoch, or undefined for a record without one. */
  createdAt(at: number): number | undefined;
  record(at: number): StreamRecord;
  /** Gives back what the page holds, once everything that is wanted of it was made: the list is empty from then on. */
  release(): void;
}

/** Records that are parsed already. */
export function parsedRecords(records: readonly StreamRecord[]): RecordList {
  const recordAt = (at: number): StreamRecord => records[at] ?? {};
  return {
    length: records.length,
    isAscending: false,
    sequence: (at) => recordSequence(recordAt(at)),
    eventId: (at) => recordAt(at).eventID ?? '',
    createdAt: (at) => recordCreatedAt(recordAt(at)),
    record: recordAt,
    release() {},
  };
}

export const NO_RECORDS: RecordList = parsedRecords([]);

/** Those of a list whose indexes are given, in that order. */
export function pickRecords(list: RecordList, indexes: readonly number[]): RecordList {
  const indexAt = (at: number): number => indexes[at] ?? -1;
  return {
    length: indexes.length,
    isAscending: list.isAscending,
    sequence: (at) => list.sequence(indexAt(at)),
    eventId: (at) => list.eventId(indexAt(at)),
    createdAt: (at) => list.createdAt(indexAt(at)),
    record: (at) => list.record(indexAt(at)),
    release: () => list.release(),
  };
}
