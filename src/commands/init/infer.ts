// `init --infer`: a first model, from the items that are in the table already.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CliError, EXIT, usageError } from '../../errors.js';
import { inferModel, renderModelFile } from '../../model/index.js';
import { explainError } from '../../provision/explain-error.js';
import type { ResourceContext } from '../../provision/resources/context.js';
import { sampleItems } from '../../provision/sample-items.js';
import { renderInferred } from '../../ui/provision/infer.js';
import type { CommandContext } from '../context.js';
import type { InitFlags } from '../init.js';

export const INFERRED_MODEL = 'model.ts';

/** Flags that contradict `--infer`. */
export function checkInferFlags({ infer, model, dryRun, emit }: InitFlags): void {
  if (infer !== true) return;
  if (model !== undefined) {
    throw usageError(
      'init.badFlag',
      `--infer writes a model, and --model ${model} names one: give one of the two`,
    );
  }
  if (dryRun === true || emit !== undefined) {
    throw usageError(
      'init.badFlag',
      `--infer reads a table and writes ${INFERRED_MODEL}: it goes without --dry-run and --emit`,
    );
  }
}

/**
 * Writes `model.ts` into the folder and returns its path. Throws `infer.noItems` where there is nothing to infer from and
 * `infer.fileExists` rather than write over a file (both exit 3).
 */
export async function writeInferredModel(
  resources: ResourceContext,
  table: string,
  { cwd, terminal }: CommandContext,
): Promise<string> {
  const path = join(cwd, INFERRED_MODEL);
  const items = await sampleItems(resources, table).catch((error: unknown) => {
    throw explainError(error, `table ${table}`);
  });
  if (items.length === 0) {
    throw new CliError('infer.noItems', `the table ${table} has no items to infer a model from`, {
      exitCode: EXIT.precondition,
      hint: 'write some first (ddbcdc seed), or leave --infer out',
    });
  }
  const description = inferModel(items);
  try {
    // Never over a file that is there: it may be the user's work.
    await writeFile(path, renderModelFile(description, { table }), { flag: 'wx' });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    throw new CliError('infer.fileExists', `${path} is there already`, {
      exitCode: EXIT.precondition,
      hint: `use it with --model ${INFERRED_MODEL}, or move it away`,
      cause: error,
    });
  }
  if (!terminal.json) terminal.note(renderInferred(INFERRED_MODEL, description, terminal));
  return path;
}
