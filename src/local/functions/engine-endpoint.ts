// Where functions send their AWS calls: to the engine that runs them. Services open before the engine listens, so the
// first function of a resumed mapping waits until the engine's state file names its port.
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { LOCK_FOLDER, STATE_FILE } from '../daemon/files.js';
import { readJsonFile } from './atomic-file.js';

const ATTEMPTS = 100;
const PAUSE_MS = 20;

/** The address in the state file, or undefined when no engine holds the folder or it does not come up in time. */
export async function engineEndpoint(dataDir: string): Promise<string | undefined> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const state = await readJsonFile(join(dataDir, STATE_FILE));
    if (
      typeof state === 'object' &&
      state !== null &&
      'endpoint' in state &&
      typeof state.endpoint === 'string'
    ) {
      return state.endpoint;
    }
    const isStarting = await access(join(dataDir, LOCK_FOLDER)).then(
      () => true,
      () => false,
    );
    if (!isStarting) return undefined;
    await delay(PAUSE_MS);
  }
  return undefined;
}
