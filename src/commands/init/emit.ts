// `init --emit`: the stack in another tool's language. Asks no target for anything and changes nothing but files.
import { relative, resolve } from 'node:path';
import { chooseTable, type LoadedConfig } from '../../config.js';
import { EXIT, usageError } from '../../errors.js';
import { packageVersion } from '../../package-files.js';
import { desiredStack, parseStackFlags } from '../../provision/desired.js';
import { emitStack, writeEmission } from '../../provision/emit/emit.js';
import type { EmitFormat } from '../../provision/emit/template.js';
import { renderEmission } from '../../ui/provision/emit.js';
import type { CommandContext } from '../context.js';
import type { InitFlags } from '../init.js';
import { bundleFiles, userFiles } from './files.js';

/** The template finds out account and region where it is deployed; nothing of this shows in it. */
const ANYWHERE = { partition: 'aws', region: 'us-east-1', accountId: '000000000000' };

export async function runEmit(
  flags: InitFlags,
  format: EmitFormat,
  loaded: LoadedConfig,
  context: CommandContext,
): Promise<number> {
  if (flags.dryRun === true) {
    throw usageError('init.badFlag', '--emit changes nothing but its files: it goes without --dry-run');
  }
  const options = parseStackFlags(
    { ...flags, table: chooseTable(flags.table, context.env, loaded.config) },
    loaded.config,
  );
  const bundle =
    options.compute === undefined ? undefined : await bundleFiles(userFiles(flags, loaded, context.cwd));
  const desired = desiredStack(options, { place: ANYWHERE, version: packageVersion() }, bundle);
  const out = resolve(context.cwd, flags.out ?? `ddbcdc-${format}`);
  const shown = relative(context.cwd, out) || '.';
  const emission = emitStack(desired, format, shown);
  const files = await writeEmission(emission, out);
  const result = { format, files: files.map((file) => relative(context.cwd, file)), next: emission.next };
  if (context.terminal.json) await context.terminal.printJson(result);
  else for (const line of renderEmission(result, context.terminal)) await context.terminal.print(line);
  return EXIT.done;
}
