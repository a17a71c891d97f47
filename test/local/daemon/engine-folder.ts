// A data folder for one test, and the certainty that no engine outlives it.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stopEngine } from '../../../src/local/daemon/stop.js';
import type { EngineState } from '../../../src/local/engine-state.js';
import { compiledFile } from '../../../src/package-files.js';

export interface EngineFolder extends AsyncDisposable {
  readonly dataDir: string;
}

export async function engineFolder(): Promise<EngineFolder> {
  const parent = await mkdtemp(join(tmpdir(), 'ddbcdc-'));
  const dataDir = join(parent, '.ddbcdc');
  return {
    dataDir,
    async [Symbol.asyncDispose]() {
      await stopEngine(dataDir);
      await rm(parent, { recursive: true, force: true });
    },
  };
}

/**
 * Resolves when the engine's process has ended. The kernel closes its sockets then, whoever its parent is; a pid says
 * less, as nobody may have collected it yet.
 */
export async function engineGone(state: EngineState): Promise<() => Promise<void>> {
  const socket = connect(state.port, '127.0.0.1');
  await once(socket, 'connect');
  socket.on('error', () => {}); // a reset is an end too
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.resume();
  return () => closed;
}

/** The built command line in a process of its own. */
export function cli(args: readonly string[], options: { cwd?: string } = {}): ChildProcess {
  return spawn(process.execPath, [compiledFile('../bin/ddbcdc.js'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...options,
  });
}

/** What a process wrote, and its exit code. */
export async function finished(
  child: ChildProcess,
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const text = { stdout: '', stderr: '' };
  child.stdout?.on('data', (chunk) => {
    text.stdout += String(chunk);
  });
  child.stderr?.on('data', (chunk) => {
    text.stderr += String(chunk);
  });
  const [code] = await once(child, 'close');
  return { code, ...text };
}
