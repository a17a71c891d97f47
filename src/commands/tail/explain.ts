// The ways out of what ends a tail, as commands that work where this one ran: with its target, and beside the stack that
// the folder has already.
import { CliError } from '../../errors.js';
import type { EndEvent } from '../../stream/events.js';
import type { TargetFlags } from '../context.js';
import type { TailRun } from './run.js';

type Run = Pick<TailRun, 'flags' | 'plan' | 'loaded'>;

/** The reader knows the library's way out only. Other errors come back as they are. */
export function explainTailError(error: unknown, run: Run): unknown {
  if (!(error instanceof CliError)) return error;
  const hint = hintFor(error.code, run);
  if (hint === undefined) return error;
  const { code, message, exitCode, cause } = error;
  return new CliError(code, message, { exitCode, hint, cause });
}

function hintFor(code: string, run: Run): string | undefined {
  if (code === 'table.notFound') return `make it with its stream: ${initCommand(run)}`;
  // Only the stream is wanted: a function of the default name may be another stack's.
  if (code === 'table.noStream') return `enable it: ${initCommand(run, '--adopt', '--no-function')}`;
  return undefined;
}

/** What to do after a tail whose stream is gone for good; undefined for every other end. */
export function endHint(end: EndEvent, run: Run): string | undefined {
  if (end.reason !== 'streamEnded') return undefined;
  return `nothing took its place; make it again: ${initCommand(run)}`;
}

function initCommand({ flags, plan, loaded }: Run, ...more: readonly string[]): string {
  const { table } = loaded.config;
  const isBeside = table !== undefined && table !== plan.table && !more.includes('--no-function');
  return [
    'ddbcdc init',
    `--table ${plan.table}`,
    ...more,
    ...(isBeside ? ['--no-function'] : []),
    ...targetWords(flags),
  ].join(' ');
}

function targetWords({ target, endpointUrl, region, profile, dataDir }: TargetFlags): string[] {
  const words: readonly (readonly [string, string | undefined])[] = [
    ['--target', target],
    ['--endpoint-url', endpointUrl],
    ['--region', region],
    ['--profile', profile],
    ['--data-dir', dataDir],
  ];
  return words.flatMap(([name, value]) => (value === undefined ? [] : [`${name} ${value}`]));
}
