// The stream as `status` shows it: every shard, its parent, whether it is open, and its age.
import { DescribeStreamCommand, type Shard } from '@aws-sdk/client-dynamodb-streams';
import { likelyCreatedAt } from '../stream/shards/shard-id.js';
import { abortable, orAbsent, type ResourceContext } from './resources/context.js';

export interface ShardStatus {
  readonly id: string;
  /** Absent where it has none, or the parent is trimmed. */
  readonly parent?: string;
  readonly open: boolean;
  readonly startingSequenceNumber?: string;
  readonly endingSequenceNumber?: string;
  /** Milliseconds since the epoch, from the id; absent where the id carries no time, or none that can be. */
  readonly createdAt?: number;
}

export interface StreamStatus {
  readonly arn: string;
  readonly viewType: string;
  readonly status: string;
  /** Parents before children. */
  readonly shards: readonly ShardStatus[];
}

/** A stream has at most some hundred shards; a server whose pages never end must not hold `status` for ever. */
const MAX_PAGES = 100;

/** Undefined where the stream is not there (any more). `now` is milliseconds since the epoch. */
export async function readStream(
  context: ResourceContext,
  arn: string,
  now: number,
): Promise<StreamStatus | undefined> {
  const client = await context.clients.streams();
  const shards = new Map<string, Shard>();
  let viewType = '';
  let status = '';
  let after: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const answer = await orAbsent(
      client.send(
        new DescribeStreamCommand({ StreamArn: arn, ExclusiveStartShardId: after }),
        abortable(context),
      ),
      'ResourceNotFoundException',
    );
    const stream = answer?.StreamDescription;
    if (stream === undefined) return undefined;
    viewType = stream.StreamViewType ?? viewType;
    status = stream.StreamStatus ?? status;
    for (const shard of stream.Shards ?? [])
      if (shard.ShardId !== undefined) shards.set(shard.ShardId, shard);
    if (stream.LastEvaluatedShardId === undefined || stream.LastEvaluatedShardId === after) break;
    after = stream.LastEvaluatedShardId;
  }
  return { arn, viewType, status, shards: inOrder([...shards.values()], now) };
}

function inOrder(shards: readonly Shard[], now: number): ShardStatus[] {
  const parents = new Set(shards.map(({ ParentShardId }) => ParentShardId));
  return shards
    .map((shard): ShardStatus => {
      const { ShardId: id = '', ParentShardId: parent, SequenceNumberRange: range } = shard;
      // A parent can be listed without its end beside its child; it takes no more records all the same.
      const open = range?.EndingSequenceNumber === undefined && !parents.has(id);
      const createdAt = likelyCreatedAt(id, open, now);
      return {
        id,
        ...(parent === undefined ? {} : { parent }),
        open,
        ...(range?.StartingSequenceNumber === undefined
          ? {}
          : { startingSequenceNumber: range.StartingSequenceNumber }),
        ...(range?.EndingSequenceNumber === undefined
          ? {}
          : { endingSequenceNumber: range.EndingSequenceNumber }),
        ...(createdAt === undefined ? {} : { createdAt }),
      };
    })
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}
