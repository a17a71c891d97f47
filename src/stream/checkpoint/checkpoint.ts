// A named tail's position on disk. A journal line follows every change that the consumer has taken, so that a killed
// tail resumes at the very change; the file behind it is replaced atomically now and then, and when the tail ends.
//
// What a kill leaves open is one change at most: handed out, and not yet followed by a call for the next. It is shown
// (again) on resume, and marked. Power loss can also lose journal lines of the batch that was not yet synced.
import { createHash } from 'node:crypto';
import { closeSync, fdatasync, openSync, writeSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CliError } from '../../errors.js';
import type { Clock } from '../time/clock.js';
import { lockCheckpoint, type Unlock } from './lock.js';
import {
  applyEntry,
  formatEntry,
  type JournalEntry,
  type Position,
  type Progress,
  parseJournal,
  type ShardProgress,
} from './progress.js';

export interface CheckpointOptions {
  readonly name: string;
  readonly dir: string;
  /** Of the table's present stream; all streams of a table share a checkpoint, and it says which one it is in. */
  readonly streamArn: string;
  /** What a first run asks for: records from then on (ms since the epoch), or 0 for all. */
  readonly base: number;
  readonly clock: Clock;
}

const SAVE_EVERY_MS = 5_000;
const LARGEST_JOURNAL_BYTES = 4_000_000;

export class Checkpoint {
  streamArn: string;
  /** The shards of which the last run had a batch in hand when it ended: the next change may have been shown. */
  readonly repeatedFrom: Set<string>;
  private journal: number;
  private fd: number;
  private journalBytes = 0;
  private lastSaveAt: number;
  private saving: Promise<void> | undefined;
  private isSyncing = false;
  private isClosed = false;

  private constructor(
    private readonly path: string,
    private readonly options: CheckpointOptions,
    private readonly unlock: Unlock,
    /** What was there; undefined on the first run. */
    readonly resumed: Progress | undefined,
    private readonly position: Position,
    lastJournal: number,
  ) {
    this.repeatedFrom = new Set(position.inHand);
    this.streamArn = resumed?.streamArn ?? options.streamArn;
    this.journal = lastJournal + 1;
    this.fd = openSync(this.journalPath(this.journal), 'a', 0o600);
    this.lastSaveAt = options.clock.now();
  }

  /** Throws `CliError` `checkpoint.inUse` or `checkpoint.unreadable`. */
  static async open(options: CheckpointOptions): Promise<Checkpoint> {
    const { name, dir, streamArn } = options;
    const table = streamArn.split('/stream/')[0] ?? streamArn;
    const hash = createHash('sha256')
      .update(JSON.stringify([table, name]))
      .digest('hex')
      .slice(0, 12);
    const path = join(dir, `${name.replaceAll(/[^A-Za-z0-9._-]/g, '_').slice(0, 80)}-${hash}`);
    await mkdir(dir, { recursive: true });
    const unlock = await lockCheckpoint(`${path}.lock`, name);
    try {
      const resumed = await readProgress(`${path}.json`, name);
      const position: Position = {
        shards: new Map(Object.entries(resumed?.shards ?? {})),
        inHand: new Set(),
      };
      const journals = await listJournals(path);
      for (const journal of journals) {
        if (resumed === undefined || journal < resumed.journal) continue;
        const text = await readFile(`${path}.journal-${journal}`, 'utf8');
        for (const entry of parseJournal(text)) applyEntry(position, entry);
      }
      const checkpoint = new Checkpoint(path, options, unlock, resumed, position, journals.at(-1) ?? 0);
      await checkpoint.save();
      return checkpoint;
    } catch (error) {
      await unlock();
      throw error;
    }
  }

  get base(): number {
    return this.resumed?.base ?? this.options.base;
  }

  /** When the tail was last known to account for the stream, in ms since the epoch. */
  get accountedTo(): number | undefined {
    return this.resumed?.savedAt;
  }

  progressOf(shard: string): ShardProgress | undefined {
    return this.position.shards.get(shard);
  }

  /** The shards that were begun, or were to be begun, and not read to their end. */
  unfinished(): [string, ShardProgress][] {
    return [...this.position.shards].filter(([, { done }]) => done !== true);
  }

  /** Names a shard that is going to be read, so that its absence is noticed later. */
  expectShard(shard: string): void {
    if (!this.position.shards.has(shard)) this.position.shards.set(shard, {});
  }

