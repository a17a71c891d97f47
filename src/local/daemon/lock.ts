// One engine for each data folder. Node has no file locks, LevelDB does: it locks its folder through the operating
// system, which lets go when the process ends, however it ends. So there is no stale lock and no pid to misjudge.
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { LOCK_FOLDER } from './files.js';

const RETRY_MS = 15;

/** As much of a LevelDB database as a lock needs. */
interface LevelDatabase {
  open(): Promise<void>;
  close(): Promise<void>;
}

export interface Lock {
  release(): Promise<void>;
}

/**
 * Takes the folder's lock, or resolves to undefined when another process (or this one) has it for all of `patienceMs`.
 * A little patience outlasts somebody who only asks `isLocked`.
 */
export async function acquireLock(dataDir: string, patienceMs = 0): Promise<Lock | undefined> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const lock = await tryLock(join(dataDir, LOCK_FOLDER));
    if (lock !== undefined || Date.now() >= deadline) return lock;
    await delay(RETRY_MS);
  }
}

/** True when some process holds the folder's lock now. */
export async function isLocked(dataDir: string): Promise<boolean> {
  if (!existsSync(join(dataDir, LOCK_FOLDER))) return false; // and asking must not make the folder
  const lock = await acquireLock(dataDir);
  await lock?.release();
  return lock === undefined;
}

async function tryLock(folder: string): Promise<Lock | undefined> {
  const Level = loadLevel();
  for (let attempt = 1; ; attempt += 1) {
    const database = new Level(folder);
    try {
      await database.open();
      return { release: () => database.close() };
    } catch (error) {
      if (causeCode(error) === 'LEVEL_LOCKED') return undefined;
      if (attempt === 2) throw error;
      // LevelDB locks before it reads, so nobody holds a folder whose files a power cut has torn. It keeps no data.
      await rm(folder, { recursive: true, force: true });
    }
  }
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
