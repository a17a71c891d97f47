import { ServiceError } from '../service.js';
import { writeIterator } from './iterator.js';
import { requireShard, requireStream, requireText, type StreamOperation } from './operations.js';
import { isSequence, previousSequence, SEQUENCE_ZERO } from './sequence.js';
import type { ShardRow } from './stream-state.js';

const TYPES = ['AT_SEQUENCE_NUMBER', 'AFTER_SEQUENCE_NUMBER', 'TRIM_HORIZON', 'LATEST'];

/** GetShardIterator, all four types. Throws TrimmedDataAccessException for a position that was trimmed. */
export const getShardIterator: StreamOperation = (catalog, body) => {
  const type = requireText(body.ShardIteratorType, 'shardIteratorType');
  if (!TYPES.includes(type)) {
    throw new ServiceError(
      'ValidationException',
      `1 validation error detected: Value '${type}' at 'shardIteratorType' failed to satisfy constraint: Member must satisfy enum value set: [${TYPES.join(', ')}]`,
    );
  }
  const stream = requireStream(catalog, body.StreamArn);
  const shard = requireShard(stream, body.ShardId).row;
  const position = {
    streamArn: stream.row.arn,
    shardId: shard.shardId,
    fromHorizon: type === 'TRIM_HORIZON',
    after: startAfter(type, shard, body.SequenceNumber, catalog.streamLog.options.sequence.last),
  };
  return { ShardIterator: writeIterator(position, catalog.now()) };
};

function startAfter(type: string, shard: ShardRow, given: unknown, newest: string): string {
  if (type === 'TRIM_HORIZON' || type === 'LATEST') {
    if (given !== undefined && given !== null) {
      throw new ServiceError(
        'ValidationException',
        `One or more parameter values were invalid: SequenceNumber cannot be specified when ShardIteratorType is ${type}`,
      );
    }
    return type === 'LATEST' ? newest : SEQUENCE_ZERO;
  }
  if (given === undefined || given === null) {
    throw new ServiceError(
      'ValidationException',
      `One or more parameter values were invalid: SequenceNumber must be specified when ShardIteratorType is ${type}`,
    );
  }
  const sequence = checkSequence(shard, requireText(given, 'sequenceNumber'));
  const after = type === 'AT_SEQUENCE_NUMBER' ? previousSequence(sequence) : sequence;
  if (shard.trimmedThrough !== undefined && after < shard.trimmedThrough) throw trimmed();
  return after;
}

function checkSequence(shard: ShardRow, sequence: string): string {
  if (!/^\d{21,40}$/.test(sequence)) {
    throw new ServiceError(
      'ValidationException',
      `1 validation error detected: Value '${sequence}' at 'sequenceNumber' failed to satisfy constraint: Member must be a sequence number of 21 to 40 digits`,
    );
  }
  if (!isSequence(sequence) || sequence < shard.start || (shard.end !== undefined && sequence > shard.end)) {
    throw new ServiceError(
      'ValidationException',
      `Invalid SequenceNumber: ${sequence} is not within the range of shard ${shard.shardId}`,
    );
  }
  return sequence;
}

/** The error for a position before the trim horizon. */
export function trimmed(): ServiceError {
  return new ServiceError('TrimmedDataAccessException', 'The data you are trying to access has been trimmed');
}
