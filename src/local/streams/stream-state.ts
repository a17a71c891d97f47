// What the engine keeps in memory of each stream: its row, its shards as readers may see them, and the open shards
// as the next batch will find them. Records are on disk only.
import type { StreamViewType } from '../../model/wire.js';
import type { BatchBuilder } from '../tables/commit-log.js';
import { keys } from '../tables/database.js';
import type { KeySchemaElement } from '../tables/dynalite.js';

/** A stream as stored. It belongs to one generation of a table. */
export interface StreamRow {
  readonly number: number;
  readonly arn: string;
  readonly label: string;
  readonly tableName: string;
  readonly generation: number;
  readonly viewType: StreamViewType;
  readonly keySchema: readonly KeySchemaElement[];
  /** Epoch milliseconds. */
  readonly createdAt: number;
  /** Epoch milliseconds; absent while the stream is enabled. */
  readonly disabledAt?: number;
}

/** A shard as stored. It owns the partition keys whose hash is in [low, high]. */
export interface ShardRow {
  readonly number: number;
  readonly stream: number;
  readonly shardId: string;
  readonly parent?: string;
  readonly start: string;
  /** Only when closed. */
  readonly end?: string;
  readonly low: number;
  readonly high: number;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly closedAt?: number;
  /** The newest sequence number that trimming has removed. */
  readonly trimmedThrough?: string;
}

/** The hash of a partition key is the first 24 bits of dynalite's item key. */
export const HASH_MAX = 0xff_ffff;

/** One shard. */
export class ShardState {
  #row: ShardRow;
  /** The row as the batch being built leaves it. */
  #next: ShardRow;

  constructor(row: ShardRow) {
    this.#row = row;
    this.#next = row;
  }

  /** The row on disk. */
  get row(): ShardRow {
    return this.#row;
  }

  /** Changes the row in a batch; readers see the change when it is on disk. */
  change(batch: BatchBuilder, members: Partial<ShardRow>): void {
    const before = this.#next;
    this.#next = { ...before, ...members };
    batch.put(keys.shard(before.number), JSON.stringify(this.#next));
    batch.onFailure(() => {
      this.#next = before;
    });
    batch.afterCommit(() => {
      this.#row = this.#next;
    });
  }
}

/** One stream with its shards, oldest first. */
export class StreamState {
  readonly listeners = new Set<() => void>();
  shards: ShardState[] = [];
  /** Open shards in the view of the batch being built: routing follows decisions before they are on disk. */
  open: ShardState[] = [];

  constructor(public row: StreamRow) {}

  get enabled(): boolean {
    return this.row.disabledAt === undefined;
  }

  find(shardId: string): ShardState | undefined {
    return this.shards.find((shard) => shard.row.shardId === shardId);
  }

  /** The open shard that owns a hash. */
  route(hash: number): ShardState | undefined {
    if (this.open.length === 1) return this.open[0];
    return this.open.find((shard) => hash >= shard.row.low && hash <= shard.row.high);
  }

  readonly notify = (): void => {
    for (const listener of this.listeners) listener();
  };
}
