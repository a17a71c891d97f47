// What a tail can be asked for. Parsing of flags into these is the command's; the reader takes them as they are.
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import type { Change, Model } from '../model/change.js';
import type { StreamRecord } from '../model/wire.js';
import type { Clock } from './time/clock.js';

/** Where a tail starts when no checkpoint says otherwise. */
export type TailPosition =
  /** What is written from now on: LATEST on the shards open now, the beginning of every shard found later. */
  | { readonly type: 'latest' }
  /** Everything the stream still holds, up to 24 hours. */
  | { readonly type: 'trim-horizon' }
  /** Records created at or after `at`, in ms since the epoch. */
  | { readonly type: 'since'; readonly at: number };

/** A part of one shard, to read back what a failed batch names. Both ends are included. */
export interface TailRange {
  readonly shard: string;
  /** The stream that the shard is in; the table's present one when absent. */
  readonly streamArn?: string;
  /** The shard's beginning when absent. */
  readonly fromSeq?: string;
  /** The shard's end (or its tip, when it is open) when absent. */
  readonly toSeq?: string;
}

/**
 * A named local checkpoint: `dir` holds one file for each table and name. It goes before `position`, which is for the
 * first run of that name. A change is behind it once the consumer has asked for the next event: show it before that.
 */
export interface TailCheckpoint {
  readonly name: string;
  readonly dir: string;
}

export interface TailOptions<T = unknown> {
  readonly streams: DynamoDBStreamsClient;
  readonly dynamodb: DynamoDBClient;
  readonly table: string;
  readonly model?: Model<T>;
  /** True when reads cost nothing and cross no network: shards are polled faster. */
  readonly loopback: boolean;
  readonly position: TailPosition;
  /** False: end (`drained`) when everything that was in the stream at the start has been read. */
  readonly follow: boolean;
  /** End (`limit`) after this many emitted changes. */
  readonly limit?: number;
  /** End (`time`) after this many milliseconds. */
  readonly forMs?: number;
  /** End (`expected`) as soon as this many distinct changes were emitted. */
  readonly expect?: number;
  readonly checkpoint?: TailCheckpoint;
  readonly range?: TailRange;
  /** Changes for which this is false are counted (`filtered`) and not emitted. */
  readonly select?: (change: Change<T>, record: StreamRecord) => boolean;
  /** End (`gap`) at the first gap. */
  readonly failOnGap?: boolean;
  /** End (`stall`) when a shard could not be read for this long. A stall is reported after 60 s, or this if shorter. */
  readonly failOnStallMs?: number;
  /** How long the stream keeps records, in ms: 24 hours when absent. Decides what may have been missed. */
  readonly retentionMs?: number;
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
  /** In [0, 1): jitter only. `Math.random` when absent. */
  readonly random?: () => number;
}

/** What the run itself needs, beside its `StreamApi` and what is to become of the pages. */
export type RunOptions = Omit<TailOptions, 'streams' | 'dynamodb' | 'model' | 'select'>;
