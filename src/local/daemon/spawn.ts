// Starts the background process and waits for its one message.
import { spawn } from 'node:child_process';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { CliError, EXIT } from '../../errors.js';
import { compiledFile } from '../../package-files.js';
import type { EngineState } from '../engine-state.js';
import { readLogTail } from './engine-log.js';
import { LOG_FILE, prepareDataDir } from './files.js';
import { type DaemonMessage, fromFailure } from './message.js';

export interface SpawnOptions {
  readonly dataDir: string;
  readonly port?: number;
  readonly idleTimeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** Resolves when the engine answers requests, with its state; or with that of another one which started first. */
export async function spawnDaemon(options: SpawnOptions): Promise<EngineState> {
  const { dataDir, port, idleTimeoutMs, signal } = options;
  await prepareDataDir(dataDir);
  const logPath = join(dataDir, LOG_FILE);
  const logFile = await open(logPath, 'a', 0o600);
  const logStart = (await logFile.stat()).size;
  const child = spawn(
    process.execPath,
    [
      compiledFile('local/daemon/main.js'),
      dataDir,
      ...(port === undefined ? [] : ['--port', String(port)]),
      ...(idleTimeoutMs === undefined ? [] : ['--idle', String(idleTimeoutMs)]),
    ],
    {
      // A session of its own: it outlives the terminal and does not hear its Ctrl-C.
      detached: true,
      cwd: dataDir,
      env: withoutAws(process.env),
      stdio: ['ignore', logFile.fd, logFile.fd, 'ipc'],
      windowsHide: true,
    },
  );
  try {
    return await new Promise<EngineState>((resolve, reject) => {
      const onAbort = (): void => {
        child.kill('SIGTERM');
        reject(signal?.reason);
      };
      if (signal?.aborted === true) onAbort();
      signal?.addEventListener('abort', onAbort, { once: true });
      child.on('error', reject);
      child.on('message', (message) => {
        signal?.removeEventListener('abort', onAbort);
        // The other end is main.ts of this same package.
        const told = message as DaemonMessage;
        if (told.type === 'ready') resolve(told.state);
        else reject(fromFailure(told));
      });
      child.on('exit', (code, killedBy) => {
        signal?.removeEventListener('abort', onAbort);
        const died = (): void => void describeDeath(logPath, logStart, code, killedBy).then(reject);
        // Its message may still be in the channel.
        if (child.connected) child.on('disconnect', died);
        else died();
      });
    });
  } finally {
    if (child.connected) child.disconnect();
    child.removeAllListeners();
    child.unref();
    await logFile.close();
  }
}

async function describeDeath(
  logPath: string,
  logStart: number,
  code: number | null,
  killedBy: NodeJS.Signals | null,
): Promise<CliError> {
  const said = (await readLogTail(logPath, logStart)).trim().split('\n').slice(-3).join(' · ');
  return new CliError(
    'engine.startFailed',
    `the engine ended while it started (${killedBy ?? `exit ${code}`})${said === '' ? '' : `: ${said}`}`,
    { exitCode: EXIT.failure, hint: `its log is ${logPath}` },
  );
}

/** The engine calls no AWS service, and functions inherit nothing that it does not have. */
function withoutAws(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.toUpperCase().startsWith('AWS_')));
}
