// Reads one shard in order, ahead of the function but within bounds, and hands its records to lanes; keeps the
// shard's checkpoint.
import type { StreamRecord } from '../../model/wire.js';
import { Wakeup } from '../functions/wakeup.js';
import { ServiceError } from '../service.js';
import type { SourcePosition, SourceRead, StreamSource } from '../stream-source.js';
import type { Checkpoint, ShardProgress } from './checkpoint.js';
import { Lane } from './lane.js';
import type { MappingSettings } from './mapping-record.js';
import { type PendingRecord, toPending } from './pending-record.js';
import type { BatchWorld } from './process-batch.js';
import { ProgressLedger } from './progress-ledger.js';

const READ_LIMIT = 1000;
/** Read ahead no further than this; at least one full batch is always allowed. */
const MAX_BUFFERED_RECORDS = 2000;
const MAX_BUFFERED_BYTES = 8 * 1024 * 1024;
const READ_RETRY_MS = 1000;

export interface ShardWorkerOptions {
  readonly source: StreamSource;
  readonly streamArn: string;
  readonly shardId: string;
  readonly settings: MappingSettings;
  readonly checkpoint: Checkpoint;
  readonly matches: (record: StreamRecord) => boolean;
  readonly world: Omit<BatchWorld, 'onDone' | 'backOff'> & {
    /** Rejects when the signal is aborted. */
    readonly backOff: (failures: number, signal: AbortSignal) => Promise<void>;
  };
  /** Notified when the stream has something new. */
  readonly data: Wakeup;
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
}

export class ShardWorker {
  readonly #ledger = new ProgressLedger();
  readonly #taken = new Wakeup();
  readonly #lanes: Lane[];
  readonly #failed = new AbortController();
  readonly #signal: AbortSignal;
  #saving: Promise<void> = Promise.resolve();
  #saveFailure: { readonly error: unknown } | undefined;
  #buffered = 0;
  #bufferedBytes = 0;

  constructor(private readonly options: ShardWorkerOptions) {
    const world: BatchWorld = {
      ...options.world,
      call: async (event) => {
        this.#signal.throwIfAborted();
        return options.world.call(event);
      },
      backOff: (failures) => options.world.backOff(failures, this.#signal),
      onDone: (records) => this.#done(records),
    };
    this.#signal = AbortSignal.any([options.signal, this.#failed.signal]);
    this.#lanes = Array.from(
      { length: options.settings.parallelization },
      () => new Lane(options.settings, world, this.#signal, (records) => this.#left(records)),
    );
  }

  /** Resolves when the shard is closed and every record is done. Rejects when the mapping stops. */
  async run(): Promise<void> {
    const reading = this.#read(this.#signal).then(() => {
      for (const lane of this.#lanes) lane.end();
    });
    const parts = [reading, ...this.#lanes.map((lane) => lane.run())];
    // One that fails ends the others, and nobody goes on before all have: the next worker of this shard begins at the
    // checkpoint, and must not overtake a batch of this one.
    for (const part of parts) part.catch((error: unknown) => this.#failed.abort(error));
    await Promise.allSettled(parts);
    await this.#saving;
    this.#signal.throwIfAborted();
    await this.options.checkpoint.set(this.options.shardId, { type: 'finished' });
  }

  async #read(signal: AbortSignal): Promise<void> {
    const { checkpoint, shardId, data } = this.options;
    let position = toPosition(checkpoint.get(shardId));
    for (;;) {
      await this.#waitForRoom(signal);
      const version = data.version;
      const page = await this.#readPage(position, signal);
      if (page === 'trimmed') {
        position = { type: 'TRIM_HORIZON' };
        continue;
      }
      if (page === 'gone') return;
      for (const record of page.records) this.#accept(record);
      this.#advance();
      const last = page.records.at(-1)?.dynamodb?.SequenceNumber;
      if (last !== undefined) position = { type: 'AFTER_SEQUENCE_NUMBER', sequenceNumber: last };
      if (page.drained) return;
      if (last === undefined) await data.changedSince(version, signal);
    }
  }

  async #readPage(position: SourcePosition, signal: AbortSignal): Promise<SourceRead | 'trimmed' | 'gone'> {
    const { source, streamArn, shardId, world, log } = this.options;
    for (;;) {
      signal.throwIfAborted();
      try {
        return await source.read(streamArn, shardId, position, READ_LIMIT);
      } catch (error) {
        if (error instanceof ServiceError && error.type === 'TrimmedDataAccessException') {
          log(`${shardId}: records behind the checkpoint were trimmed; going on at the oldest one there is`);
          return 'trimmed';
        }
        if (error instanceof ServiceError && error.type === 'ResourceNotFoundException') return 'gone';
        const reason = error instanceof Error ? error.message : String(error);
        log(`${shardId}: reading failed: ${reason}`);
        world.onResult(`PROBLEM: ${reason}`);
        const never = new Wakeup();
        await never.changedSince(never.version, signal, READ_RETRY_MS);
      }
    }
  }

  async #waitForRoom(signal: AbortSignal): Promise<void> {
    const { batchSize, parallelization } = this.options.settings;
    const limit = Math.max(MAX_BUFFERED_RECORDS, batchSize * parallelization);
    for (;;) {
      const version = this.#taken.version;
      // Done records behind an unfinished one count too: the ledger holds them until it is finished.
      const held = Math.max(this.#buffered, this.#ledger.size - limit);
      if (held < limit && this.#bufferedBytes < MAX_BUFFERED_BYTES) return;
      await this.#taken.changedSince(version, signal);
    }
  }

  #accept(record: StreamRecord): void {
    const sequenceNumber = record.dynamodb?.SequenceNumber ?? '';
    this.#ledger.add(sequenceNumber);
    if (!this.options.matches(record)) {
      this.#ledger.markDone(sequenceNumber);
      return;
    }
    const pending = toPending(record);
    this.#buffered += 1;
    this.#bufferedBytes += pending.bytes;
    const lane = this.#lanes.length === 1 ? 0 : hash(pending.key) % this.#lanes.length;
    this.#lanes[lane]?.push(pending);
  }

  #left(records: readonly PendingRecord[]): void {
    this.#buffered -= records.length;
    for (const record of records) this.#bufferedBytes -= record.bytes;
    this.#taken.notify();
  }

  async #done(records: readonly PendingRecord[]): Promise<void> {
    for (const record of records) this.#ledger.markDone(record.sequenceNumber);
    this.#advance();
    this.#taken.notify();
  }

  #advance(): void {
    const sequenceNumber = this.#ledger.advance();
    if (sequenceNumber === undefined) return;
    // The next batch does not wait for the disk: after a crash the last few batches may come again, none is lost.
    if (this.#saveFailure !== undefined) throw this.#saveFailure.error;
    this.#saving = this.options.checkpoint.set(this.options.shardId, { type: 'after', sequenceNumber });
    this.#saving.catch((error: unknown) => {
      this.#saveFailure = { error };
    });
  }
}

function toPosition(progress: ShardProgress | undefined): SourcePosition {
  return progress?.type === 'after'
    ? { type: 'AFTER_SEQUENCE_NUMBER', sequenceNumber: progress.sequenceNumber }
    : { type: 'TRIM_HORIZON' };
}

/** FNV-1a, 32 bits: stable, and even enough for ten lanes. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  return value >>> 0;
}
