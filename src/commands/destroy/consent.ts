// Who says that a stack is to be deleted: a name, a flag, or the answer to a question. Nothing is deleted on a default.
import { CliError, EXIT, usageError } from '../../errors.js';
import type { Target } from '../../target/target.js';
import { askText, askYesNo } from '../../ui/prompts.js';
import type { CommandContext } from '../context.js';
import type { DestroyFlags } from '../destroy.js';
import { targetWords } from '../hints.js';

/** A wrong name is a mistake wherever it is made. */
export function checkConfirmation({ confirm }: DestroyFlags, stack: string): void {
  if (confirm !== undefined && confirm !== stack) {
    throw usageError('destroy.wrongName', `--confirm ${confirm}: the table to delete is ${stack}`);
  }
}

/**
 * For a folder that names no stack, as after its own was destroyed, where there is one of the default name: it may be
 * another folder's. It may still be asked about, and looked at. Throws `destroy.noStack` (exit 3).
 */
export function refuseUnnamed(
  flags: DestroyFlags,
  kind: Target['kind'],
  stack: string,
  { terminal }: CommandContext,
): void {
  if (flags.dryRun === true || flags.confirm !== undefined) return;
  // On AWS the name is asked for in any case.
  if (kind === 'aws' || (flags.yes !== true && terminal.canPrompt)) return;
  const where = targetWords(flags);
  throw new CliError(
    'destroy.noStack',
    `there is a stack ${stack}, but neither --table nor DDBCDC_TABLE nor ddbcdc.json names it: it may be another folder's`,
    {
      exitCode: EXIT.precondition,
      hint: `${['ddbcdc destroy', `--table ${stack}`, ...where].join(' ')} destroys it; ${['ddbcdc status --all', ...where].join(' ')} lists all`,
    },
  );
}

/** Before anything is read: without a terminal, the flags must say that deletion is meant. */
export function requireSomeConsent(
  flags: DestroyFlags,
  target: Target,
  stack: string,
  { terminal }: CommandContext,
): void {
  if (flags.dryRun === true || flags.confirm !== undefined || terminal.canPrompt) return;
  if (target.kind === 'aws') {
    throw usageError(
      'destroy.unconfirmed',
      `on AWS, destroy wants the table's name${flags.yes === true ? '; --yes alone is not enough' : ''}`,
      `${destroyCommand(flags)} --confirm ${stack}, or --dry-run to see what it would delete`,
    );
  }
  if (flags.yes !== true) {
    throw usageError(
      'destroy.unconfirmed',
      'destroy deletes things, and there is nobody to ask: it wants --yes',
      `${destroyCommand(flags)} --yes, or --dry-run to see what it would delete`,
    );
  }
}

/** The answer to the question, or what the flags say in its place. */
export async function consents(
  flags: DestroyFlags,
  target: Target,
  stack: string,
  { terminal, signal }: CommandContext,
): Promise<boolean> {
  if (flags.confirm !== undefined) return true;
  if (target.kind === 'aws') {
    const answer = await askText(
      terminal,
      { message: `This cannot be undone. Type the table's name (${stack}) to delete` },
      signal,
    );
    return answer === stack;
  }
  return flags.yes === true || (await askYesNo(terminal, { message: 'Delete these?' }, signal));
}

/** The same command again, about the same stack in the same place. */
export function destroyCommand(flags: DestroyFlags): string {
  const table = flags.table === undefined ? [] : [`--table ${flags.table}`];
  return ['ddbcdc destroy', ...table, ...targetWords(flags)].join(' ');
}
