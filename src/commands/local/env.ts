import { EXIT } from '../../errors.js';
import { ensureEngine } from '../../local/daemon/ensure.js';
import { engineExports, type Shell, shellLines } from '../../local/daemon/exports.js';
import { envAdvice, startingLine } from '../../ui/local.js';
import type { CommandContext } from '../context.js';
import { type LocalFlags, localDataDir } from './data-dir.js';

export interface LocalEnvFlags extends LocalFlags {
  readonly shell: Shell;
}

/** Starts the engine when needed and prints exports. JSON: `{set: {NAME: value}, unset: [NAME]}`. */
export async function runLocalEnv(flags: LocalEnvFlags, context: CommandContext): Promise<number> {
  const { terminal } = context;
  const state = await ensureEngine({
    dataDir: await localDataDir(flags, context),
    signal: context.signal,
    onStarting: (reason) => {
      const line = startingLine(reason);
      if (line !== undefined) terminal.note(line);
    },
  });
  const exports = engineExports(state);
  if (terminal.json) await terminal.printJson(exports);
  else {
    for (const line of shellLines(exports, flags.shell)) await terminal.print(line);
    // Only to a person who looks at the exports instead of evaluating them.
    if (terminal.stdout.isTTY === true) terminal.note(envAdvice(flags.shell, terminal));
  }
  return EXIT.done;
}
