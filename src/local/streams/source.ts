// The engine's own reader of streams: event source mappings read here what GetRecords would give, in Lambda's shape.
import type { StreamRecord } from '../../model/wire.js';
import type { SourcePosition, SourceShard, StreamSource } from '../stream-source.js';
import type { Catalog } from '../tables/catalog.js';
import { requireShard, requireStream } from './operations.js';
import { readRecords } from './read-records.js';
import { previousSequence, SEQUENCE_ZERO, sequenceAt } from './sequence.js';
import type { ShardRow } from './stream-state.js';

/** Makes the StreamSource. `read` throws ServiceError ResourceNotFoundException for a stream or shard that is gone. */
export function streamSource(catalog: Catalog): StreamSource {
  return {
    async describe(streamArn) {
      const stream = catalog.streamLog.streams.get(streamArn);
      if (stream === undefined) return undefined;
      return {
        streamArn,
        tableName: stream.row.tableName,
        status: stream.enabled ? 'ENABLED' : 'DISABLED',
        shards: stream.shards.map((shard) => sourceShard(shard.row)),
      };
    },
    async read(streamArn, shardId, from, limit) {
      const stream = requireStream(catalog, streamArn);
      // Taken before the read, as in GetRecords.
      const { row } = requireShard(stream, shardId);
      const page = await readRecords(catalog.commits.database, row, startAfter(catalog, from), limit);
      return {
        records: page.texts.map((text) => lambdaRecord(text, streamArn)),
        drained: row.end !== undefined && page.exhausted,
      };
    },
    async latest(streamArn, shardId) {
      const shard = catalog.streamLog.streams.get(streamArn)?.find(shardId);
      if (shard === undefined) return undefined;
      return shard.row.end ?? catalog.streamLog.options.sequence.last;
    },
    subscribe(streamArn, listener) {
      const stream = catalog.streamLog.streams.get(streamArn);
      if (stream === undefined) return () => {};
      // A wrapper of its own, so that the same listener may subscribe twice.
      const entry = (): void => listener();
      stream.listeners.add(entry);
      return () => {
        stream.listeners.delete(entry);
      };
    },
  };
}

function startAfter(catalog: Catalog, from: SourcePosition): string {
  switch (from.type) {
    case 'TRIM_HORIZON':
      return SEQUENCE_ZERO;
    case 'LATEST':
      return catalog.streamLog.options.sequence.last;
    case 'AFTER_SEQUENCE_NUMBER':
      return from.sequenceNumber;
    case 'AT_TIMESTAMP':
      return previousSequence(sequenceAt(from.timestampMs));
  }
}

function sourceShard(row: ShardRow): SourceShard {
  return {
    shardId: row.shardId,
    startingSequenceNumber: row.start,
    ...(row.parent === undefined ? {} : { parentShardId: row.parent }),
    ...(row.end === undefined ? {} : { endingSequenceNumber: row.end }),
  };
}

/** Lambda names the stream in each record and writes the identity's members in lower case. */
function lambdaRecord(text: string, eventSourceARN: string): StreamRecord {
  // The text is what recordText wrote.
  const { userIdentity, ...record } = JSON.parse(text) as StreamRecord;
  return {
    ...record,
    ...(userIdentity === undefined
      ? {}
      : { userIdentity: { type: 'Service', principalId: 'dynamodb.amazonaws.com' } }),
    eventSourceARN,
  };
}
