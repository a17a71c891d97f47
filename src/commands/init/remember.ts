// What `init` writes into ddbcdc.json: what the user chose, so that the next command in this folder needs no flags.
// Nothing that AWS knows better (ARNs, ids), and no default that a later version might choose otherwise.
import { isAbsolute, relative } from 'node:path';
import { type Config, type LoadedConfig, saveConfig } from '../../config.js';
import type { StackOptions } from '../../provision/desired.js';
import type { InitFlags } from '../init.js';

/** Saves when something differs. Returns the file's path. */
export async function rememberStack(
  loaded: LoadedConfig,
  flags: InitFlags,
  options: StackOptions,
  files: { readonly model?: string; readonly handler?: string },
): Promise<string | undefined> {
  const fields: { [K in keyof Config]?: string | undefined } = {
    ...placeFields(flags),
    table: options.name,
    ...(options.compute === undefined ? {} : { function: options.compute.functionName }),
    ...(flags.partitionKey === undefined ? {} : { partitionKey: flags.partitionKey, sortKey: flags.sortKey }),
    ...(flags.sortKey === undefined ? {} : { sortKey: flags.sortKey }),
    ...(flags.viewType === undefined ? {} : { viewType: flags.viewType }),
    ...(flags.model === undefined || files.model === undefined
      ? {}
      : { model: portable(loaded.projectDir, files.model) }),
    ...(flags.handler === undefined || files.handler === undefined
      ? {}
      : { handler: portable(loaded.projectDir, files.handler) }),
  };
  const differs = Object.entries(fields).some(
    ([name, value]) => loaded.config[name as keyof Config] !== value,
  );
  return differs ? await saveConfig(loaded, fields) : loaded.path;
}

/** A target named on the command line takes the place of an endpoint in the file, and the other way round. */
function placeFields(flags: InitFlags): { [K in keyof Config]?: string | undefined } {
  return {
    ...(flags.target === undefined ? {} : { target: flags.target, endpointUrl: undefined }),
    ...(flags.endpointUrl === undefined ? {} : { target: undefined, endpointUrl: flags.endpointUrl }),
    ...(flags.region === undefined ? {} : { region: flags.region }),
    ...(flags.profile === undefined ? {} : { profile: flags.profile }),
  };
}

function portable(projectDir: string, path: string): string {
  const below = relative(projectDir, path).replaceAll('\\', '/');
  return isAbsolute(below) || below.startsWith('.') ? below : `./${below}`;
}
