// The streams API through the AWS SDK's clients.
import { DescribeTableCommand, type DynamoDBClient, type TableDescription } from '@aws-sdk/client-dynamodb';
import {
  DescribeStreamCommand,
  type DynamoDBStreamsClient,
  GetShardIteratorCommand,
  type GetShardIteratorCommandInput,
  ListStreamsCommand,
  type Shard,
} from '@aws-sdk/client-dynamodb-streams';
import { BodyPool } from '../records/body-pool.js';
import { getRecords } from '../records/get-records.js';
import { observeAttempts } from './observe-attempts.js';
import { readErrorKind } from './read-errors.js';
import type { IteratorPosition, ShardListing, StreamApi, TableStream } from './stream-api.js';

/** A table has one stream for each time it was enabled within a day. */
const MOST_LIST_PAGES = 20;

export interface SdkStreamApiOptions {
  readonly streams: DynamoDBStreamsClient;
  readonly dynamodb: DynamoDBClient;
  readonly table: string;
}

export function createSdkStreamApi({ streams, dynamodb, table }: SdkStreamApiOptions): StreamApi {
  const bodies = new BodyPool();
  return {
    async table({ signal: abortSignal, onRetried }) {
      const command = new DescribeTableCommand({ TableName: table });
      observeAttempts(command.middlewareStack, onRetried);
      try {
        const { Table } = await dynamodb.send(command, { abortSignal });
        return toTableStream(Table);
      } catch (error) {
        if (readErrorKind(error) === 'notFound') return undefined;
        throw error;
      }
    },

    async describe(streamArn, { after, childrenOf }, { signal: abortSignal, onRetried }) {
      const command = new DescribeStreamCommand({
        StreamArn: streamArn,
        ...(after === undefined ? {} : { ExclusiveStartShardId: after }),
        ...(childrenOf === undefined ? {} : { ShardFilter: { Type: 'CHILD_SHARDS', ShardId: childrenOf } }),
      });
      observeAttempts(command.middlewareStack, onRetried);
      const { StreamDescription: found } = await streams.send(command, { abortSignal });
      return {
        status: found?.StreamStatus ?? 'ENABLED',
        viewType: found?.StreamViewType ?? '',
        ...(found?.StreamLabel === undefined ? {} : { label: found.StreamLabel }),
        shards: (found?.Shards ?? []).flatMap(toListing),
        ...(found?.LastEvaluatedShardId === undefined ? {} : { lastShard: found.LastEvaluatedShardId }),
      };
    },

    async iterator(streamArn, shard, position, { signal: abortSignal, onRetried }) {
      const command = new GetShardIteratorCommand({
        StreamArn: streamArn,
        ShardId: shard,
        ...iteratorInput(position),
      });
      observeAttempts(command.middlewareStack, onRetried);
      const { ShardIterator } = await streams.send(command, { abortSignal });
      return ShardIterator;
    },

    records(iterator, call) {
      return getRecords(streams, iterator, call, bodies);
    },

    async streams({ signal: abortSignal }) {
      const arns: string[] = [];
      let after: string | undefined;
      for (let page = 0; page < MOST_LIST_PAGES; page += 1) {
        const { Streams, LastEvaluatedStreamArn: last } = await streams.send(
          new ListStreamsCommand({ TableName: table, ExclusiveStartStreamArn: after }),
          { abortSignal },
        );
        for (const { StreamArn } of Streams ?? []) if (StreamArn !== undefined) arns.push(StreamArn);
        if (last === undefined || last === after) break;
        after = last;
      }
      return arns;
    },
  };
}

function toTableStream(table: TableDescription | undefined): TableStream {
  const { LatestStreamArn: streamArn, LatestStreamLabel: streamLabel } = table ?? {};
  const { StreamSpecification: stream, TableId, CreationDateTime } = table ?? {};
  const tableId = TableId ?? CreationDateTime?.toISOString();
  return {
    status: table?.TableStatus ?? 'ACTIVE',
    enabled: stream?.StreamEnabled === true,
    ...(streamArn === undefined ? {} : { streamArn }),
    ...(streamLabel === undefined ? {} : { streamLabel }),
    ...(stream?.StreamViewType === undefined ? {} : { viewType: stream.StreamViewType }),
    ...(tableId === undefined ? {} : { tableId }),
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
