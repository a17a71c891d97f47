import { EXIT } from '../../errors.js';
import { stopEngine } from '../../local/daemon/stop.js';
import { renderStopped } from '../../ui/local.js';
import type { CommandContext } from '../context.js';
import { type LocalFlags, localDataDir } from './data-dir.js';

/** Exit 0 whether an engine ran or not. JSON: `{stopped, forced, pid, dataDir}`. */
export async function runLocalStop(flags: LocalFlags, context: CommandContext): Promise<number> {
  const { terminal } = context;
  const dataDir = await localDataDir(flags, context);
  const result = await stopEngine(dataDir);
  if (terminal.json) {
    await terminal.printJson({
      stopped: result.outcome !== 'notRunning',
      forced: result.outcome === 'forced',
      pid: result.outcome === 'notRunning' ? null : result.state.pid,
      dataDir,
    });
  } else await terminal.print(renderStopped(result, dataDir, terminal));
  return EXIT.done;
}
