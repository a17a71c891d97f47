import { EXIT } from '../../errors.js';
import { ensureEngine, type StartReason } from '../../local/daemon/ensure.js';
import { engineStatus } from '../../local/daemon/status.js';
import { renderStarted, startingLine } from '../../ui/local.js';
import type { CommandContext } from '../context.js';
import { type LocalFlags, localDataDir } from './data-dir.js';

export interface LocalStartFlags extends LocalFlags {
  readonly port?: number;
  readonly idle?: number;
  readonly foreground?: boolean;
}

/** Exit 0 when the engine runs; `--foreground` ends with 0 on Ctrl-C. JSON: the fields of `local status`, and `started`. */
export async function runLocalStart(flags: LocalStartFlags, context: CommandContext): Promise<number> {
  const { terminal, signal } = context;
  const dataDir = await localDataDir(flags, context);
  const options = {
    dataDir,
    ...(flags.port === undefined ? {} : { port: flags.port }),
    ...(flags.idle === undefined ? {} : { idleTimeoutMs: flags.idle }),
  };
  if (flags.foreground === true) {
    const { runInForeground } = await import('./foreground.js');
    return runInForeground(options, context);
  }
  const began = context.now();
  let reason: StartReason | undefined;
  await ensureEngine({
    ...options,
    signal,
    onStarting: (why) => {
      reason = why;
      const line = startingLine(why);
      if (line !== undefined) terminal.note(line);
    },
  });
  const status = await engineStatus(dataDir, signal);
  const started = reason !== undefined;
  if (terminal.json) await terminal.printJson({ ...status, started });
  else {
    for (const line of renderStarted(
      status,
      started ? context.now() - began : undefined,
      terminal,
      context.now(),
    )) {
      await terminal.print(line);
    }
  }
  return EXIT.done;
}
