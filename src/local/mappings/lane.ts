// One line of batches within a shard. A shard has as many lanes as the parallelization factor; records of one item
// are always in the same lane, so that their order is kept.

import { Wakeup } from '../functions/wakeup.js';
import type { MappingSettings } from './mapping-record.js';
import { ENVELOPE_BYTES, type PendingRecord } from './pending-record.js';
import { type BatchWorld, processBatch } from './process-batch.js';

/** Lambda's limit for the event of a synchronous invocation. */
const MAX_EVENT_BYTES = 6 * 1024 * 1024;

export class Lane {
  #queue: PendingRecord[] = [];
  #bytes = 0;
  #ended = false;
  readonly #changed = new Wakeup();

  constructor(
    private readonly settings: MappingSettings,
    private readonly world: BatchWorld,
    private readonly signal: AbortSignal,
    /** Called when records have left the queue for the function. */
    private readonly onTaken: (records: readonly PendingRecord[]) => void,
  ) {}

  push(record: PendingRecord): void {
    this.#queue.push(record);
    this.#bytes += record.bytes;
    this.#changed.notify();
  }

  /** No more records will come: the last batch goes without waiting for the window. */
  end(): void {
    this.#ended = true;
    this.#changed.notify();
  }

  /** Resolves when the lane ended and all its records are done. Rejects when the mapping stops. */
  async run(): Promise<void> {
    while (await this.#waitForBatch()) {
      const batch = this.#take();
      this.onTaken(batch);
      await processBatch(batch, this.settings, this.world);
    }
  }

  /** False at the end. */
  async #waitForBatch(): Promise<boolean> {
    while (this.#queue.length === 0) {
      if (this.#ended) return false;
      await this.#changed.changedSince(this.#changed.version, this.signal);
    }
    const deadline = performance.now() + this.settings.batchWindow * 1000;
    while (!this.#isFull() && !this.#ended) {
      const left = deadline - performance.now();
      if (left <= 0) break;
      await this.#changed.changedSince(this.#changed.version, this.signal, left);
    }
    this.signal.throwIfAborted();
    return true;
  }

  #isFull(): boolean {
    return this.#queue.length >= this.settings.batchSize || this.#bytes + ENVELOPE_BYTES >= MAX_EVENT_BYTES;
  }

  /** At least one record, also when that alone is over the payload limit: the function call decides then. */
  #take(): PendingRecord[] {
    let bytes = ENVELOPE_BYTES;
    let count = 0;
    for (const record of this.#queue) {
      if (count > 0 && (count >= this.settings.batchSize || bytes + record.bytes > MAX_EVENT_BYTES)) break;
      bytes += record.bytes;
      count += 1;
    }
    const batch = this.#queue.slice(0, count);
    this.#queue = this.#queue.slice(count);
    for (const record of batch) this.#bytes -= record.bytes;
    return batch;
  }
}
