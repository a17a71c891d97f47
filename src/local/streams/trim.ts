// Trimming: records older than 24 hours, then the closed shards and disabled streams that held them.
import type { Catalog } from '../tables/catalog.js';
import { keys, rangeOf } from '../tables/database.js';
import { sequenceAt } from './sequence.js';
import { RETENTION_MS } from './stream-log.js';
import type { ShardState, StreamState } from './stream-state.js';

/** Removes what is older than 24 hours from all streams. */
export async function trimStreams(catalog: Catalog): Promise<void> {
  const horizon = catalog.now() - RETENTION_MS;
  for (const stream of [...catalog.streamLog.streams.values()]) {
    for (const shard of [...stream.shards]) {
      const { closedAt } = shard.row;
      if (closedAt !== undefined && closedAt < horizon) await dropShard(catalog, stream, shard);
      else await trimShard(catalog, stream, shard, sequenceAt(horizon));
    }
    const { disabledAt } = stream.row;
    if (disabledAt !== undefined && disabledAt < horizon) await dropStream(catalog, stream);
  }
}

/**
 * Removes a shard's records before `firstKept`. The shard's row says so before they go, so a crash in between shows
 * no half-trimmed shard. Returns whether there was anything to remove.
 */
export async function trimShard(
  catalog: Catalog,
  stream: StreamState,
  shard: ShardState,
  firstKept: string,
): Promise<boolean> {
  const { database } = catalog.commits;
  const prefix = keys.records(shard.row.number);
  const range = { gte: prefix, lt: prefix + firstKept };
  const iterator = database.keys({ ...range, reverse: true, limit: 1 });
  const [newest] = await iterator.nextv(1).finally(() => iterator.close());
  if (newest === undefined) return false;
  await catalog.commits.commit((batch) => {
    shard.change(batch, { trimmedThrough: newest.slice(prefix.length) });
    batch.notify(stream.notify);
  });
  await database.clear(range);
  return true;
}

async function dropShard(catalog: Catalog, stream: StreamState, shard: ShardState): Promise<void> {
  const { database } = catalog.commits;
  await database.clear(rangeOf(keys.records(shard.row.number)));
  await catalog.commits.commit((batch) => {
    batch.del(keys.shard(shard.row.number));
    batch.afterCommit(() => {
      stream.shards = stream.shards.filter((other) => other !== shard);
    });
    batch.notify(stream.notify);
  });
}

async function dropStream(catalog: Catalog, stream: StreamState): Promise<void> {
  await catalog.commits.commit((batch) => {
    batch.del(keys.stream(stream.row.number));
    batch.afterCommit(() => catalog.streamLog.streams.delete(stream.row.arn));
    batch.notify(stream.notify);
  });
}
