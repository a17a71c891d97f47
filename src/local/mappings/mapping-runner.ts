// Runs one enabled mapping: chooses where to start, follows the stream's lineage (a child waits until its parent is
// finished), and keeps one worker per readable shard.
import type { StreamRecord } from '../../model/wire.js';
import { Wakeup } from '../functions/wakeup.js';
import type { EngineContext } from '../service.js';
import type { SourceStream, StreamSource } from '../stream-source.js';
import type { Checkpoint, ShardProgress } from './checkpoint.js';
import type { MappingRecord } from './mapping-record.js';
import { reportDiscarded } from './on-failure.js';
import type { CallResult } from './process-batch.js';
import { ShardWorker } from './shard-worker.js';

const STREAM_GONE = 'PROBLEM: Stream not found';
/** While a stream is busy, its list of shards is read no more often than this. */
const DESCRIBE_SPACING_MS = 200;
/** A stream that is gone, or a worker that failed, is looked at again after this. */
const RETRY_MS = 1000;

export interface MappingRunnerOptions {
  readonly context: EngineContext;
  readonly source: StreamSource;
  readonly record: MappingRecord;
  readonly checkpoint: Checkpoint;
  /** True when the starting positions are still to be chosen. */
  readonly isNew: boolean;
  readonly matches: (record: StreamRecord) => boolean;
  /** Calls the function with an event. */
  readonly call: (event: Uint8Array) => Promise<CallResult>;
  /** Milliseconds before the next attempt after so many failures. */
  readonly backOffMs: (failures: number) => number;
}

export class MappingRunner {
  readonly #stop = new AbortController();
  readonly #data = new Wakeup();
  readonly #shards = new Wakeup();
  readonly #workers = new Map<string, Promise<void>>();
  #describeTimer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(private readonly options: MappingRunnerOptions) {}

  /** Resolves when the starting positions are on disk: from then on nothing written to the stream is missed. */
  async start(): Promise<void> {
    if (this.options.isNew) await this.#chooseStart();
    this.#running = this.#run().catch((error: unknown) => {
      if (!this.#stop.signal.aborted) this.#log(`stopped: ${String(error)}`);
    });
  }

  /** Takes up no new batch. `stopped` tells when the running ones are over. */
  stop(): void {
    this.#stop.abort(new Error('the mapping stops'));
  }

  get stopped(): Promise<void> {
    return this.#running;
  }

  async #chooseStart(): Promise<void> {
    const { source, record, checkpoint } = this.options;
    const stream = record.startingPosition === 'LATEST' ? await source.describe(record.streamArn) : undefined;
    for (const shard of stream?.shards ?? []) {
      const progress: ShardProgress =
        shard.endingSequenceNumber === undefined ? await this.#latest(shard.shardId) : { type: 'finished' };
      await checkpoint.set(shard.shardId, progress);
    }
    await checkpoint.save();
  }

  async #latest(shardId: string): Promise<ShardProgress> {
    const sequenceNumber = await this.options.source.latest(this.options.record.streamArn, shardId);
    return sequenceNumber === undefined ? { type: 'start' } : { type: 'after', sequenceNumber };
  }

  async #run(): Promise<void> {
    const { source, record, checkpoint } = this.options;
    const { signal } = this.#stop;
    const unsubscribe = source.subscribe(record.streamArn, () => this.#onStreamChanged());
    try {
      for (;;) {
        signal.throwIfAborted();
        const version = this.#shards.version;
        const stream = await source.describe(record.streamArn);
        if (stream === undefined) checkpoint.report(STREAM_GONE);
        else this.#startWorkers(stream);
        await this.#shards.changedSince(version, signal, stream === undefined ? RETRY_MS : undefined);
      }
    } finally {
      unsubscribe();
      clearTimeout(this.#describeTimer);
      await Promise.all(this.#workers.values());
    }
  }

  #startWorkers(stream: SourceStream): void {
    const { checkpoint } = this.options;
    const known = new Set(stream.shards.map(({ shardId }) => shardId));
    checkpoint.keepOnly(known);
    for (const { shardId, parentShardId } of stream.shards) {
      const parentIsOpen =
        parentShardId !== undefined &&
        known.has(parentShardId) &&
        checkpoint.get(parentShardId)?.type !== 'finished';
      if (parentIsOpen || this.#workers.has(shardId) || checkpoint.get(shardId)?.type === 'finished')
        continue;
      this.#workers.set(shardId, this.#work(shardId));
    }
  }

  /** Never rejects. */
  async #work(shardId: string): Promise<void> {
    const { context, source, record, checkpoint } = this.options;
    const { signal } = this.#stop;
    const worker = new ShardWorker({
      source,
      streamArn: record.streamArn,
      shardId,
      settings: record.settings,
      checkpoint,
      matches: this.options.matches,
      data: this.#data,
      signal,
      log: (line) => this.#log(line),
      world: {
        call: async (event) => {
          const result = await this.options.call(event);
          // An engine that stops kills the function: that is no failure of the batch.
          if (result.type !== 'answered') signal.throwIfAborted();
          return result;
        },
        backOff: (failures, stopped) => {
          const wait = new Wakeup();
          return wait.changedSince(wait.version, stopped, this.options.backOffMs(failures));
        },
        now: context.now,
        onDiscarded: (discarded) => reportDiscarded(context, record, shardId, discarded),
        onResult: (result) => checkpoint.report(result),
      },
    });
    try {
      await worker.run();
    } catch (error) {
      if (signal.aborted) return;
      this.#log(
        `${shardId}: ${error instanceof Error ? error.message : String(error)}; starting again at the checkpoint`,
      );
      setTimeout(() => this.#shards.notify(), RETRY_MS).unref();
      return;
    } finally {
      this.#workers.delete(shardId);
    }
    this.#shards.notify();
  }

  #onStreamChanged(): void {
    this.#data.notify();
    // A shard without a worker may have appeared. A roll is noticed at once, by the parent's worker ending.
    if (this.#workers.size === 0) this.#shards.notify();
    else
      this.#describeTimer ??= setTimeout(() => {
        this.#describeTimer = undefined;
        this.#shards.notify();
      }, DESCRIBE_SPACING_MS).unref();
  }

  #log(line: string): void {
    this.options.context.log(`mapping ${this.options.record.uuid}: ${line}`);
  }
}
