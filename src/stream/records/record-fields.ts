// The two fields of a raw record that the reader itself needs, in either wire shape.
import type { StreamRecord } from '../../model/wire.js';

/** The sequence number, or empty text for a record without one. */
export function recordSequence(record: StreamRecord): string {
  return record.dynamodb?.SequenceNumber ?? '';
}

/** ApproximateCreationDateTime in ms since the epoch, or undefined for a record without one. */
export function recordCreatedAt(record: StreamRecord): number | undefined {
  const at = record.dynamodb?.ApproximateCreationDateTime;
  if (typeof at === 'number') return Math.round(at * 1_000);
  return at instanceof Date ? at.getTime() : undefined;
}
