// Writes streams: creating and disabling them, appending records, closing and splitting shards. Every method that
// takes a batch runs while that batch is built (see commit-log.ts), so shards close exactly between two records.
import { hash } from 'node:crypto';
import type { StreamViewType } from '../../model/wire.js';
import type { BatchBuilder } from '../tables/commit-log.js';
import { keys } from '../tables/database.js';
import type { KeySchemaElement } from '../tables/dynalite.js';
import type { NumberSource } from '../tables/numbers.js';
import { recordText, type StoredItem } from './record-text.js';
import type { SequenceClock } from './sequence.js';
import { HASH_MAX, type ShardRow, ShardState, type StreamRow, StreamState } from './stream-state.js';

/** Shards roll after this time, as on AWS. */
export const SHARD_LIFE_MS = 4 * 60 * 60 * 1000;
/** Records, closed shards and disabled streams stay readable for this time. */
export const RETENTION_MS = 24 * 60 * 60 * 1000;

export interface StreamLogOptions {
  readonly region: string;
  readonly accountId: string;
  readonly now: () => number;
  readonly sequence: SequenceClock;
  readonly numbers: NumberSource;
}

/** One change of an item, as a record will tell it. */
export interface AppendedChange {
  /** dynalite's key of the item: it starts with the hash of the partition key. */
  readonly itemKey: string;
  readonly before: StoredItem | undefined;
  readonly after: StoredItem | undefined;
  readonly expired: boolean;
}

/** All streams of the engine, by ARN. */
export class StreamLog {
  readonly streams = new Map<string, StreamState>();

  constructor(readonly options: StreamLogOptions) {}

  /** Makes an enabled stream with one open shard. */
  create(
    batch: BatchBuilder,
    table: { name: string; generation: number; keySchema: readonly KeySchemaElement[] },
    viewType: StreamViewType,
  ): StreamState {
    const { region, accountId, numbers } = this.options;
    const createdAt = this.options.now();
    const { arn, label } = this.#freeArn(
      `arn:aws:dynamodb:${region}:${accountId}:table/${table.name}`,
      createdAt,
    );
    const row: StreamRow = {
      number: numbers.next(batch),
      arn,
      label,
      tableName: table.name,
      generation: table.generation,
      viewType,
      keySchema: table.keySchema,
      createdAt,
    };
    const stream = new StreamState(row);
    batch.put(keys.stream(row.number), JSON.stringify(row));
    this.streams.set(arn, stream);
    batch.onFailure(() => this.streams.delete(arn));
    this.#openShard(batch, stream, { low: 0, high: HASH_MAX });
    return stream;
  }

  /** Closes all shards of a stream: it stays readable until its records are too old. */
  disable(batch: BatchBuilder, stream: StreamState): void {
    for (const shard of [...stream.open]) this.#closeShard(batch, stream, shard);
    const before = stream.row;
    stream.row = { ...before, disabledAt: this.options.now() };
    batch.onFailure(() => {
      stream.row = before;
    });
    batch.put(keys.stream(before.number), JSON.stringify(stream.row));
    batch.notify(stream.notify);
  }

  /** Adds one record to the open shard that owns the item. A shard at the end of its life rolls first. */
  append(batch: BatchBuilder, stream: StreamState, change: AppendedChange): void {
    const partition = Number.parseInt(change.itemKey.slice(0, 6), 16);
    const now = this.options.now();
    let shard = stream.route(partition);
    if (shard !== undefined && now - shard.row.createdAt >= SHARD_LIFE_MS) {
      this.roll(batch, stream, shard);
      shard = stream.route(partition);
    }
    if (shard === undefined) throw new Error(`No open shard of ${stream.row.arn} owns hash ${partition}`);
    const sequence = this.#nextSequence(batch);
    const text = recordText({
      stream: stream.row,
      region: this.options.region,
      sequence,
      at: now,
      before: change.before,
      after: change.after,
      expired: change.expired,
    });
    batch.put(keys.records(shard.row.number) + sequence, text);
    batch.notify(stream.notify);
  }

  /** Closes a shard and opens one child that owns the same hash range. */
  roll(batch: BatchBuilder, stream: StreamState, shard: ShardState): readonly ShardRow[] {
    const { low, high, shardId } = shard.row;
    this.#closeShard(batch, stream, shard);
    return [this.#openShard(batch, stream, { low, high, parent: shardId })];
  }

  /** Closes a shard and opens two children, each with half of the hash range. */
  split(batch: BatchBuilder, stream: StreamState, shard: ShardState): readonly ShardRow[] {
    const { low, high, shardId } = shard.row;
    if (low === high) throw new RangeError(`Shard ${shardId} owns a single hash and cannot be split`);
    const middle = Math.floor((low + high) / 2);
    this.#closeShard(batch, stream, shard);
    return [
      this.#openShard(batch, stream, { low, high: middle, parent: shardId }),
      this.#openShard(batch, stream, { low: middle + 1, high, parent: shardId }),
    ];
  }

  #openShard(
    batch: BatchBuilder,
    stream: StreamState,
    range: { low: number; high: number; parent?: string },
  ): ShardRow {
    const createdAt = this.options.now();
    const number = this.options.numbers.next(batch);
    const suffix = hash('md5', `${stream.row.arn}/${number}`, 'hex').slice(0, 8);
    const row: ShardRow = {
      number,
      stream: stream.row.number,
      shardId: `shardId-${String(Math.floor(createdAt)).padStart(20, '0')}-${suffix}`,
      start: this.#nextSequence(batch),
      createdAt,
      ...range,
    };
    batch.put(keys.shard(number), JSON.stringify(row));
    const shard = new ShardState(row);
    const open = stream.open;
    stream.open = [...open, shard];
    batch.onFailure(() => {
      stream.open = open;
    });
    batch.afterCommit(() => {
      stream.shards.push(shard);
    });
    batch.notify(stream.notify);
    return row;
  }

  #closeShard(batch: BatchBuilder, stream: StreamState, shard: ShardState): void {
    // Readers see the end once it is on disk, so whoever sees it finds every record before it.
    shard.change(batch, { end: this.#nextSequence(batch), closedAt: this.options.now() });
    const open = stream.open;
    stream.open = open.filter((other) => other !== shard);
    batch.onFailure(() => {
      stream.open = open;
    });
  }

  #nextSequence(batch: BatchBuilder): string {
    const { sequence } = this.options;
    const next = sequence.next();
    batch.putLast(keys.sequence, () => sequence.last);
    return next;
  }

  /** Labels are unique per table although two generations may begin within one millisecond. */
  #freeArn(tableArn: string, createdAt: number): { arn: string; label: string } {
    for (let ms = createdAt; ; ms++) {
      const label = new Date(ms).toISOString().slice(0, -1);
      const arn = `${tableArn}/stream/${label}`;
      if (!this.streams.has(arn)) return { arn, label };
    }
  }
}
