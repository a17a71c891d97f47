// Factories for the events of a tail.
import { decodeRecord, type Model } from '../../../src/model/index.js';
import type { AttributeMap, StreamRecord } from '../../../src/model/wire.js';
import type { BatchEvent, ChangeEvent, EndEvent, StartEvent } from '../../../src/stream/events.js';

export const SHARD = 'shardId-00000001795433269000-864758bb';
export const STREAM_ARN =
  'arn:aws:dynamodb:us-east-1:123456789012:table/SampleStreamTable/stream/2026-11-23T11:27:49.000';
/** 2026-11-23 14:03:07 UTC. */
export const AT_SECONDS = Date.UTC(2026, 10, 23, 14, 3, 7) / 1000;

export interface RecordParts {
  readonly event?: 'INSERT' | 'MODIFY' | 'REMOVE';
  readonly keys?: AttributeMap;
  readonly newImage?: AttributeMap;
  readonly oldImage?: AttributeMap;
  readonly seq?: string;
  readonly ttl?: boolean;
}

export function makeRecord(parts: RecordParts = {}): StreamRecord {
  const { event = 'INSERT', keys = { Id: { N: '42' } }, newImage, oldImage, seq = '100', ttl } = parts;
  return {
    eventID: `event-${seq}`,
    eventName: event,
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: 'us-east-1',
    ...(ttl === true ? { userIdentity: { Type: 'Service', PrincipalId: 'dynamodb.amazonaws.com' } } : {}),
    dynamodb: {
      ApproximateCreationDateTime: AT_SECONDS,
      Keys: keys,
      ...(newImage === undefined ? {} : { NewImage: newImage }),
      ...(oldImage === undefined ? {} : { OldImage: oldImage }),
      SequenceNumber: seq,
      SizeBytes: 59,
      StreamViewType: 'NEW_AND_OLD_IMAGES',
    },
  };
}

export function makeChange(parts: RecordParts = {}, model?: Model): ChangeEvent {
  const record = makeRecord(parts);
  return {
    type: 'change',
    change: decodeRecord(record, model),
    record,
    shard: SHARD,
    streamArn: STREAM_ARN,
    batch: 1,
  };
}

export function sampleImage(id: number): AttributeMap {
  return {
    Id: { N: String(id) },
    Message: { S: `A message for Id ${id}` },
    EntityType: { S: 'Message' },
  };
}

export function makeStart(overrides: Partial<StartEvent> = {}): StartEvent {
  return {
    type: 'start',
    table: 'SampleStreamTable',
    streamArn: STREAM_ARN,
    viewType: 'NEW_IMAGE',
    from: 'latest',
    shards: 1,
    ...overrides,
  };
}

export function makeBatch(overrides: Partial<BatchEvent> = {}): BatchEvent {
  return {
    type: 'batch',
    batch: 1,
    shard: SHARD,
    records: 1,
    duplicates: 0,
    filtered: 0,
    fetchMs: 12.4,
    decodeMs: 0.31234,
    lagMs: 950,
    ...overrides,
  };
}

export function makeEnd(overrides: Partial<EndEvent> = {}): EndEvent {
  return {
    type: 'end',
    reason: 'interrupted',
    records: 500,
    shown: 500,
    filtered: 0,
    undecodable: 0,
    batches: 12,
    duplicates: 0,
    gaps: 0,
    reads: 14,
    throttles: 0,
    retries: 0,
    stalls: 0,
    shards: { open: 1, closed: 0, waiting: 0 },
    lagMs: { now: 950, p50: 900, p99: 1200 },
    elapsedMs: 3200,
    ...overrides,
  };
}
