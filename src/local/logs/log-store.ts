// All log groups of the engine, one folder each under `<dataDir>/logs/`.
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissing, readJsonFile } from '../functions/atomic-file.js';
import type { EngineContext } from '../service.js';
import { DEFAULT_LOG_LIMITS, LogGroup, type LogGroupMeta, type LogLimits } from './log-group.js';

export class LogStore {
  readonly #groups = new Map<string, LogGroup>();
  readonly #creating = new Map<string, Promise<LogGroup>>();
  readonly #deleting = new Map<string, Promise<void>>();

  private constructor(
    private readonly dir: string,
    private readonly now: () => number,
    private readonly limits: LogLimits,
  ) {}

  static async open(
    context: Pick<EngineContext, 'dataDir' | 'now'>,
    limits: LogLimits = DEFAULT_LOG_LIMITS,
  ): Promise<LogStore> {
    const store = new LogStore(join(context.dataDir, 'logs'), context.now, limits);
    const names = await readdir(store.dir).catch((error: unknown) => {
      if (isMissing(error)) return [];
      throw error;
    });
    for (const name of names) {
      const dir = join(store.dir, name);
      // A cast at a parsing boundary: written by LogGroup.save, atomically.
      const meta = (await readJsonFile(join(dir, 'group.json'))) as LogGroupMeta | undefined;
      // Without it: a creation or a deletion that a crash interrupted.
      if (meta === undefined) await rm(dir, { recursive: true, force: true });
      else store.#groups.set(meta.name, new LogGroup(dir, meta, limits, context.now));
    }
    return store;
  }

  /** Sorted by name. */
  list(): readonly LogGroup[] {
    return [...this.#groups.values()].sort((a, b) => (a.meta.name < b.meta.name ? -1 : 1));
  }

  has(name: string): boolean {
    return this.#groups.has(name);
  }

  /** The loaded group, or undefined. */
  async get(name: string): Promise<LogGroup | undefined> {
    await this.#deleting.get(name);
    const group = this.#groups.get(name) ?? (await this.#creating.get(name));
    await group?.load();
    return group;
  }

  /** The loaded group, made when it is missing, as Lambda makes its function's. */
  async ensure(name: string): Promise<LogGroup> {
    return (await this.get(name)) ?? this.create(name, {});
  }

  async create(name: string, tags: Readonly<Record<string, string>>): Promise<LogGroup> {
    await this.#deleting.get(name);
    const existing = this.#groups.get(name);
    if (existing !== undefined) return existing;
    const creating = this.#creating.get(name) ?? this.#create(name, tags);
    this.#creating.set(name, creating);
    return creating.finally(() => this.#creating.delete(name));
  }

  async delete(name: string): Promise<boolean> {
    const group = await this.get(name);
    if (group === undefined || !this.#groups.delete(name)) return false;
    const deleting = group.remove().finally(() => this.#deleting.delete(name));
    this.#deleting.set(name, deleting);
    await deleting;
    return true;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#groups.values()].map((group) => group.close()));
  }

  async #create(name: string, tags: Readonly<Record<string, string>>): Promise<LogGroup> {
    const meta = { name, creationTime: this.now(), tags };
    const group = new LogGroup(join(this.dir, folderOf(name)), meta, this.limits, this.now);
    await group.load();
    await group.save(meta);
    this.#groups.set(name, group);
    return group;
  }
}

/** Injective, also where file names ignore case: every upper-case letter and special character is escaped. */
function folderOf(name: string): string {
  return name.replace(/[^a-z0-9_-]/g, (character) => `%${character.codePointAt(0)?.toString(16)}%`);
}
