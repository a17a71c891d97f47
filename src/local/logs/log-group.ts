// One log group on disk: `group.json` and append-only segments `<id>.jsonl`, each finished one with its index beside
// it. All log streams of the group share the segments, so that reading them interleaved by time is one forward scan.
// Memory holds the indexes and what is not yet written, nothing else.
import { type FileHandle, mkdir, open, readdir, rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { readJsonFile, writeJsonAtomically } from '../functions/atomic-file.js';
import { readLines } from './read-lines.js';
import { addLine, emptySegment, offsetBefore, type SegmentIndex } from './segment-index.js';

export interface LogGroupMeta {
  readonly name: string;
  /** Epoch milliseconds. */
  readonly creationTime: number;
  readonly retentionInDays?: number;
  readonly tags: Readonly<Record<string, string>>;
}

export interface LogLimits {
  /** A segment is finished when it reaches this size. */
  readonly segmentBytes: number;
  /** The oldest segments are removed while the group is larger than this. */
  readonly groupBytes: number;
}

export const DEFAULT_LOG_LIMITS: LogLimits = { segmentBytes: 8 * 1024 * 1024, groupBytes: 512 * 1024 * 1024 };

/** A place in a group: lines before it were seen. */
export interface LogPosition {
  readonly segment: number;
  readonly offset: number;
}

export interface StoredEvent {
  readonly timestamp: number;
  readonly stream: string;
  readonly message: string;
  readonly position: LogPosition;
  readonly next: LogPosition;
}

/** Lines of a busy function come one by one: they are written together. */
const GATHER_MS = 5;
const DAY_MS = 86_400_000;
const SEGMENT_FILE = /^(\d{8})\.jsonl$/;

export class LogGroup {
  #segments: SegmentIndex[] = [];
  #pending: { readonly segment: SegmentIndex; readonly lines: string[] }[] = [];
  #writing: Promise<void> | undefined;
  /** Ends the gathering of lines before a write. */
  #hurry: (() => void) | undefined;
  #file: { readonly id: number; readonly handle: FileHandle } | undefined;
  #closed = false;
  #loaded: Promise<void> | undefined;

  constructor(
    readonly dir: string,
    public meta: LogGroupMeta,
    private readonly limits: LogLimits,
    private readonly now: () => number,
  ) {}

  /** Reads what earlier processes left. Must be awaited before anything else; repeated calls cost nothing. */
  load(): Promise<void> {
    this.#loaded ??= this.#load();
    return this.#loaded;
  }

  async save(meta: LogGroupMeta): Promise<void> {
    this.meta = meta;
    await writeJsonAtomically(join(this.dir, 'group.json'), meta);
  }

  /** Adds one event per message, now. `flush` tells when they are on disk. */
  append(stream: string, messages: readonly string[]): void {
    if (this.#closed) return;
    let segment = this.#active();
    const time = Math.max(this.now(), segment.lastTime ?? this.#segments.at(-2)?.lastTime ?? 0);
    for (const message of messages) {
      if (segment.bytes >= this.limits.segmentBytes) segment = this.#begin(segment.id + 1);
      const line = `${JSON.stringify([time, stream, message])}\n`;
      addLine(segment, time, stream, Buffer.byteLength(line));
      const last = this.#pending.at(-1);
      if (last?.segment === segment) last.lines.push(line);
      else this.#pending.push({ segment, lines: [line] });
    }
    this.#startWriting();
  }

  /** Resolves when everything appended so far is in the files. Rejects when the disk refuses. */
  async flush(): Promise<void> {
    // The running write may have left before the newest lines came: those go with the next one.
    const newest = this.#pending.length > 0;
    this.#hurry?.();
    await this.#writing;
    if (newest) {
      this.#hurry?.();
      await this.#writing;
    }
  }

  /** The group's segments, oldest first. For reading only. */
  segments(): readonly SegmentIndex[] {
    return this.#segments;
  }

  /**
   * Events from a position, or from a time, in stored order, in chunks; ends at what is stored now.
   * `end` of the last chunk's last event is where to go on later.
   */
  async *read(from: LogPosition | { readonly time: number }): AsyncGenerator<StoredEvent[]> {
    await this.flush();
    const start = 'time' in from ? this.#locate(from.time) : from;
    for (const segment of [...this.#segments]) {
      if (segment.id < start.segment) continue;
      const offset = segment.id === start.segment ? start.offset : 0;
      for await (const lines of readLines(this.#path(segment.id), offset, segment.bytes)) {
        yield lines.flatMap(({ offset, end, line }) =>
          line === undefined
            ? []
            : [
                {
                  timestamp: line[0],
                  stream: line[1],
                  message: line[2],
                  position: { segment: segment.id, offset },
                  next: { segment: segment.id, offset: end },
                },
              ],
        );
      }
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.flush().catch(() => undefined);
    await this.#file?.handle.close();
    this.#file = undefined;
  }

  async remove(): Promise<void> {
    await this.close();
    // Without it the folder is no group any more: a crash in between brings nothing back.
    await rm(join(this.dir, 'group.json'), { force: true });
    await rm(this.dir, { recursive: true, force: true });
  }

  /** Removes the oldest segments beyond the size bound and those that the retention policy has outlived. */
  async evict(): Promise<void> {
    const oldest =
      this.meta.retentionInDays === undefined ? -Infinity : this.now() - this.meta.retentionInDays * DAY_MS;
    let total = this.#segments.reduce((sum, segment) => sum + segment.bytes, 0);
    for (const segment of this.#segments.slice(0, -1)) {
      if (total <= this.limits.groupBytes && (segment.lastTime ?? 0) >= oldest) break;
      total -= segment.bytes;
      this.#segments = this.#segments.filter((other) => other !== segment);
      await rm(this.#path(segment.id), { force: true });
      await rm(this.#indexPath(segment.id), { force: true });
    }
  }

  #locate(time: number): LogPosition {
    for (const segment of this.#segments) {
      if ((segment.lastTime ?? -1) >= time)
        return { segment: segment.id, offset: offsetBefore(segment, time) };
    }
    return { segment: Infinity, offset: 0 };
  }

  #active(): SegmentIndex {
    return this.#segments.at(-1) ?? this.#begin(1);
  }

  #begin(id: number): SegmentIndex {
    const segment = emptySegment(id);
    this.#segments.push(segment);
    return segment;
  }

  #startWriting(): void {
    if (this.#writing !== undefined) return;
    const writing = this.#write().finally(() => {
      this.#writing = undefined;
      if (this.#pending.length > 0) this.#startWriting();
    });
    // The failure reaches whoever flushes; a writer nobody waits for must not end the process.
    writing.catch(() => undefined);
    this.#writing = writing;
  }

  /** Writes what is pending after a moment, or at once when somebody flushes. */
  async #write(): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, GATHER_MS);
      this.#hurry = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#hurry = undefined;
    const pending = this.#pending;
    this.#pending = [];
    for (const { segment, lines } of pending) {
      const handle = await this.#fileOf(segment);
      await handle.appendFile(lines.join(''));
    }
  }

  async #fileOf(segment: SegmentIndex): Promise<FileHandle> {
    if (this.#file?.id === segment.id) return this.#file.handle;
    if (this.#file !== undefined) {
      await this.#file.handle.close();
      const finished = this.#segments.find((other) => other.id === this.#file?.id);
      this.#file = undefined;
      if (finished !== undefined) await writeJsonAtomically(this.#indexPath(finished.id), finished);
      await this.evict();
    }
    await mkdir(this.dir, { recursive: true });
    const handle = await open(this.#path(segment.id), 'a');
    this.#file = { id: segment.id, handle };
    return handle;
  }

  async #load(): Promise<void> {
    await mkdir(this.dir, { recursive: true });
    const ids = (await readdir(this.dir))
      .flatMap((name) => SEGMENT_FILE.exec(name)?.[1] ?? [])
      .map(Number)
      .sort((a, b) => a - b);
    for (const id of ids) {
      // A cast at a parsing boundary: written by #fileOf, atomically.
      const index = (await readJsonFile(this.#indexPath(id))) as SegmentIndex | undefined;
      this.#segments.push(index ?? (await this.#scan(id)));
    }
    await this.evict();
  }

  async #scan(id: number): Promise<SegmentIndex> {
    const segment = emptySegment(id);
    for await (const lines of readLines(this.#path(id), 0)) {
      for (const { offset, end, line } of lines) {
        if (line === undefined) segment.bytes = end;
        else addLine(segment, line[0], line[1], end - offset);
      }
    }
    // What follows the last whole line was torn by a crash; new lines must not be glued to it.
    await truncate(this.#path(id), segment.bytes);
    return segment;
  }

  #path(id: number): string {
    return join(this.dir, `${String(id).padStart(8, '0')}.jsonl`);
  }

  #indexPath(id: number): string {
    return join(this.dir, `${String(id).padStart(8, '0')}.index.json`);
  }
}
