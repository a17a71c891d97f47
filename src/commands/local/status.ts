import { EXIT } from '../../errors.js';
import { engineStatus } from '../../local/daemon/status.js';
import { renderStatus } from '../../ui/local.js';
import type { CommandContext } from '../context.js';
import { type LocalFlags, localDataDir } from './data-dir.js';

/** Exit 0 whether it runs or not: `running` says so. */
export async function runLocalStatus(flags: LocalFlags, context: CommandContext): Promise<number> {
  const { terminal } = context;
  const status = await engineStatus(await localDataDir(flags, context), context.signal);
  if (terminal.json) await terminal.printJson(status);
  else for (const line of renderStatus(status, terminal, context.now())) await terminal.print(line);
  return EXIT.done;
}
