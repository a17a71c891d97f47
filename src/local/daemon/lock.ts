// One engine for each data folder. Node has no file locks, LevelDB does: it locks its folder through the operating
// system, which lets go when the process ends, however it ends. So there is no stale lock and no pid to misjudge.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { LOCK_FOLDER } from './files.js';

/** As much of a LevelDB database as a lock needs. */
interface LevelDatabase {
  open(): Promise<void>;
  close(): Promise<void>;
}

export interface Lock {
  release(): Promise<void>;
}

/** Takes the folder's lock, or resolves to undefined when another process (or this one) has it. */
export async function acquireLock(dataDir: string): Promise<Lock | undefined> {
  const Level = loadLevel();
  const database = new Level(join(dataDir, LOCK_FOLDER));
  try {
    await database.open();
  } catch (error) {
    if (causeCode(error) === 'LEVEL_LOCKED') return undefined;
    throw error;
  }
  return { release: () => database.close() };
}

/** True when some process holds the folder's lock now. */
export async function isLocked(dataDir: string): Promise<boolean> {
  if (!existsSync(join(dataDir, LOCK_FOLDER))) return false; // and asking must not make the folder
  const lock = await acquireLock(dataDir);
  await lock?.release();
  return lock === undefined;
}

function loadLevel(): new (path: string) => LevelDatabase {
  const require = createRequire(import.meta.url);
  // The same LevelDB that the tables are kept in: dynalite's, wherever npm has put it.
  const fromDynalite = createRequire(require.resolve('dynalite/package.json'));
  // An untyped CommonJS boundary.
  return (fromDynalite('level') as { Level: new (path: string) => LevelDatabase }).Level;
}

function causeCode(error: unknown): unknown {
  const cause = error instanceof Error ? error.cause : undefined;
  return typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined;
}
