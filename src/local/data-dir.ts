import { join, resolve } from 'node:path';
import type { LoadedConfig } from '../config.js';

/** Where the engine of this project keeps its data: the flag, DDBCDC_DATA_DIR, or `.ddbcdc` beside ddbcdc.json. */
export function resolveDataDir(
  flag: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
  loaded: LoadedConfig,
): string {
  return resolve(flag ?? (env.DDBCDC_DATA_DIR || join(loaded.projectDir, '.ddbcdc')));
}
