// Ends an engine: asks it over its own API, and only if it does not answer by signals. Whether it is gone is read from
// the data folder's lock, which a zombie process does not hold and a reused pid never had.
import { setTimeout as delay } from 'node:timers/promises';
import { CliError } from '../../errors.js';
import type { EngineState } from '../engine-state.js';
import { callEngine, checkHealth } from './client.js';
import { readState, removeState } from './files.js';
import { isLocked } from './lock.js';

/** More than the engine's own grace for requests under way. */
const STOP_PATIENCE_MS = 15_000;
/** One that is only slow takes SIGTERM as well as a call. */
const HEALTH_TIMEOUT_MS = 2_000;
/** One that hangs ends as it would in a crash, which the data survives. */
const SIGTERM_PATIENCE_MS = 2_000;
const POLL_MS = 15;

export type StopOutcome =
  /** `forced`: it did not answer and was ended by a signal. */
  | { readonly outcome: 'stopped' | 'forced'; readonly state: EngineState }
  | { readonly outcome: 'notRunning' };

/** Resolves when no engine holds the folder. Throws `engine.stopFailed` when one cannot be ended. */
export async function stopEngine(dataDir: string): Promise<StopOutcome> {
  const state = await settledState(dataDir);
  if (state === undefined) return { outcome: 'notRunning' };
  if ((await checkHealth(state, { timeoutMs: HEALTH_TIMEOUT_MS })) !== undefined) {
    // It may end before its answer arrives: the lock tells, not the answer.
    await callEngine(state, 'StopEngine', {}).catch(() => undefined);
    if (await unlocked(dataDir, STOP_PATIENCE_MS)) return { outcome: 'stopped', state };
  }
  if (!(await isLocked(dataDir))) {
    await removeState(dataDir, state.pid);
    return { outcome: 'notRunning' };
  }
  // The folder is locked and its state file names the holder: this pid is the engine's, not a reused one.
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    try {
      process.kill(state.pid, signal);
    } catch {
      // Gone in this moment, or not ours to end: the lock tells.
    }
    if (await unlocked(dataDir, SIGTERM_PATIENCE_MS)) {
      await removeState(dataDir, state.pid);
      return { outcome: 'forced', state };
    }
  }
  throw new CliError('engine.stopFailed', `the engine of ${dataDir} (pid ${state.pid}) does not stop`, {
    hint: `end process ${state.pid} by hand`,
  });
}

/** The state file; of an engine that is just starting or stopping, what it comes to. */
async function settledState(dataDir: string): Promise<EngineState | undefined> {
  const deadline = Date.now() + STOP_PATIENCE_MS;
  for (;;) {
    const state = await readState(dataDir);
    if (state !== undefined || Date.now() > deadline || !(await isLocked(dataDir))) return state;
    await delay(POLL_MS);
  }
}

async function unlocked(dataDir: string, patienceMs: number): Promise<boolean> {
  const deadline = Date.now() + patienceMs;
  while (await isLocked(dataDir)) {
    if (Date.now() > deadline) return false;
    await delay(POLL_MS);
  }
  return true;
}
