// What every operation of the Streams API works with.

import { ServiceError } from '../service.js';
import type { Catalog } from '../tables/catalog.js';
import type { RequestBody } from '../tables/item-operations.js';
import type { ShardState, StreamState } from './stream-state.js';

export type StreamOperation = (catalog: Catalog, body: RequestBody) => unknown;

/** Finds a stream by ARN. Throws ResourceNotFoundException. */
export function requireStream(catalog: Catalog, arn: unknown): StreamState {
  const text = requireText(arn, 'streamArn');
  const stream = catalog.streamLog.streams.get(text);
  if (stream === undefined) {
    throw new ServiceError(
      'ResourceNotFoundException',
      `Requested resource not found: Stream: ${text} not found`,
    );
  }
  return stream;
}

/** Finds a shard of a stream. Throws ResourceNotFoundException, also for one that was trimmed away. */
export function requireShard(stream: StreamState, shardId: unknown): ShardState {
  const text = requireText(shardId, 'shardId');
  const shard = stream.find(text);
  if (shard === undefined) {
    throw new ServiceError(
      'ResourceNotFoundException',
      `Requested resource not found: Shard does not exist: ${text} in ${stream.row.arn}`,
    );
  }
  return shard;
}

/** Reads a member that must be there. Throws ValidationException in AWS's words. */
export function requireText(value: unknown, member: string): string {
  if (typeof value === 'string') return value;
  throw new ServiceError(
    'ValidationException',
    `1 validation error detected: Value null at '${member}' failed to satisfy constraint: Member must not be null`,
  );
}

/** Reads an optional limit between 1 and `max`. Throws ValidationException. */
export function readLimit(value: unknown, max: number): number {
  if (value === undefined || value === null) return max;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 1 || value > max) {
    const rule = Number(value) < 1 ? 'greater than or equal to 1' : `less than or equal to ${max}`;
    throw new ServiceError(
      'ValidationException',
      `1 validation error detected: Value '${String(value)}' at 'limit' failed to satisfy constraint: Member must have value ${rule}`,
    );
  }
  return value;
}
