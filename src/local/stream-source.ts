// How event source mappings read a stream inside the engine: the stream log implements it, mappings/ consumes it.
import type { StreamRecord } from '../model/wire.js';

export interface SourceShard {
  readonly shardId: string;
  readonly parentShardId?: string;
  readonly startingSequenceNumber: string;
  /** Only on a closed shard. */
  readonly endingSequenceNumber?: string;
}

export interface SourceStream {
  readonly streamArn: string;
  readonly tableName: string;
  readonly status: 'ENABLED' | 'DISABLED';
  /** Parents before children. */
  readonly shards: readonly SourceShard[];
}

export type SourcePosition =
  | { readonly type: 'TRIM_HORIZON' }
  | { readonly type: 'LATEST' }
  | { readonly type: 'AFTER_SEQUENCE_NUMBER'; readonly sequenceNumber: string }
  | { readonly type: 'AT_TIMESTAMP'; readonly timestampMs: number };

export interface SourceRead {
  /** Lambda's wire shape: base64 text, numeric whole-second creation time, eventSourceARN set. */
  readonly records: readonly StreamRecord[];
  /** True when the shard is closed and nothing is left after these records. */
  readonly drained: boolean;
}

export interface StreamSource {
  describe(streamArn: string): Promise<SourceStream | undefined>;
  read(streamArn: string, shardId: string, from: SourcePosition, limit: number): Promise<SourceRead>;
  /** The newest sequence number of a shard now, for a reader that starts at LATEST. */
  latest(streamArn: string, shardId: string): Promise<string | undefined>;
  /** Calls back after records or shards were added to the stream. Returns the unsubscriber. */
  subscribe(streamArn: string, listener: () => void): () => void;
}
