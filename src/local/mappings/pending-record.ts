// A stream record on its way to the function: kept as the JSON text that the function will get, so that a retry or a
// split never encodes it again and the payload limit is exact.
import type { StreamRecord } from '../../model/wire.js';

export interface PendingRecord {
  readonly sequenceNumber: string;
  readonly json: string;
  readonly bytes: number;
  /** Epoch seconds. */
  readonly createdAt: number;
  /** The item's key as text: records with the same one stay in order. */
  readonly key: string;
}

export function toPending(record: StreamRecord): PendingRecord {
  const json = JSON.stringify(record);
  const created = record.dynamodb?.ApproximateCreationDateTime;
  return {
    sequenceNumber: record.dynamodb?.SequenceNumber ?? '',
    json,
    bytes: Buffer.byteLength(json) + 1,
    createdAt: typeof created === 'number' ? created : Math.floor((created?.getTime() ?? 0) / 1000),
    key: JSON.stringify(record.dynamodb?.Keys ?? {}),
  };
}

const HEAD = '{"Records":[';
const TAIL = ']}';
/** Bytes of an event beside its records. */
export const ENVELOPE_BYTES = HEAD.length + TAIL.length;

export function toEvent(records: readonly PendingRecord[]): Uint8Array {
  return Buffer.from(`${HEAD}${records.map(({ json }) => json).join(',')}${TAIL}`);
}
