import type { EngineResponse } from '../service.js';
import type { Catalog } from '../tables/catalog.js';
import type { RequestBody } from '../tables/item-operations.js';
import { trimmed } from './get-shard-iterator.js';
import { readIterator, writeIterator } from './iterator.js';
import { readLimit, requireShard, requireStream, requireText } from './operations.js';
import { MAX_PAGE_RECORDS, readRecords } from './read-records.js';

/**
 * GetRecords: up to 1,000 records or one megabyte. The answer is put together as text from the stored texts.
 * `NextShardIterator` is absent only when the shard is closed and nothing is left in it.
 */
export async function getRecords(catalog: Catalog, body: RequestBody): Promise<EngineResponse> {
  const position = readIterator(requireText(body.ShardIterator, 'shardIterator'), catalog.now());
  const limit = readLimit(body.Limit, MAX_PAGE_RECORDS);
  const stream = requireStream(catalog, position.streamArn);
  const shard = requireShard(stream, position.shardId);
  // Taken before the read: a shard that closes meanwhile may have records that this read did not see.
  const row = shard.row;
  if (!position.fromHorizon && row.trimmedThrough !== undefined && position.after < row.trimmedThrough) {
    throw trimmed();
  }
  const page = await readRecords(catalog.commits.database, row, position.after, limit);
  const done = row.end !== undefined && page.exhausted;
  const next = {
    ...position,
    after: page.last,
    fromHorizon: position.fromHorizon && page.texts.length === 0,
  };
  const iterator = done ? '' : `,"NextShardIterator":${JSON.stringify(writeIterator(next, catalog.now()))}`;
  return {
    status: 200,
    headers: { 'content-type': 'application/x-amz-json-1.0' },
    body: `{"Records":[${page.texts.join(',')}]${iterator}}`,
  };
}
