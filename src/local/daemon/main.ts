// The engine's background process: `node main.js <dataDir> [--port N] [--idle MS]`. Started by ensure.ts, which reads
// one message from it and lets go. Writes to the data folder's log; its stdout and stderr are open on the same file.
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { CliError, EXIT } from '../../errors.js';
import { type Engine, startEngine } from '../engine.js';
import { openServices } from '../open-services.js';
import { checkHealth } from './client.js';
import { openEngineLog } from './engine-log.js';
import { LOG_FILE, readState } from './files.js';
import { type DaemonMessage, toFailure } from './message.js';

/** How long to wait for the folder's lock while another engine starts or stops there. */
const LOCK_PATIENCE_MS = 15_000;
const LOCK_RETRY_MS = 20;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { port: { type: 'string' }, idle: { type: 'string' } },
});
const dataDir = positionals[0] ?? process.cwd();
const log = openEngineLog(join(dataDir, LOG_FILE), Date.now);

// A defect outside any request costs that request; ending the engine would cost every tail and mapping too, and the
// tables are written so that they survive a crash at any moment anyway. While it starts, nobody has it yet.
let ready = false;
function onDefect(what: string, error: unknown): void {
  log.write(`error ${what}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  if (!ready) void tell(toFailure(error)).then(() => process.exit(EXIT.failure));
}
process.on('uncaughtException', (error) => onDefect('uncaught', error));
process.on('unhandledRejection', (error) => onDefect('unhandled rejection', error));

try {
  const engine = await startOrFind();
  if (engine !== undefined) {
    process.on('SIGTERM', () => void engine.close('SIGTERM'));
    process.on('SIGINT', () => void engine.close('SIGINT'));
    process.on('SIGHUP', () => {}); // the terminal may go
    ready = true;
    await tell({ type: 'ready', state: engine.state });
    await engine.closed;
  }
  // Whatever a service has left open (a child's pipe, a timer) must not keep a stopped engine in the process table.
  process.exit(EXIT.done);
} catch (error) {
  log.write(`error ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  await tell(toFailure(error));
  process.exit(EXIT.failure);
}

/** An engine of this process; or undefined after having reported another process's, which won the race to start. */
async function startOrFind(): Promise<Engine | undefined> {
  const deadline = Date.now() + LOCK_PATIENCE_MS;
  for (;;) {
    try {
      return await startEngine({
        dataDir,
        log: log.write,
        openServices,
        ...(values.port === undefined ? {} : { port: Number(values.port) }),
        ...(values.idle === undefined ? {} : { idleTimeoutMs: Number(values.idle) }),
      });
    } catch (error) {
      if (!(error instanceof CliError) || error.code !== 'engine.locked') throw error;
    }
    const state = await readState(dataDir);
    if (state !== undefined && (await checkHealth(state, { touch: true })) !== undefined) {
      await tell({ type: 'ready', state });
      return undefined;
    }
    if (Date.now() > deadline) {
      throw new CliError(
        'engine.unresponsive',
        `an engine holds ${dataDir} but does not answer${state === undefined ? '' : ` (pid ${state.pid})`}`,
        { exitCode: EXIT.precondition, hint: 'ddbcdc local stop ends it; the data is kept' },
      );
    }
    await delay(LOCK_RETRY_MS);
  }
}

function tell(message: DaemonMessage): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined || !process.connected) return resolve();
    process.send(message, undefined, {}, () => {
      if (process.connected) process.disconnect();
      resolve();
    });
  });
}
