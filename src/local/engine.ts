// One running engine: the data folder's lock, the services, the server, the state file, and the end of them all in the
// reverse order. Runs in the daemon, in `local start --foreground` and in tests alike.
import { CliError, EXIT } from '../errors.js';
import { packageVersion } from '../package-files.js';
import { clearState, prepareDataDir, removeState, writeState } from './daemon/files.js';
import { type Health, proveIdentity } from './daemon/health.js';
import { loadIdentity, saveIdentity } from './daemon/identity.js';
import { type IdleWatch, watchIdle } from './daemon/idle.js';
import { acquireLock } from './daemon/lock.js';
import { currentProgram } from './daemon/program.js';
import { watchState } from './daemon/state-watch.js';
import type { OpenServices } from './engine-services.js';
import type { EngineState } from './engine-state.js';
import { createFaultAdmin } from './faults/admin.js';
import { FaultPlan } from './faults/fault-plan.js';
import { invokeWithFaults, withFaults } from './faults/inject.js';
import { createAdminService } from './server/admin.js';
import { createEngineServer, type EngineServer } from './server/server.js';
import type { EngineContext } from './service.js';
import { createTeardown } from './teardown.js';

export const DEFAULT_IDLE_TIMEOUT_MS = 60 * 60_000;
/** The account of everything in the engine. */
export const ACCOUNT_ID = '000000000000';
const DEFAULT_REGION = 'us-east-1';
/** Outlasts a command that only looks whether the folder is locked. */
const LOCK_PATIENCE_MS = 100;
/** How long requests under way may take when the engine stops. */
const CLOSE_GRACE_MS = 5_000;

export interface EngineOptions {
  readonly dataDir: string;
  /** Fixes the port. Otherwise the last one is taken again if it is free, else any. */
  readonly port?: number;
  /** 0 never stops. Defaults to one hour. */
  readonly idleTimeoutMs?: number;
  /** For a new data folder; an old one keeps its own. Defaults to us-east-1. */
  readonly region?: string;
  readonly log: (line: string) => void;
  readonly openServices: OpenServices;
}

export interface Engine {
  readonly state: EngineState;
  /** Resolves when everything is closed and the lock is free. Never rejects. */
  readonly closed: Promise<void>;
  /** Finishes the requests under way and closes everything. A second call waits for the first. */
  close(reason: string): Promise<void>;
}

/**
 * Starts an engine in this process. Resolves when it answers requests.
 * Throws `engine.locked` when the data folder has an engine, `engine.portBusy`, `engine.dataDir` (all exit 3).
 */
export async function startEngine(options: EngineOptions): Promise<Engine> {
  const { dataDir, log } = options;
  await prepareDataDir(dataDir);
  const lock = await acquireLock(dataDir, LOCK_PATIENCE_MS);
  if (lock === undefined) {
    throw new CliError('engine.locked', `the data folder ${dataDir} is in use by another engine`, {
      exitCode: EXIT.precondition,
      hint: 'ddbcdc local status',
    });
  }
  const teardown = createTeardown((error) => log(`error while stopping: ${String(error)}`));
  teardown.add(() => log('engine stopped'));
  teardown.add(() => lock.release());
  let stopping = false;
  function close(reason: string): Promise<void> {
    if (!stopping) {
      stopping = true;
      log(`engine stops: ${reason}`);
    }
    return teardown.run();
  }
  try {
    const startedAtMs = Date.now();
    const version = packageVersion();
    await clearState(dataDir);
    const identity = await loadIdentity(dataDir, options.region ?? DEFAULT_REGION);
    const { region, accessKeyId, secretAccessKey } = identity;
    const faults = new FaultPlan(Date.now);
    const context: EngineContext = {
      dataDir,
      region,
      accountId: ACCOUNT_ID,
      now: Date.now,
      log,
      invokeWithFaults: (run) => invokeWithFaults(faults, run),
    };
    const services = await options.openServices(context);
    teardown.add(() => services.close());
    const idle = watchIdle({
      timeoutMs: options.idleTimeoutMs ?? DEFAULT_IDLE_TIMEOUT_MS,
      now: Date.now,
      busy: () => services.busy(),
      onIdle: () => void close('idle'),
    });
    teardown.add(() => idle.stop());
    const started = idle.begin(); // a short idle time must not end an engine that is still starting
    const processAdmin = createAdminService(services.admin, {
      stop: () => setImmediate(() => void close('asked to stop')),
      async setIdleTimeout(idleTimeoutMs) {
        idle.setTimeoutMs(idleTimeoutMs);
        state = { ...state, idleTimeoutMs };
        await writeState(state);
      },
    });
    const server = createEngineServer({
      services: { ...withFaults(services, faults, Date.now), admin: createFaultAdmin(processAdmin, faults) },
      keys: identity,
      accountId: ACCOUNT_ID,
      now: Date.now,
      log,
      health: (query) => ({ ...describeHealth(query, version, secretAccessKey, idle, faults) }),
      onRequest: () => idle.begin(),
    });
    const port = await listen(server, options.port, identity.port);
    teardown.add(() => server.close(CLOSE_GRACE_MS));
    teardown.add(() => faults.clear()); // the end waits for no delay that a rule asked for
    if (port !== identity.port) await saveIdentity(dataDir, { ...identity, port });
    const program = await currentProgram();
    let state: EngineState = {
      pid: process.pid,
      port,
      endpoint: `http://127.0.0.1:${port}`,
      dataDir,
      region,
      accessKeyId,
      secretAccessKey,
      version,
      startedAt: new Date(startedAtMs).toISOString(),
      idleTimeoutMs: idle.timeoutMs,
      ...(program === undefined ? {} : { program }),
    };
    await writeState(state);
    teardown.add(() => removeState(dataDir, process.pid));
    const endWatch = watchState(dataDir, process.pid, () => void close('its data folder was taken away'));
    teardown.add(() => endWatch());
    log(
      `engine ${state.version} ready on ${state.endpoint} in ${Date.now() - startedAtMs} ms, pid ${state.pid}`,
    );

    started();
    return {
      get state() {
        return state;
      },
      closed: teardown.done,
      close,
    };
  } catch (error) {
    await teardown.run();
    throw error;
  }
}

function describeHealth(
  query: URLSearchParams,
  version: string,
  secretAccessKey: string,
  idle: IdleWatch,
  faults: FaultPlan,
): Health {
  // A command that is about to use the engine says so, lest it stop in between.
  if (query.get('touch') === '1') idle.begin()();
  const nonce = query.get('nonce');
  return {
    engine: 'ddbcdc',
    version,
    pid: process.pid,
    idleTimeoutMs: idle.timeoutMs,
    idleStopsAt: idle.stopsAt(),
    ...(faults.activeRules.length === 0 ? {} : { faults: faults.activeRules }),
    ...(nonce === null ? {} : { proof: proveIdentity(secretAccessKey, nonce, process.pid) }),
  };
}

async function listen(server: EngineServer, fixed: number | undefined, last: number): Promise<number> {
  try {
    return await server.listen(fixed ?? last);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code !== 'EADDRINUSE' && code !== 'EACCES') throw error;
    if (fixed === undefined && last !== 0) return await server.listen(0);
    throw new CliError(
      'engine.portBusy',
      code === 'EACCES'
        ? `port ${fixed} may not be used by this user`
        : `port ${fixed} of 127.0.0.1 is in use by another program`,
      {
        exitCode: EXIT.precondition,
        hint: 'stop that program, or choose another port with --port, or leave --port out to take a free one',
        cause: error,
      },
    );
  }
}