  note(entry: JournalEntry): void {
    if (this.isClosed) return;
    applyEntry(this.position, entry);
    try {
      this.journalBytes += writeSync(this.fd, formatEntry(entry));
    } catch (error) {
      throw new CliError('checkpoint.unwritable', `the checkpoint ${this.options.name} cannot be written`, {
        hint: `make room for ${this.journalPath(this.journal)}, then run the command again: it goes on from here`,
        cause: error,
      });
    }
    if (entry.type === 'batchTaken') this.settle();
  }

  /** The old stream is drained: positions are in the new one from here on. */
  async switchTo(streamArn: string): Promise<void> {
    this.streamArn = streamArn;
    this.position.shards.clear();
    await this.save();
  }

  /** The shards that are read to their end. */
  finished(): string[] {
    return [...this.position.shards].flatMap(([shard, { done }]) => (done === true ? [shard] : []));
  }

  /** Forgets shards that are done and of no more concern, so that a checkpoint of months does not grow. */
  forget(isOfConcern: (shard: string) => boolean): void {
    for (const shard of this.finished()) if (!isOfConcern(shard)) this.position.shards.delete(shard);
  }

  /** Writes the whole position and starts a new journal; what is noted meanwhile is in the new one. */
  async save(): Promise<void> {
    const before = this.saving?.catch(() => {}) ?? Promise.resolve();
    this.saving = before.then(() => this.replaceFile());
    await this.saving;
  }

  /** `isComplete`: nothing is in hand, all that was handed out was taken. */
  async close(isComplete: boolean): Promise<void> {
    if (this.isClosed) return;
    if (isComplete) this.position.inHand.clear();
    await this.save();
    this.isClosed = true;
    closeSync(this.fd);
    if (this.position.inHand.size === 0) await rm(this.journalPath(this.journal), { force: true });
    await this.unlock();
  }

  private settle(): void {
    const now = this.options.clock.now();
    if (now - this.lastSaveAt >= SAVE_EVERY_MS || this.journalBytes >= LARGEST_JOURNAL_BYTES) {
      this.lastSaveAt = now;
      // A failed save leaves the journal, which says the same; the last save reports.
      this.save().catch(() => {});
    } else if (!this.isSyncing) {
      this.isSyncing = true;
      fdatasync(this.fd, () => {
        this.isSyncing = false;
      });
    }
  }

  private async replaceFile(): Promise<void> {
    const before = this.journal;
    const fd = openSync(this.journalPath(before + 1), 'a', 0o600);
    closeSync(this.fd);
    this.fd = fd;
    this.journal = before + 1;
    for (const shard of this.position.inHand) writeSync(fd, formatEntry({ type: 'batch', shard }));
    this.journalBytes = 0;
    const progress: Progress = {
      version: 1,
      name: this.options.name,
      streamArn: this.streamArn,
      base: this.base,
      startedAt: this.resumed?.startedAt ?? this.options.clock.now(),
      savedAt: this.options.clock.now(),
      journal: this.journal,
      shards: Object.fromEntries(this.position.shards),
    };
    await writeAtomically(`${this.path}.json`, `${JSON.stringify(progress)}\n`);
    for (const journal of await listJournals(this.path)) {
      if (journal < progress.journal) await rm(this.journalPath(journal), { force: true });
    }
  }

  private journalPath(journal: number): string {
    return `${this.path}.journal-${journal}`;
  }
}

async function readProgress(path: string, name: string): Promise<Progress | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    // A cast at a parsing boundary: only this module writes the file, always whole.
    const progress = JSON.parse(text) as Progress;
    if (progress.version === 1 && typeof progress.shards === 'object') return progress;
  } catch {
    // Reported below, as any other content that is not ours.
  }
  throw new CliError('checkpoint.unreadable', `the checkpoint ${name} cannot be read: ${path}`, {
    hint: `to start over, remove the file; to keep it, choose another name: --checkpoint ${name}-2`,
  });
}

/** The numbers of the journals that are there, ascending. */
async function listJournals(path: string): Promise<number[]> {
  const prefix = `${path.slice(dirname(path).length + 1)}.journal-`;
  const names = await readdir(dirname(path));
  return names
    .filter((file) => file.startsWith(prefix))
    .map((file) => Number(file.slice(prefix.length)))
    .filter(Number.isInteger)
    .sort((a, b) => a - b);
}

/** A reader sees the old text or the new, also after a power cut. */
async function writeAtomically(path: string, text: string): Promise<void> {
  const temporary = `${path}.tmp`;
  const file = await open(temporary, 'w', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
  // The rename itself is durable once the folder is; Windows has no such thing.
  const folder = await open(dirname(path), 'r').catch(() => undefined);
  await folder?.sync().catch(() => {});
  await folder?.close();
}
