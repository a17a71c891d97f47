// What `init` writes into ddbcdc.json: what the user chose, so that the next command in this folder needs no flags.
// Nothing that AWS knows better (ARNs, ids), and no default that a later version might choose otherwise.
import { isAbsolute, relative } from 'node:path';
import { type Config, type LoadedConfig, saveConfig } from '../../config.js';
import type { StackOptions } from '../../provision/desired.js';
import type { InitFlags } from '../init.js';

/** What came of the flags: the user's files, and whether the stack stands on a table that ddbcdc did not make. */
export interface Made {
  readonly model?: string;
  readonly handler?: string;
  readonly isAdopted?: boolean;
}

/** Saves when something differs. Returns the file's path. */
export async function rememberStack(
  loaded: LoadedConfig,
  flags: InitFlags,
  options: StackOptions,
  made: Made,
): Promise<string | undefined> {
  const before = loaded.config.table;
  const fields: { [K in keyof Config]?: string | undefined } = {
    ...placeFields(flags),
    ...(before === undefined || before === options.name ? {} : OTHER_TABLE),
    table: options.name,
    // Without a function there is nothing else that could tell: the table itself is left as it is.
    adopted: made.isAdopted === true ? options.name : undefined,
    ...(options.compute === undefined ? {} : { function: options.compute.functionName }),
    ...(flags.partitionKey === undefined ? {} : { partitionKey: flags.partitionKey, sortKey: flags.sortKey }),
    ...(flags.sortKey === undefined ? {} : { sortKey: flags.sortKey }),
    ...(flags.viewType === undefined ? {} : { viewType: flags.viewType }),
    ...((flags.model === undefined && flags.infer !== true) || made.model === undefined
      ? {}
      : { model: portable(loaded.projectDir, made.model) }),
    ...(flags.handler === undefined || made.handler === undefined
      ? {}
      : { handler: portable(loaded.projectDir, made.handler) }),
  };
  const differs = Object.entries(fields).some(
    ([name, value]) => loaded.config[name as keyof Config] !== value,
  );
  return differs ? await saveConfig(loaded, fields) : loaded.path;
}

/** What the file says of another table goes with it. */
const OTHER_TABLE = {
  partitionKey: undefined,
  sortKey: undefined,
  viewType: undefined,
  function: undefined,
} as const;

/** Target and endpoint belong together: naming one takes the other's earlier value out of the file. */
function placeFields({ target, endpointUrl, region, profile }: InitFlags): {
  [K in keyof Config]?: string | undefined;
} {
  return {
    ...(target === undefined && endpointUrl === undefined ? {} : { target, endpointUrl }),
    ...(region === undefined ? {} : { region }),
    ...(profile === undefined ? {} : { profile }),
  };
}

function portable(projectDir: string, path: string): string {
  const below = relative(projectDir, path).replaceAll('\\', '/');
  return isAbsolute(below) || below.startsWith('.') ? below : `./${below}`;
}
