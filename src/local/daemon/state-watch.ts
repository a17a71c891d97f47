// An engine whose data folder is deleted or moved away (`rm -rf .ddbcdc`) can no longer be found by any command, so it
// must not wait for its idle time.
import { existsSync, watch } from 'node:fs';
import { join } from 'node:path';
import { readState, STATE_FILE } from './files.js';

/** Calls back once when the folder's state file is gone or another process's. Returns what ends the watch. */
export function watchState(dataDir: string, pid: number, onGone: () => void): () => void {
  let ended = false;
  async function check(): Promise<void> {
    const present = existsSync(join(dataDir, STATE_FILE));
    const owner = present ? (await readState(dataDir))?.pid : undefined;
    if (ended || (present && (owner === undefined || owner === pid))) return;
    ended = true;
    onGone();
  }
  try {
    const watcher = watch(dataDir, { persistent: false }, () => void check());
    watcher.on('error', () => void check());
    return () => {
      ended = true;
      watcher.close();
    };
  } catch {
    return () => {}; // a file system that cannot be watched: the idle time ends the engine
  }
}
