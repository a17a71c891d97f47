import { loadConfig } from '../../config.js';
import { resolveDataDir } from '../../local/data-dir.js';
import type { CommandContext } from '../context.js';

/** The flags of every `local` command. */
export interface LocalFlags {
  readonly dataDir?: string;
}

/** The data folder that a `local` command is about. */
export async function localDataDir(flags: LocalFlags, context: CommandContext): Promise<string> {
  return resolveDataDir(flags.dataDir, context.env, await loadConfig(context.cwd), context.cwd);
}
