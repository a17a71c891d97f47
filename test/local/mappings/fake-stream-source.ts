// A stream in memory, with shards that a test opens, writes to and closes.
import { ServiceError } from '../../../src/local/service.js';
import type {
  SourcePosition,
  SourceRead,
  SourceShard,
  SourceStream,
  StreamSource,
} from '../../../src/local/stream-source.js';
import type { StreamRecord } from '../../../src/model/wire.js';

export const STREAM_ARN = 'arn:aws:dynamodb:us-east-1:000000000000:table/T/stream/2026-01-01T00:00:00.000';

interface FakeShard {
  readonly shardId: string;
  readonly parentShardId?: string;
  readonly records: StreamRecord[];
  closed: boolean;
  trimmedBefore: bigint;
}

export class FakeStreamSource implements StreamSource {
  readonly #shards: FakeShard[] = [];
  readonly #listeners = new Set<() => void>();
  #sequence = 100_000_000_000_000_000_000n;
  /** Called before every read; may throw. */
  onRead: (shardId: string) => void = () => undefined;
  exists = true;
  reads = 0;

  constructor(shardIds: readonly string[] = ['shardId-1']) {
    for (const shardId of shardIds) this.openShard(shardId);
  }

  openShard(shardId: string, parentShardId?: string): void {
    const parent = parentShardId === undefined ? {} : { parentShardId };
    this.#shards.push({ shardId, ...parent, records: [], closed: false, trimmedBefore: 0n });
    this.#notify();
  }

  closeShard(shardId: string): void {
    this.#shard(shardId).closed = true;
    this.#notify();
  }

  /** Forgets everything written so far. */
  trim(shardId: string): void {
    const shard = this.#shard(shardId);
    shard.records.length = 0;
    shard.trimmedBefore = this.#sequence;
  }

  /** Writes one INSERT per item; gives the sequence numbers. */
  write(shardId: string, items: readonly { id: number; text?: string; createdAt?: number }[]): string[] {
    const written = items.map(({ id, text = `text ${id}`, createdAt = Math.floor(Date.now() / 1000) }) => {
      this.#sequence += 1n;
      const SequenceNumber = String(this.#sequence);
      const record: StreamRecord = {
        eventID: SequenceNumber,
        eventName: 'INSERT',
        eventVersion: '1.1',
        eventSource: 'aws:dynamodb',
        awsRegion: 'us-east-1',
        eventSourceARN: STREAM_ARN,
        dynamodb: {
          ApproximateCreationDateTime: createdAt,
          Keys: { Id: { N: String(id) } },
          NewImage: { Id: { N: String(id) }, Text: { S: text } },
          SequenceNumber,
          SizeBytes: 20,
          StreamViewType: 'NEW_IMAGE',
        },
      };
      this.#shard(shardId).records.push(record);
      return SequenceNumber;
    });
    this.#notify();
    return written;
  }

  async describe(streamArn: string): Promise<SourceStream | undefined> {
    if (streamArn !== STREAM_ARN || !this.exists) return undefined;
    const shards = this.#shards.map(
      ({ shardId, parentShardId, closed }): SourceShard => ({
        shardId,
        startingSequenceNumber: '100000000000000000000',
        ...(parentShardId === undefined ? {} : { parentShardId }),
        ...(closed ? { endingSequenceNumber: String(this.#sequence) } : {}),
      }),
    );
    return { streamArn, tableName: 'T', status: 'ENABLED', shards };
  }

  async read(_streamArn: string, shardId: string, from: SourcePosition, limit: number): Promise<SourceRead> {
    this.reads += 1;
    this.onRead(shardId);
    const shard = this.#shard(shardId);
    if (from.type !== 'TRIM_HORIZON' && from.type !== 'AFTER_SEQUENCE_NUMBER') throw new Error('not used');
    const after = from.type === 'TRIM_HORIZON' ? 0n : BigInt(from.sequenceNumber);
    if (from.type === 'AFTER_SEQUENCE_NUMBER' && after < shard.trimmedBefore) {
      throw new ServiceError('TrimmedDataAccessException', 'trimmed');
    }
    // Sequence numbers grow: a binary search, so that large streams stay quick.
    let first = 0;
    for (let end = shard.records.length; first < end; ) {
      const middle = (first + end) >> 1;
      if (BigInt(shard.records[middle]?.dynamodb?.SequenceNumber ?? '0') > after) end = middle;
      else first = middle + 1;
    }
    const records = shard.records.slice(first, first + limit);
    return { records, drained: shard.closed && first + records.length === shard.records.length };
  }

  async latest(_streamArn: string, shardId: string): Promise<string | undefined> {
    return this.#shard(shardId).records.at(-1)?.dynamodb?.SequenceNumber;
  }

  subscribe(_streamArn: string, listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #shard(shardId: string): FakeShard {
    const shard = this.#shards.find((candidate) => candidate.shardId === shardId);
    if (shard === undefined) throw new ServiceError('ResourceNotFoundException', `no shard ${shardId}`);
    return shard;
  }

  #notify(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
