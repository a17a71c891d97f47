// The streams API through the AWS SDK's clients.
import { DescribeTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  DescribeStreamCommand,
  type DynamoDBStreamsClient,
  GetShardIteratorCommand,
  type GetShardIteratorCommandInput,
  type Shard,
} from '@aws-sdk/client-dynamodb-streams';
import type { ShardListing } from './lineage.js';
import { readErrorKind } from './read-errors.js';
import { BodyPool } from './records/body-pool.js';
import { getRecords } from './records/get-records.js';
import type { IteratorPosition, StreamApi } from './stream-api.js';

export interface SdkStreamApiOptions {
  readonly streams: DynamoDBStreamsClient;
  readonly dynamodb: DynamoDBClient;
  readonly table: string;
}

export function createSdkStreamApi({ streams, dynamodb, table }: SdkStreamApiOptions): StreamApi {
  const bodies = new BodyPool();
  return {
    async table(abortSignal) {
      try {
        const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName: table }), {
          abortSignal,
        });
        return {
          status: Table?.TableStatus ?? 'ACTIVE',
          enabled: Table?.StreamSpecification?.StreamEnabled === true,
          ...(Table?.LatestStreamArn === undefined ? {} : { streamArn: Table.LatestStreamArn }),
        };
      } catch (error) {
        if (readErrorKind(error) === 'notFound') return undefined;
        throw error;
      }
    },

    async describe(streamArn, { after, childrenOf }, abortSignal) {
      const { StreamDescription: found } = await streams.send(
        new DescribeStreamCommand({
          StreamArn: streamArn,
          ...(after === undefined ? {} : { ExclusiveStartShardId: after }),
          ...(childrenOf === undefined ? {} : { ShardFilter: { Type: 'CHILD_SHARDS', ShardId: childrenOf } }),
        }),
        { abortSignal },
      );
      return {
        status: found?.StreamStatus ?? 'ENABLED',
        viewType: found?.StreamViewType ?? '',
        shards: (found?.Shards ?? []).flatMap(toListing),
        ...(found?.LastEvaluatedShardId === undefined ? {} : { lastShard: found.LastEvaluatedShardId }),
      };
    },

    async iterator(streamArn, shard, position, abortSignal) {
      const { ShardIterator } = await streams.send(
        new GetShardIteratorCommand({ StreamArn: streamArn, ShardId: shard, ...iteratorInput(position) }),
        { abortSignal },
      );
      return ShardIterator;
    },

    records(iterator, abortSignal) {
      return getRecords(streams, iterator, abortSignal, bodies);
    },
  };
}

function toListing(shard: Shard): ShardListing[] {
  const { ShardId, ParentShardId, SequenceNumberRange } = shard;
  if (ShardId === undefined) return [];
  const end = SequenceNumberRange?.EndingSequenceNumber;
  return [
    {
      id: ShardId,
      ...(ParentShardId === undefined || ParentShardId === '' ? {} : { parent: ParentShardId }),
      ...(end === undefined || end === '' ? {} : { end }),
    },
  ];
}

function iteratorInput(
  position: IteratorPosition,
): Pick<GetShardIteratorCommandInput, 'ShardIteratorType' | 'SequenceNumber'> {
  switch (position.type) {
    case 'latest':
      return { ShardIteratorType: 'LATEST' };
    case 'horizon':
      return { ShardIteratorType: 'TRIM_HORIZON' };
    case 'at':
      return { ShardIteratorType: 'AT_SEQUENCE_NUMBER', SequenceNumber: position.seq };
    case 'after':
      return { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: position.seq };
  }
}
