// What can be said of a data folder's engine from outside.
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { checkHealth } from './client.js';
import { readState } from './files.js';

export type EngineStatus = RunningStatus | StoppedStatus;

export interface RunningStatus {
  readonly running: true;
  readonly pid: number;
  readonly port: number;
  readonly endpoint: string;
  readonly dataDir: string;
  readonly region: string;
  readonly version: string;
  /** ISO time. */
  readonly startedAt: string;
  /** 0 never stops. */
  readonly idleTimeoutMs: number;
  /** ISO time; null for never, and while requests run. */
  readonly idleStopsAt: string | null;
  /** The rules of the fault plan, while there is one in force. */
  readonly faults?: readonly string[];
  /** Size of everything in the data folder. */
  readonly dataBytes: number;
}

/** The same members, so that scripts can read them without asking first. */
export type StoppedStatus = {
  readonly [K in Exclude<keyof RunningStatus, 'running' | 'dataDir' | 'dataBytes' | 'faults'>]: null;
} & {
  readonly running: false;
  readonly dataDir: string;
  readonly dataBytes: number;
  /** True when an engine ended without stopping: its data is complete all the same. */
  readonly crashed: boolean;
};

/** Never starts an engine and does not keep one from stopping. */
export async function engineStatus(dataDir: string, signal?: AbortSignal): Promise<EngineStatus> {
  const state = await readState(dataDir);
  const [health, dataBytes] = await Promise.all([
    state === undefined ? undefined : checkHealth(state, signal === undefined ? {} : { signal }),
    folderBytes(dataDir),
  ]);
  if (state === undefined || health === undefined) {
    return {
      running: false,
      pid: null,
      port: null,
      endpoint: null,
      dataDir,
      region: null,
      version: null,
      startedAt: null,
      idleTimeoutMs: null,
      idleStopsAt: null,
      dataBytes,
      crashed: state !== undefined,
    };
  }
  return {
    running: true,
    pid: state.pid,
    port: state.port,
    endpoint: state.endpoint,
    dataDir,
    region: state.region,
    version: state.version,
    startedAt: state.startedAt,
    idleTimeoutMs: health.idleTimeoutMs,
    idleStopsAt: health.idleStopsAt === null ? null : new Date(health.idleStopsAt).toISOString(),
    ...(health.faults === undefined ? {} : { faults: health.faults }),
    dataBytes,
  };
}

async function folderBytes(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const sizes = entries
    .filter((entry) => entry.isFile())
    // A database deletes files while we look.
    .map((entry) =>
      stat(join(entry.parentPath, entry.name)).then(
        (file) => file.size,
        () => 0,
      ),
    );
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
