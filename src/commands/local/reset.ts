import { EXIT, usageError } from '../../errors.js';
import { resetEngine } from '../../local/daemon/reset.js';
import { renderReset } from '../../ui/local.js';
import { askYesNo } from '../../ui/prompts.js';
import type { CommandContext } from '../context.js';
import { type LocalFlags, localDataDir } from './data-dir.js';

export interface LocalResetFlags extends LocalFlags {
  readonly yes?: boolean;
}

/** Exit 0 when the data is gone, or the person said no. JSON: `{reset, stopped, deleted, dataDir}`. */
export async function runLocalReset(flags: LocalResetFlags, context: CommandContext): Promise<number> {
  const { terminal } = context;
  const dataDir = await localDataDir(flags, context);
  if (flags.yes !== true) {
    if (!terminal.canPrompt) {
      throw usageError(
        'reset.notConfirmed',
        `this deletes every table, stream, function and log in ${dataDir}, and nobody can be asked`,
        'add --yes',
      );
    }
    const message = `Delete every table, stream, function and log in ${dataDir}?`;
    if (!(await askYesNo(terminal, { message }, context.signal))) return EXIT.done;
  }
  const result = await resetEngine(dataDir);
  if (terminal.json) await terminal.printJson({ reset: true, ...result, dataDir });
  else await terminal.print(renderReset(result, dataDir, terminal));
  return EXIT.done;
}
