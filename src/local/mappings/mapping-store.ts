// Event source mappings on disk: `<dataDir>/mappings/<uuid>/mapping.json`, and the checkpoint beside it.
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissing, readJsonFile, writeJsonAtomically } from '../functions/atomic-file.js';
import type { EngineContext } from '../service.js';
import type { MappingRecord } from './mapping-record.js';

export class MappingStore {
  readonly #records = new Map<string, MappingRecord>();

  private constructor(private readonly dir: string) {}

  static async open(context: Pick<EngineContext, 'dataDir'>): Promise<MappingStore> {
    const store = new MappingStore(join(context.dataDir, 'mappings'));
    const folders = await readdir(store.dir).catch((error: unknown) => {
      if (isMissing(error)) return [];
      throw error;
    });
    for (const folder of folders) {
      // A cast at a parsing boundary: written by `save`, atomically.
      const record = (await readJsonFile(join(store.dir, folder, 'mapping.json'))) as
        | MappingRecord
        | undefined;
      if (record === undefined) await rm(join(store.dir, folder), { recursive: true, force: true });
      else store.#records.set(record.uuid, record);
    }
    return store;
  }

  get(uuid: string): MappingRecord | undefined {
    return this.#records.get(uuid);
  }

  /** Sorted by UUID, which is the order of paging. */
  list(): readonly MappingRecord[] {
    return [...this.#records.values()].sort((a, b) => (a.uuid < b.uuid ? -1 : 1));
  }

  folder(uuid: string): string {
    return join(this.dir, uuid);
  }

  async save(record: MappingRecord): Promise<void> {
    // In memory first: two requests that arrive together must see each other.
    this.#records.set(record.uuid, record);
    await writeJsonAtomically(join(this.folder(record.uuid), 'mapping.json'), record);
  }

  async delete(uuid: string): Promise<void> {
    await rm(join(this.folder(uuid), 'mapping.json'), { force: true });
    await rm(this.folder(uuid), { recursive: true, force: true });
    this.#records.delete(uuid);
  }
}
