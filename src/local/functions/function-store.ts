// Functions on disk: `<dataDir>/functions/<folder>/function.json` and, beside it, one folder per code hash with the
// zip and the unpacked code. Code is complete before the record names it, so a crash leaves the old function whole.
import { createHash, randomUUID } from 'node:crypto';
import { access, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type EngineContext, ServiceError } from '../service.js';
import { isMissing, readJsonFile, writeJsonAtomically } from './atomic-file.js';
import type { FunctionRecord } from './function-record.js';
import { readZip, ZipError } from './zip.js';

const MAX_ZIP_BYTES = 50 * 1024 * 1024;

export interface StoredCode {
  readonly sha256: string;
  readonly bytes: number;
}

export class FunctionStore {
  readonly #records = new Map<string, FunctionRecord>();

  private constructor(private readonly dir: string) {}

  static async open(context: Pick<EngineContext, 'dataDir'>): Promise<FunctionStore> {
    const store = new FunctionStore(join(context.dataDir, 'functions'));
    const folders = await readdir(store.dir).catch((error: unknown) => {
      if (isMissing(error)) return [];
      throw error;
    });
    for (const folder of folders) {
      // A cast at a parsing boundary: written by `save`, atomically.
      const record = (await readJsonFile(join(store.dir, folder, 'function.json'))) as
        | FunctionRecord
        | undefined;
      if (record === undefined) await rm(join(store.dir, folder), { recursive: true, force: true });
      else store.#records.set(record.name, record);
    }
    // An update that a crash interrupted leaves code that no record names.
    for (const name of store.#records.keys()) await store.removeOldCode(name);
    return store;
  }

  get(name: string): FunctionRecord | undefined {
    return this.#records.get(name);
  }

  /** Sorted by name. */
  list(): readonly FunctionRecord[] {
    return [...this.#records.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** The folder that holds the function's unpacked code: its working folder when it runs. */
  codeDir(record: FunctionRecord): string {
    return join(this.#folder(record.name), codeFolder(record.code.sha256), 'task');
  }

  /** A folder for the function's temporary files. */
  scratchDir(record: FunctionRecord): string {
    return join(this.#folder(record.name), 'tmp');
  }

  /** Unpacks a zip, ready for a record to name it. Throws InvalidParameterValueException for a bad archive. */
  async storeCode(name: string, zip: Uint8Array): Promise<StoredCode> {
    const code = describeCode(zip);
    const target = join(this.#folder(name), codeFolder(code.sha256));
    // A code folder is renamed into place when it is complete: the same code again needs nothing, and a child that
    // runs in it keeps its files.
    if (await exists(target)) return code;
    const entries = await unzip(zip);
    const temporary = `${target}.${randomUUID()}.tmp`;
    for (const entry of entries) {
      const path = join(temporary, 'task', entry.path);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, entry.data, { mode: entry.executable ? 0o755 : 0o644 });
    }
    await mkdir(join(temporary, 'task'), { recursive: true });
    await writeFile(join(temporary, 'code.zip'), zip);
    await rename(temporary, target);
    await mkdir(join(this.#folder(name), 'tmp'), { recursive: true });
    return code;
  }

  async save(record: FunctionRecord): Promise<void> {
    await writeJsonAtomically(join(this.#folder(record.name), 'function.json'), record);
    this.#records.set(record.name, record);
  }

  /** Removes code that no record names. Called when no child runs it any more. */
  async removeOldCode(name: string): Promise<void> {
    const record = this.#records.get(name);
    const folder = this.#folder(name);
    if (record === undefined) {
      await rm(folder, { recursive: true, force: true });
      return;
    }
    const keep = codeFolder(record.code.sha256);
    for (const entry of await readdir(folder)) {
      if (entry.startsWith('code-') && entry !== keep) {
        await rm(join(folder, entry), { recursive: true, force: true });
      }
    }
  }

  /** Forgets the function. Its code stays until `removeOldCode`, which the next start does after a crash. */
  async delete(name: string): Promise<void> {
    this.#records.delete(name);
    await rm(join(this.#folder(name), 'function.json'), { force: true });
  }

  /** Distinct names stay distinct on file systems that ignore case. */
  #folder(name: string): string {
    const folder = name.replace(/[A-Z]/g, (letter) => `%${letter.toLowerCase()}`);
    return join(this.dir, folder);
  }
}

/** Size and hash as Lambda reports them. */
export function describeCode(zip: Uint8Array): StoredCode {
  return { sha256: createHash('sha256').update(zip).digest('base64'), bytes: zip.length };
}

/** Reads the archive without storing it. Throws InvalidParameterValueException. */
export async function unzip(zip: Uint8Array): ReturnType<typeof readZip> {
  if (zip.length > MAX_ZIP_BYTES) {
    throw new ServiceError(
      'RequestEntityTooLargeException',
      `Zipped size must be smaller than ${MAX_ZIP_BYTES} bytes`,
      413,
    );
  }
  try {
    return await readZip(zip);
  } catch (error) {
    if (!(error instanceof ZipError)) throw error;
    throw new ServiceError(
      'InvalidParameterValueException',
      error.message.startsWith('Unzipped size')
        ? error.message
        : `Could not unzip uploaded file. Please check your file, then try to upload again. ${error.message}`,
    );
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function codeFolder(sha256: string): string {
  return `code-${Buffer.from(sha256, 'base64').toString('hex')}`;
}
