// Where the engine of a project keeps its data. One rule for every command, so that all of them meet one engine.
import { resolve } from 'node:path';
import type { LoadedConfig } from '../config.js';

/** The folder beside `ddbcdc.json` that holds everything which is not meant for version control. */
export const DATA_DIR_NAME = '.ddbcdc';

/**
 * The absolute data folder: `--data-dir`, then DDBCDC_DATA_DIR, then `.ddbcdc` in the project folder.
 * Relative paths are taken from `cwd`.
 */
export function resolveDataDir(
  flag: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
  loaded: Pick<LoadedConfig, 'projectDir'>,
  cwd: string = process.cwd(),
): string {
  const chosen = flag ?? (env.DDBCDC_DATA_DIR || undefined);
  return chosen === undefined ? resolve(loaded.projectDir, DATA_DIR_NAME) : resolve(cwd, chosen);
}
