import { chooseTable, loadConfig } from '../../config.js';
import { CliError, EXIT } from '../../errors.js';
import { callEngine } from '../../local/daemon/client.js';
import { findEngine } from '../../local/daemon/ensure.js';
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
  const answer = await callEngine(running, operation, { TableName: table }, signal);
  if (terminal.json) await terminal.printJson(answer);
  else for (const line of renderShards(operation, table, answer, terminal)) await terminal.print(line);
  return EXIT.done;
}
