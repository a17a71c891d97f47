// The engine's own operations, with which tests and demonstrations live through a stream's day in seconds.
import { type EngineService, ServiceError } from '../service.js';
import { type Catalog, requireTable } from '../tables/catalog.js';
import type { RequestBody } from '../tables/item-operations.js';
import { readTableName } from '../tables/read-table-name.js';
import { ok, parseBody, runOperation, unknownOperation } from '../tables/rpc.js';
import type { Maintenance } from './maintenance.js';
import { requireShard, requireStream, requireText, type StreamOperation } from './operations.js';
import { isSequence } from './sequence.js';
import type { ShardRow, ShardState, StreamState } from './stream-state.js';
import { trimShard } from './trim.js';

const OPERATIONS: Readonly<Record<string, StreamOperation>> = {
  RollShards: rollShards,
  SplitShard: splitShard,
  TrimStream: trimStream,
};

/**
 * Makes the admin operations:
 * - `RollShards {TableName}` closes each open shard and opens one child of each.
 * - `SplitShard {TableName, ShardId?}` closes a shard (by default the one with the widest hash range) and opens two.
 * - `TrimStream {TableName | StreamArn, ShardId?, BeforeSequenceNumber?}` removes records, by default all.
 *
 * - `RunMaintenance {}` does at once what time brings: items expire, aged shards roll, old records go.
 *
 * The first two answer `{StreamArn, Closed: [shard id], Opened: [{ShardId, ParentShardId}]}`, the last one
 * `{StreamArn, Trimmed: [shard id]}`.
 */
export function adminService(catalog: Catalog, maintenance: Maintenance): EngineService {
  return {
    async handle(request) {
      const name = request.operation ?? '';
      const body = parseBody(request);
      if (name === 'RunMaintenance') {
        await maintenance.runAll();
        return ok({});
      }
      const operation = Object.hasOwn(OPERATIONS, name) ? OPERATIONS[name] : undefined;
      if (operation === undefined) throw unknownOperation(name);
      return ok(await runOperation(catalog, name, () => operation(catalog, body)));
    },
    close: async () => {},
  };
}

async function rollShards(catalog: Catalog, body: RequestBody): Promise<unknown> {
  const stream = enabledStream(catalog, body);
  const opened: ShardRow[] = [];
  await catalog.commits.commit((batch) => {
    requireEnabled(stream);
    for (const shard of stream.open) opened.push(...catalog.streamLog.roll(batch, stream, shard));
  });
  return describeChange(stream, opened);
}

async function splitShard(catalog: Catalog, body: RequestBody): Promise<unknown> {
  const stream = enabledStream(catalog, body);
  const opened: ShardRow[] = [];
  await catalog.commits.commit((batch) => {
    requireEnabled(stream);
    opened.push(...catalog.streamLog.split(batch, stream, shardToSplit(stream, body.ShardId)));
  });
  return describeChange(stream, opened);
}

async function trimStream(catalog: Catalog, body: RequestBody): Promise<unknown> {
  const stream =
    body.StreamArn === undefined ? enabledStream(catalog, body) : requireStream(catalog, body.StreamArn);
  const before = body.BeforeSequenceNumber ?? catalog.streamLog.options.sequence.next();
  if (typeof before !== 'string' || !isSequence(before)) {
    throw new ServiceError(
      'ValidationException',
      'BeforeSequenceNumber is not a sequence number of this engine',
    );
  }
  const shards = body.ShardId === undefined ? [...stream.shards] : [requireShard(stream, body.ShardId)];
  const trimmed: string[] = [];
  for (const shard of shards) {
    if (await trimShard(catalog, stream, shard, before)) trimmed.push(shard.row.shardId);
  }
  return { StreamArn: stream.row.arn, Trimmed: trimmed };
}

function enabledStream(catalog: Catalog, body: RequestBody): StreamState {
  const table = requireTable(catalog, readTableName(body));
  if (table.stream === undefined) {
    throw new ServiceError('ResourceNotFoundException', `Table ${table.name} has no enabled stream`);
  }
  return table.stream;
}

/** A stream may be disabled while the operation waits for its turn. */
function requireEnabled(stream: StreamState): void {
  if (!stream.enabled) {
    throw new ServiceError('ResourceNotFoundException', `Stream ${stream.row.arn} is disabled`);
  }
}

function shardToSplit(stream: StreamState, shardId: unknown): ShardState {
  const splittable = stream.open.filter(({ row }) => row.low < row.high);
  if (shardId === undefined) {
    const [first, ...rest] = splittable;
    if (first === undefined)
      throw new ServiceError('ValidationException', 'No shard can be split any further');
    return rest.reduce((widest, shard) => (width(shard) > width(widest) ? shard : widest), first);
  }
  const id = requireText(shardId, 'shardId');
  const shard = splittable.find(({ row }) => row.shardId === id);
  if (shard === undefined)
    throw new ServiceError('ValidationException', `Shard ${id} is not open, or owns one hash`);
  return shard;
}

function width({ row }: ShardState): number {
  return row.high - row.low;
}

function describeChange(stream: StreamState, opened: readonly ShardRow[]): unknown {
  return {
    StreamArn: stream.row.arn,
    Closed: [...new Set(opened.map((row) => row.parent))],
    Opened: opened.map((row) => ({ ShardId: row.shardId, ParentShardId: row.parent })),
  };
}
