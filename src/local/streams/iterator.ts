// Shard iterators carry their whole position, so the engine keeps nothing for them and they outlive a restart.
import { ServiceError } from '../service.js';
import { isSequence } from './sequence.js';

/** Iterators expire after this time, as on AWS. */
export const ITERATOR_LIFE_MS = 15 * 60 * 1000;

/** Where a reader of a shard is. */
export interface ShardPosition {
  readonly streamArn: string;
  readonly shardId: string;
  /** Records after this sequence number come next. */
  readonly after: string;
  /** True for a reader that takes whatever the trim horizon left: trimming is no loss to it. */
  readonly fromHorizon: boolean;
}

/** Writes a position as an iterator issued at `issuedAt` (epoch milliseconds). */
export function writeIterator(position: ShardPosition, issuedAt: number): string {
  const { streamArn, shardId, after, fromHorizon } = position;
  const payload = [shardId, after, fromHorizon ? 1 : 0, Math.floor(issuedAt)].join(' ');
  return `${streamArn}|1|${Buffer.from(payload).toString('base64')}`;
}

/** Reads an iterator. Throws ValidationException when it is none, ExpiredIteratorException after 15 minutes. */
export function readIterator(text: unknown, now: number): ShardPosition {
  const [streamArn, version, payload, more] = typeof text === 'string' ? text.split('|') : [];
  const [shardId, after, horizon, issued] = Buffer.from(payload ?? '', 'base64')
    .toString()
    .split(' ');
  if (
    streamArn === undefined ||
    version !== '1' ||
    more !== undefined ||
    shardId === undefined ||
    after === undefined ||
    !isSequence(after) ||
    (horizon !== '0' && horizon !== '1') ||
    !/^\d+$/.test(issued ?? '')
  ) {
    throw new ServiceError('ValidationException', 'Invalid ShardIterator');
  }
  if (now - Number(issued) > ITERATOR_LIFE_MS) throw expiredIterator(Number(issued), now);
  return { streamArn, shardId, after, fromHorizon: horizon === '1' };
}

/** The error for an iterator that was issued too long ago; both times in epoch milliseconds. */
export function expiredIterator(issuedAt: number, now: number): ServiceError {
  const [created, current] = [issuedAt, now].map((ms) => new Date(ms).toISOString());
  return new ServiceError(
    'ExpiredIteratorException',
    `Iterator expired. The iterator was created at time ${created} while right now it is ${current} which is further in the future than the tolerated delay of ${ITERATOR_LIFE_MS} milliseconds.`,
  );
}
