import { join } from 'node:path';
import { CliError, EXIT } from '../../errors.js';
import { openEngineLog } from '../../local/daemon/engine-log.js';
import { findEngine } from '../../local/daemon/ensure.js';
import { LOG_FILE, prepareDataDir } from '../../local/daemon/files.js';
import { engineStatus } from '../../local/daemon/status.js';
import { type EngineOptions, startEngine } from '../../local/engine.js';
import { openServices } from '../../local/open-services.js';
import { logLine, renderStarted } from '../../ui/local.js';
import type { CommandContext } from '../context.js';

/**
 * Runs an engine in this process until Ctrl-C or its idle time, its log on stderr and in its file.
 * Throws `engine.alreadyRunning` (exit 3).
 */
export async function runInForeground(
  options: Pick<EngineOptions, 'dataDir' | 'port' | 'idleTimeoutMs'>,
  context: CommandContext,
): Promise<number> {
  const { terminal, signal, now } = context;
  const { dataDir } = options;
  const { running } = await findEngine(dataDir, signal);
  if (running !== undefined) {
    throw new CliError(
      'engine.alreadyRunning',
      `an engine runs for ${dataDir} already, on port ${running.port} (pid ${running.pid})`,
      { exitCode: EXIT.precondition, hint: 'ddbcdc local stop, then start it in the foreground' },
    );
  }
  await prepareDataDir(dataDir);
  const file = openEngineLog(join(dataDir, LOG_FILE), now);
  const began = now();
  try {
    const engine = await startEngine({
      ...options,
      openServices,
      log: (line) => {
        file.write(line);
        terminal.note(logLine(line, now(), terminal));
      },
    });
    const stop = (): void => void engine.close('interrupted');
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    const status = await engineStatus(dataDir);
    if (terminal.json) await terminal.printJson({ ...status, started: true });
    else {
      for (const line of renderStarted(status, now() - began, terminal, now())) await terminal.print(line);
    }
    await engine.closed;
    return EXIT.done;
  } finally {
    file.close();
  }
}
