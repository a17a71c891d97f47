// What Lambda sends to a mapping's on-failure destination: a shard and a range of sequence numbers, never the data.
import { usageError } from '../../errors.js';

export interface FailedBatch {
  readonly table?: string;
  readonly streamArn: string;
  readonly shard: string;
  readonly fromSeq: string;
  readonly toSeq: string;
  /** How many records the batch had. */
  readonly records?: number;
}

type Loose = Readonly<Record<string, unknown>>;

/** Queues wrap topics wrap messages; more layers than this are not ours. */
const MAX_LAYERS = 10;
/** Where the wrappers keep what they carry: SQS and SNS, as their APIs and as their Lambda events give it. */
const INNER_FIELDS = ['Body', 'body', 'Message', 'Messages', 'Records', 'Sns'];
const HINT =
  'aws sqs receive-message --queue-url … gives one: --dlq "$(cat message.json)", or --dlq message.json';

/**
 * Reads an on-failure message: as it is (S3), as SQS gives it (a message, or receive-message's answer), as SNS delivers
 * it, or SNS within SQS. Throws `tail.dlq` (exit 2), also for an answer with several batches: a tail reads one range.
 */
export function parseFailureMessage(text: string): FailedBatch {
  const parsed = parseJson(text);
  if (parsed === undefined) {
    throw usageError('tail.dlq', '--dlq takes the JSON text of an on-failure message', HINT);
  }
  const [info, ...others] = findBatchInfos(parsed, MAX_LAYERS);
  if (info === undefined) {
    throw usageError('tail.dlq', 'the message of --dlq has no DDBStreamBatchInfo', HINT);
  }
  // A queue may deliver one message twice.
  const batches = new Set([info, ...others].map((batch) => JSON.stringify(batch))).size;
  if (batches > 1) {
    throw usageError(
      'tail.dlq',
      `--dlq holds the messages of ${batches} failed batches; it takes one`,
      'ask for one with --max-number-of-messages 1, or pick each in turn: jq ".Messages[0]"',
    );
  }
  const { shardId, startSequenceNumber, endSequenceNumber, streamArn, batchSize } = info;
  if (
    typeof shardId !== 'string' ||
    typeof streamArn !== 'string' ||
    typeof startSequenceNumber !== 'string' ||
    typeof endSequenceNumber !== 'string'
  ) {
    throw usageError('tail.dlq', 'the DDBStreamBatchInfo of --dlq lacks its shard or its range', HINT);
  }
  const table = /:table\/([^/]+)\/stream\//.exec(streamArn)?.[1];
  return {
    ...(table === undefined ? {} : { table }),
    streamArn,
    shard: shardId,
    fromSeq: startSequenceNumber,
    toSeq: endSequenceNumber,
    ...(typeof batchSize === 'number' ? { records: batchSize } : {}),
  };
}

function findBatchInfos(value: unknown, layers: number): Loose[] {
  if (layers === 0) return [];
  if (typeof value === 'string') return findBatchInfos(parseJson(value), layers - 1);
  if (!Array.isArray(value) && !isObject(value)) return [];
  if (isObject(value) && isObject(value.DDBStreamBatchInfo)) return [value.DDBStreamBatchInfo];
  const inner: readonly unknown[] = isObject(value) ? INNER_FIELDS.map((name) => value[name]) : value;
  return inner.flatMap((part) => findBatchInfos(part, layers - 1));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Loose {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
