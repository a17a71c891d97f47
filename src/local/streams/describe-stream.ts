import { ServiceError } from '../service.js';
import { readLimit, requireShard, requireStream, requireText, type StreamOperation } from './operations.js';
import type { ShardRow, StreamState } from './stream-state.js';

/** DescribeStream: at most 100 shards a page, oldest first; or the children of one shard. */
export const describeStream: StreamOperation = (catalog, body) => {
  const stream = requireStream(catalog, body.StreamArn);
  const limit = readLimit(body.Limit, 100);
  const rows = chosenShards(stream, body.ShardFilter);
  const from = startIndex(rows, body.ExclusiveStartShardId);
  const page = rows.slice(from, from + limit);
  const last = page.at(-1);
  const { row } = stream;
  return {
    StreamDescription: {
      StreamArn: row.arn,
      StreamLabel: row.label,
      StreamStatus: stream.enabled ? 'ENABLED' : 'DISABLED',
      StreamViewType: row.viewType,
      CreationRequestDateTime: row.createdAt / 1000,
      TableName: row.tableName,
      KeySchema: row.keySchema,
      Shards: page.map(describeShard),
      ...(from + page.length < rows.length && last !== undefined
        ? { LastEvaluatedShardId: last.shardId }
        : {}),
    },
  };
};

function chosenShards(stream: StreamState, filter: unknown): readonly ShardRow[] {
  const rows = stream.shards.map((shard) => shard.row);
  if (filter === undefined || filter === null) return rows;
  const { Type, ShardId } = filter as Readonly<Record<string, unknown>>;
  if (Type !== 'CHILD_SHARDS') {
    throw new ServiceError(
      'ValidationException',
      `1 validation error detected: Value '${String(Type)}' at 'shardFilter.type' failed to satisfy constraint: Member must satisfy enum value set: [CHILD_SHARDS]`,
    );
  }
  const parent = requireText(ShardId, 'shardFilter.shardId');
  requireShard(stream, parent);
  return rows.filter((row) => row.parent === parent);
}

/** A start shard that was trimmed meanwhile still has its place: ids begin with the time of creation. */
function startIndex(rows: readonly ShardRow[], start: unknown): number {
  if (start === undefined || start === null) return 0;
  const id = requireText(start, 'exclusiveStartShardId');
  const index = rows.findIndex((row) => row.shardId === id);
  if (index >= 0) return index + 1;
  const next = rows.findIndex((row) => row.shardId > id);
  return next < 0 ? rows.length : next;
}

function describeShard(row: ShardRow): unknown {
  return {
    ShardId: row.shardId,
    SequenceNumberRange: {
      StartingSequenceNumber: row.start,
      ...(row.end === undefined ? {} : { EndingSequenceNumber: row.end }),
    },
    ...(row.parent === undefined ? {} : { ParentShardId: row.parent }),
  };
}
