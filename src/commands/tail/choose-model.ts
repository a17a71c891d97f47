import { resolve } from 'node:path';
import type { LoadedConfig } from '../../config.js';
import type { Model } from '../../model/index.js';
import type { CommandContext } from '../context.js';
import { defaultModel } from './default-model.js';
import type { TailFlags } from './flags.js';
import type { TailServices } from './services.js';

/** The model of `--model`, else of ddbcdc.json, else the default of the table. Throws what loading a file throws. */
export async function chooseModel(
  flags: TailFlags,
  table: string,
  loaded: LoadedConfig,
  context: CommandContext,
  services: TailServices,
): Promise<Model | undefined> {
  if (flags.model !== undefined) return services.loadModel(resolve(context.cwd, flags.model));
  const { model, table: tableOfFile } = loaded.config;
  // The file's model belongs to the file's table.
  if (model !== undefined && (tableOfFile === undefined || tableOfFile === table)) {
    return services.loadModel(resolve(loaded.projectDir, model));
  }
  return defaultModel(table, loaded.config);
}
