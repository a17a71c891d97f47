// Every command's way to the engine: the one that runs, or a new one. It never asks whether a pid is alive: the engine
// proves itself over its port, and the data folder's lock decides between two that start at once.
import { CliError, EXIT } from '../../errors.js';
import type { EngineState } from '../engine-state.js';
import { callEngine, checkHealth } from './client.js';
import { readState } from './files.js';
import { runsThisCode } from './program.js';
import { spawnDaemon } from './spawn.js';
import { stopEngine } from './stop.js';

/** Why an engine has to be started. */
export type StartReason = 'notRunning' | 'crashed' | 'otherCode';

export interface EnsureEngineOptions {
  readonly dataDir: string;
  /** Fixes the port. An engine that runs on another one is an error. */
  readonly port?: number;
  /** Also given to an engine that runs already. 0 never stops. */
  readonly idleTimeoutMs?: number;
  readonly signal?: AbortSignal;
  /** Called before a process is started, for a line that explains the wait. */
  readonly onStarting?: (reason: StartReason) => void;
}

/**
 * The engine of a data folder, started as a background process when none answers.
 * Throws `engine.otherPort`, `engine.portBusy`, `engine.unresponsive`, `engine.dataDir` (exit 3), `engine.startFailed`.
 */
export async function ensureEngine(options: EnsureEngineOptions): Promise<EngineState> {
  const { dataDir, port, idleTimeoutMs, signal } = options;
  const found = await findEngine(dataDir, signal);
  let state = found.running;
  let reason: StartReason = found.stale ? 'crashed' : 'notRunning';
  if (state !== undefined && !(await runsThisCode(state))) {
    await stopEngine(dataDir);
    reason = 'otherCode';
    state = undefined;
  }
  const wasRunning = state !== undefined;
  if (state === undefined) {
    options.onStarting?.(reason);
    state = await spawnDaemon(options);
  }
  if (port !== undefined && state.port !== port) {
    throw new CliError(
      'engine.otherPort',
      `the engine of ${dataDir} runs on port ${state.port}, not on port ${port}`,
      { exitCode: EXIT.precondition, hint: `ddbcdc local stop, then ddbcdc local start --port ${port}` },
    );
  }
  if (wasRunning && idleTimeoutMs !== undefined && state.idleTimeoutMs !== idleTimeoutMs) {
    await callEngine(state, 'SetIdleTimeout', { IdleTimeoutMs: idleTimeoutMs }, signal);
    state = { ...state, idleTimeoutMs };
  }
  return state;
}

/** The engine that answers for a data folder; `stale` when one left its state file behind without stopping. */
export async function findEngine(
  dataDir: string,
  signal?: AbortSignal,
): Promise<{ readonly running?: EngineState; readonly stale: boolean }> {
  const state = await readState(dataDir);
  if (state === undefined) return { stale: false };
  const health = await checkHealth(state, { touch: true, ...(signal === undefined ? {} : { signal }) });
  return health === undefined ? { stale: true } : { running: state, stale: false };
}
