// How far a mapping has come, per shard, on disk. Every record up to the stored number was processed (or given up,
// or filtered out); a restart reads on behind it.
import { join } from 'node:path';
import { readJsonFile, writeFileAtomically } from '../functions/atomic-file.js';

export type ShardProgress =
  /** Read from the beginning of the shard. */
  | { readonly type: 'start' }
  | { readonly type: 'after'; readonly sequenceNumber: string }
  /** Closed and processed to its end, or before the starting position: never read again. */
  | { readonly type: 'finished' };

interface Stored {
  readonly shards: Readonly<Record<string, ShardProgress>>;
  readonly lastResult: string;
}

export const NOTHING_PROCESSED = 'No records processed';

export class Checkpoint {
  readonly #shards = new Map<string, ShardProgress>();
  #lastResult = NOTHING_PROCESSED;
  #writing: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  private constructor(
    private readonly path: string,
    private readonly beforeWrite: () => Promise<void>,
  ) {}

  /**
   * `beforeWrite` settles what must be on disk before the progress is. `isNew` in the result tells that the mapping
   * has not chosen its starting positions yet.
   */
  static async open(
    dir: string,
    beforeWrite: () => Promise<void> = async () => undefined,
  ): Promise<{ checkpoint: Checkpoint; isNew: boolean }> {
    const checkpoint = new Checkpoint(join(dir, 'checkpoint.json'), beforeWrite);
    // A cast at a parsing boundary: written by #write, atomically.
    const stored = (await readJsonFile(checkpoint.path)) as Stored | undefined;
    for (const [shardId, progress] of Object.entries(stored?.shards ?? {}))
      checkpoint.#shards.set(shardId, progress);
    if (stored !== undefined) checkpoint.#lastResult = stored.lastResult;
    return { checkpoint, isNew: stored === undefined };
  }

  get lastResult(): string {
    return this.#lastResult;
  }

  /** Undefined for a shard that was never seen. */
  get(shardId: string): ShardProgress | undefined {
    return this.#shards.get(shardId);
  }

  /** Resolves when it is on disk. Callers that come while a write runs share the next one. */
  set(shardId: string, progress: ShardProgress): Promise<void> {
    this.#shards.set(shardId, progress);
    return this.save();
  }

  /** Forgets shards that the stream no longer has. Saved with the next progress. */
  keepOnly(shardIds: ReadonlySet<string>): void {
    for (const shardId of this.#shards.keys()) if (!shardIds.has(shardId)) this.#shards.delete(shardId);
  }

  /** Saved with the next progress: it informs, nothing depends on it. */
  report(result: string): void {
    this.#lastResult = result;
  }

  save(): Promise<void> {
    if (this.#writing === undefined) {
      this.#writing = this.#write().finally(() => {
        this.#writing = undefined;
      });
      return this.#writing;
    }
    this.#next ??= this.#writing
      .catch(() => undefined)
      .then(() => {
        this.#next = undefined;
        return this.save();
      });
    return this.#next;
  }

  async #write(): Promise<void> {
    const stored: Stored = { shards: Object.fromEntries(this.#shards), lastResult: this.#lastResult };
    await this.beforeWrite();
    await writeFileAtomically(this.path, JSON.stringify(stored));
  }
}
