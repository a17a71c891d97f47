// How the engine's compute services put metadata on disk: a reader, or a restart after kill -9, sees the old or the
// new content, never half of one.
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

let serial = 0;

/** Writes `data` beside `path` and renames it over. Makes the folder when it is missing. */
export async function writeFileAtomically(path: string, data: string | Uint8Array): Promise<void> {
  serial += 1;
  const temporary = `${path}.${process.pid}.${serial}.tmp`;
  try {
    await writeFile(temporary, data);
  } catch (error) {
    if (!isMissing(error)) throw error;
    await mkdir(dirname(path), { recursive: true });
    await writeFile(temporary, data);
  }
  try {
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

export async function writeJsonAtomically(path: string, value: unknown): Promise<void> {
  await writeFileAtomically(path, `${JSON.stringify(value, null, 2)}\n`);
}

/** The parsed file, or undefined when it is missing or not JSON (a file of ours is never half written). */
export async function readJsonFile(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    if (isMissing(error) || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** True for "no such file or folder". */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
