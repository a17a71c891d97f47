// Deletes what engines wrote into a data folder, and only that: checkpoints of tails, models or whatever else a user
// keeps there stays, and so do the access keys and the port, so that exported variables stay valid.
import { readdir, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { CliError, EXIT } from '../../errors.js';
import { LOCK_FOLDER, LOG_FILE, STATE_FILE } from './files.js';
import { acquireLock } from './lock.js';
import { stopEngine } from './stop.js';

/** The subfolders that the services keep their data in. */
const DATA_FOLDERS = ['tables', 'functions', 'mappings', 'logs'];

export interface ResetOutcome {
  readonly stopped: boolean;
  /** Names in the data folder that were deleted. */
  readonly deleted: readonly string[];
}

/** Stops the engine and deletes its data. Throws `engine.locked` when another one starts meanwhile. */
export async function resetEngine(dataDir: string): Promise<ResetOutcome> {
  const { outcome } = await stopEngine(dataDir);
  const present = await readdir(dataDir).catch(() => []);
  const deleted = present.filter(
    (name) => DATA_FOLDERS.includes(name) || name === STATE_FILE || name.startsWith(LOG_FILE),
  );
  if (deleted.length > 0) {
    const lock = await acquireLock(dataDir, 100);
    if (lock === undefined) {
      throw new CliError('engine.locked', `another command has just started the engine of ${dataDir}`, {
        exitCode: EXIT.precondition,
        hint: 'run ddbcdc local reset again when it is done',
      });
    }
    try {
      for (const name of deleted) await rm(join(dataDir, name), { recursive: true, force: true });
    } finally {
      await lock.release();
    }
    await rm(join(dataDir, LOCK_FOLDER), { recursive: true, force: true });
    await rmdir(dataDir).catch(() => undefined); // only when nothing is left
  }
  return { stopped: outcome !== 'notRunning', deleted };
}
