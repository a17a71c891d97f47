import { chooseTable, loadConfig } from '../../config.js';
import { CliError, EXIT } from '../../errors.js';
import { findEngine } from '../../local/daemon/ensure.js';
import { changeShards } from '../../local/daemon/shard-lineage.js';
import { renderShards } from '../../ui/local.js';
import type { CommandContext } from '../context.js';
import { type LocalFlags, localDataDir } from './data-dir.js';

export interface LocalShardsFlags extends LocalFlags {
  readonly table?: string;
}

/** Makes a stream's shards roll or split now, as AWS does every few hours. JSON: the engine's answer. */
export async function runLocalShards(
  operation: 'RollShards' | 'SplitShard',
  flags: LocalShardsFlags,
  context: CommandContext,
): Promise<number> {
  const { terminal, signal } = context;
  const { config } = await loadConfig(context.cwd);
  const table = chooseTable(flags.table, context.env, config);
  const dataDir = await localDataDir(flags, context);
  const { running } = await findEngine(dataDir, signal);
  if (running === undefined) {
    throw new CliError('engine.notRunning', `no engine runs for ${dataDir}, so no stream has open shards`, {
      exitCode: EXIT.precondition,
      hint: 'ddbcdc init makes a table with a stream, and starts the engine',
    });
  }
  const lineage = await changeShards(running, operation, table, signal);
  if (terminal.json) await terminal.printJson(lineage);
  else for (const line of renderShards(table, lineage, terminal)) await terminal.print(line);
  return EXIT.done;
}
