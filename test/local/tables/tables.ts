// What most tests of the data services begin with: a table, and everything its stream holds.
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  type TableDescription,
} from '@aws-sdk/client-dynamodb';
import {
  type _Record,
  DescribeStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type Shard,
} from '@aws-sdk/client-dynamodb-streams';
import type { Harness } from './harness.js';

export const TABLE = 'Sample';

/** Creates a table with partition key `Id` (N) and a stream of both images, unless told otherwise. */
export async function createTable(
  harness: Harness,
  overrides: Partial<CreateTableCommandInput> = {},
): Promise<TableDescription & { LatestStreamArn: string }> {
  const { TableDescription: description } = await harness.dynamodb.send(
    new CreateTableCommand({
      TableName: TABLE,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'Id', AttributeType: 'N' }],
      KeySchema: [{ AttributeName: 'Id', KeyType: 'HASH' }],
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
      ...overrides,
    }),
  );
  return { ...description, LatestStreamArn: description?.LatestStreamArn ?? '' };
}

/** Lists all shards of a stream. */
export async function listShards(harness: Harness, streamArn: string): Promise<readonly Shard[]> {
  const shards: Shard[] = [];
  let start: string | undefined;
  do {
    const { StreamDescription: page } = await harness.streams.send(
      new DescribeStreamCommand({ StreamArn: streamArn, ExclusiveStartShardId: start }),
    );
    shards.push(...(page?.Shards ?? []));
    start = page?.LastEvaluatedShardId;
  } while (start !== undefined);
  return shards;
}

/** Opens an iterator. */
export async function openIterator(
  harness: Harness,
  streamArn: string,
  shardId: string | undefined,
  type: 'AT_SEQUENCE_NUMBER' | 'AFTER_SEQUENCE_NUMBER' | 'TRIM_HORIZON' | 'LATEST' = 'TRIM_HORIZON',
  sequence?: string,
): Promise<string> {
  const { ShardIterator } = await harness.streams.send(
    new GetShardIteratorCommand({
      StreamArn: streamArn,
      ShardId: shardId,
      ShardIteratorType: type,
      SequenceNumber: sequence,
    }),
  );
  return ShardIterator ?? '';
}

/** Reads from an iterator until a page is empty or the shard is drained. */
export async function readAll(harness: Harness, iterator: string): Promise<readonly _Record[]> {
  const records: _Record[] = [];
  let next: string | undefined = iterator;
  while (next !== undefined) {
    const page: { Records?: _Record[] | undefined; NextShardIterator?: string | undefined } =
      await harness.streams.send(new GetRecordsCommand({ ShardIterator: next }));
    if (page.Records?.length === 0) break;
    records.push(...(page.Records ?? []));
    next = page.NextShardIterator;
  }
  return records;
}

/** Reads all shards of a stream from their beginning, parents before children. */
export async function readStream(harness: Harness, streamArn: string): Promise<readonly _Record[]> {
  const records: _Record[] = [];
  for (const shard of await listShards(harness, streamArn)) {
    records.push(...(await readAll(harness, await openIterator(harness, streamArn, shard.ShardId))));
  }
  return records;
}

/** `n` as a key. */
export function id(n: number): { Id: { N: string } } {
  return { Id: { N: String(n) } };
}
