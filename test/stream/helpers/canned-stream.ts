// Answers of a small stream that is there and does not change: closed shards with so many records each.
import type { Answer } from './canned-server.js';

export interface CannedShard {
  readonly id: string;
  readonly parent?: string;
  readonly records: number;
}

export const CANNED_ARN =
  'arn:aws:dynamodb:us-east-1:000000000000:table/Simulated/stream/2026-01-01T00:00:00.000';

/** Sequence numbers count through all shards, from 21 digits to 22. */
export function cannedStream(shards: readonly CannedShard[], pageSize: number): Answer {
  const first = new Map<string, number>();
  let total = 0;
  for (const { id, records } of shards) {
    first.set(id, total);
    total += records;
  }
  const sequence = (id: string, index: number): string =>
    String(999_999_999_999_999_999_000n + BigInt((first.get(id) ?? 0) + index));

  return (operation, input) => {
    switch (operation) {
      case 'DescribeTable':
        return {
          body: {
            Table: {
              TableStatus: 'ACTIVE',
              LatestStreamArn: CANNED_ARN,
              StreamSpecification: { StreamEnabled: true },
            },
          },
        };
      case 'DescribeStream':
        return {
          body: {
            StreamDescription: {
              StreamArn: CANNED_ARN,
              StreamStatus: 'ENABLED',
              StreamViewType: 'NEW_IMAGE',
              Shards: shards.map(({ id, parent, records }) => ({
                ShardId: id,
                ...(parent === undefined ? {} : { ParentShardId: parent }),
                SequenceNumberRange: {
                  StartingSequenceNumber: sequence(id, 0),
                  EndingSequenceNumber: sequence(id, records - 1),
                },
              })),
            },
          },
        };
      case 'GetShardIterator': {
        const id = String(input.ShardId);
        const after = input.SequenceNumber;
        const isAfter = input.ShardIteratorType === 'AFTER_SEQUENCE_NUMBER';
        const index = after === undefined ? 0 : Number(BigInt(String(after)) - BigInt(sequence(id, 0)));
        return { body: { ShardIterator: `${id}/${isAfter ? index + 1 : index}` } };
      }
      case 'GetRecords': {
        const [id = '', from = '0'] = String(input.ShardIterator).split('/');
        const records = shards.find((shard) => shard.id === id)?.records ?? 0;
        const to = Math.min(records, Number(from) + pageSize);
        const indexes = Array.from({ length: to - Number(from) }, (_, i) => Number(from) + i);
        return {
          body: {
            Records: indexes.map((index) => cannedRecord(index, sequence(id, index))),
            ...(to >= records ? {} : { NextShardIterator: `${id}/${to}` }),
          },
        };
      }
      default:
        return { status: 400, body: { __type: 'UnknownOperationException' } };
    }
  };
}

function cannedRecord(index: number, SequenceNumber: string): unknown {
  return {
    eventID: SequenceNumber,
    eventName: 'INSERT',
    dynamodb: {
      ApproximateCreationDateTime: 1_768_435_200,
      Keys: { Id: { N: String(index) } },
      NewImage: {
        Id: { N: String(index) },
        Message: { S: `A message for Id ${index}` },
        EntityType: { S: 'Message' },
      },
      SequenceNumber,
      SizeBytes: 60,
      StreamViewType: 'NEW_IMAGE',
    },
  };
}
