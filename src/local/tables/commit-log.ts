// Group commit. One LevelDB batch is in flight; writes that arrive meanwhile go together in the next one.
// Whatever needs an order (sequence numbers, shard rolls, counters) is decided while a batch is built, which is
// synchronous, so the order of decisions is the order in which they reach the disk.
import type { LevelDatabase, LevelOperation } from './dynalite.js';

/** Bounds the memory of one batch when many writes wait. */
const MAX_UNITS_PER_BATCH = 2_000;

/** Collects what one batch writes. */
export class BatchBuilder {
  readonly operations: LevelOperation[] = [];
  readonly #undo: (() => void)[] = [];
  readonly #last = new Map<string, () => string>();
  readonly #afterCommit: (() => void)[] = [];
  readonly #listeners = new Set<() => void>();

  put(key: string, value: string): void {
    this.operations.push({ type: 'put', key, value });
  }

  del(key: string): void {
    this.operations.push({ type: 'del', key });
  }

  /** Writes `value()` once at the end of the batch, however many units ask for it: counters and the like. */
  putLast(key: string, value: () => string): void {
    this.#last.set(key, value);
  }

  /** Takes back a change of memory in case the disk refuses the batch. */
  onFailure(undo: () => void): void {
    this.#undo.push(undo);
  }

  /** Makes a change of memory once the batch is on disk, before its writers are answered. */
  afterCommit(show: () => void): void {
    this.#afterCommit.push(show);
  }

  /** Calls a listener once after the batch's writers were answered, however many units ask for it. */
  notify(listener: () => void): void {
    this.#listeners.add(listener);
  }

  seal(): readonly LevelOperation[] {
    for (const [key, value] of this.#last) this.put(key, value());
    return this.operations;
  }

  rollBack(): void {
    for (const undo of this.#undo.reverse()) undo();
  }

  show(): void {
    for (const show of this.#afterCommit) show();
  }

  announce(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** Decides what a write puts into its batch. It may throw before it touched the batch: then it alone fails. */
export type CommitUnit = (batch: BatchBuilder) => void;

interface Pending {
  readonly unit: CommitUnit;
  readonly done: (error?: unknown) => void;
}

/** The single writer of the database. */
export class CommitLog {
  #waiting: Pending[] = [];
  #flushing: Promise<void> | undefined;

  constructor(readonly database: LevelDatabase) {}

  /** Calls `done` after the unit is on disk, or with the error that kept it off. Never calls it synchronously. */
  enqueue(unit: CommitUnit, done: (error?: unknown) => void): void {
    this.#waiting.push({ unit, done });
    this.#flushing ??= Promise.resolve().then(() => this.#flush());
  }

  /** As {@link enqueue}, as a promise. */
  commit(unit: CommitUnit): Promise<void> {
    return new Promise((resolve, reject) => {
      this.enqueue(unit, (error) => (error === undefined ? resolve() : reject(error)));
    });
  }

  /** Resolves when nothing is queued or in flight. */
  async idle(): Promise<void> {
    while (this.#flushing !== undefined) await this.#flushing;
  }

  async #flush(): Promise<void> {
    while (this.#waiting.length > 0) {
      const group = this.#waiting.splice(0, MAX_UNITS_PER_BATCH);
      await this.#write(group);
    }
    this.#flushing = undefined;
  }

  async #write(group: readonly Pending[]): Promise<void> {
    const batch = new BatchBuilder();
    const accepted: Pending[] = [];
    for (const pending of group) {
      try {
        pending.unit(batch);
        accepted.push(pending);
      } catch (error) {
        pending.done(error);
      }
    }
    try {
      const operations = batch.seal();
      if (operations.length > 0) await this.database.batch(operations);
    } catch (error) {
      batch.rollBack();
      for (const pending of accepted) pending.done(error);
      return;
    }
    batch.show();
    for (const pending of accepted) pending.done();
    batch.announce();
  }
}
