// Commands to run next, in hints: with the target of the command that gives the hint, and beside the stack that its
// folder has already.
import type { Config } from '../config.js';
import { CliError } from '../errors.js';
import type { TargetFlags } from './context.js';

/** The target flags as they were given: what they leave out, the next command finds where this one did. */
export function targetWords({ target, endpointUrl, region, profile, dataDir }: TargetFlags): string[] {
  const words: readonly (readonly [string, string | undefined])[] = [
    ['--target', target],
    ['--endpoint-url', endpointUrl],
    ['--region', region],
    ['--profile', profile],
    ['--data-dir', dataDir],
  ];
  return words.flatMap(([name, value]) => (value === undefined ? [] : [`${name} ${quote(value)}`]));
}

/** The `init` of a table, with `more` flags; only its stream where the folder has another stack with a function. */
export function initCommand(
  table: string,
  flags: TargetFlags,
  config: Config,
  ...more: readonly string[]
): string {
  const saysFunction = more.some((flag) => flag.startsWith('--function') || flag === '--no-function');
  const isBeside = config.table !== undefined && config.table !== table && !saysFunction;
  return [
    'ddbcdc init',
    `--table ${table}`,
    ...more,
    ...(isBeside ? ['--no-function'] : []),
    ...targetWords(flags),
  ].join(' ');
}

/** The same error with another way out. */
export function withHint({ code, message, exitCode, cause }: CliError, hint: string): CliError {
  return new CliError(code, message, { exitCode, hint, cause });
}

/** A path with a space is one word for the shell. */
function quote(value: string): string {
  return /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
}
