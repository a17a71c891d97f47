// The engine's own files in the data folder, apart from what the services keep in their subfolders.
import { chmod, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CliError, EXIT } from '../../errors.js';
import type { EngineState } from '../engine-state.js';

export const STATE_FILE = 'engine.json';
export const IDENTITY_FILE = 'engine-identity.json';
export const LOG_FILE = 'engine.log';
export const LOCK_FOLDER = 'engine-lock';

/**
 * Makes the data folder, for this user only, with a `.gitignore` that keeps all of it out of version control.
 * A folder that has other files already gets no `.gitignore`: `--data-dir .` must not hide a project from git.
 * Throws `engine.dataDir` (exit 3).
 */
export async function prepareDataDir(dataDir: string): Promise<void> {
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    const names = await readdir(dataDir);
    if (names.length === 0) await writeFile(join(dataDir, '.gitignore'), '*\n');
  } catch (error) {
    throw new CliError('engine.dataDir', `the data folder ${dataDir} cannot be used: ${reason(error)}`, {
      exitCode: EXIT.precondition,
      hint: 'choose another folder with --data-dir or DDBCDC_DATA_DIR',
      cause: error,
    });
  }
}

/** The state that a running (or crashed) engine left, or undefined. */
export async function readState(dataDir: string): Promise<EngineState | undefined> {
  const value = await readJson(join(dataDir, STATE_FILE));
  const numbers = ['pid', 'port', 'idleTimeoutMs'];
  const texts = ['endpoint', 'region', 'accessKeyId', 'secretAccessKey', 'version', 'startedAt'];
  if (value === undefined) return undefined;
  if (!numbers.every((name) => typeof value[name] === 'number')) return undefined;
  if (!texts.every((name) => typeof value[name] === 'string')) return undefined;
  // Checked above. The folder is the one it was read from, also when it has been moved since.
  return { ...(value as unknown as EngineState), dataDir };
}

export function writeState(state: EngineState): Promise<void> {
  return writePrivate(join(state.dataDir, STATE_FILE), state);
}

/**
 * Removes whatever state file is there. Only for the holder of the folder's lock: who left the file is gone, and its
 * pid may be another process's by now, which `local stop` must never take for the engine.
 */
export function clearState(dataDir: string): Promise<void> {
  return rm(join(dataDir, STATE_FILE), { force: true });
}

/** Removes the state file if it is still that of this process. */
export async function removeState(dataDir: string, pid: number): Promise<void> {
  const state = await readState(dataDir);
  if (state === undefined || state.pid === pid) await rm(join(dataDir, STATE_FILE), { force: true });
}

/** Writes JSON with mode 0600, so that a reader sees the old document or the new one and never half of one. */
export async function writePrivate(path: string, value: unknown): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  await writeFile(temporary, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  await chmod(temporary, 0o600); // a file that a crash left there would keep its own mode
  await rename(temporary, path);
}

/** A JSON object, or undefined when the file is absent or holds something else. */
export async function readJson(path: string): Promise<Record<string, unknown> | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'));
    // The cast only says what the check before it shows.
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
