// The ways out of what ends a tail, as commands that work where this one ran.
import { CliError } from '../../errors.js';
import type { EndEvent } from '../../stream/events.js';
import { initCommand, withHint } from '../hints.js';
import type { TailRun } from './run.js';

type Run = Pick<TailRun, 'flags' | 'plan' | 'loaded'>;

/** The reader knows the library's way out only. Other errors come back as they are. */
export function explainTailError(error: unknown, run: Run): unknown {
  if (!(error instanceof CliError)) return error;
  const hint = hintFor(error.code, run);
  return hint === undefined ? error : withHint(error, hint);
}

function hintFor(code: string, run: Run): string | undefined {
  if (code === 'table.notFound') return `make it with its stream: ${initOf(run)}`;
  // Only the stream is wanted: a function of the default name may be another stack's.
  if (code === 'table.noStream') return `enable it: ${initOf(run, '--adopt', '--no-function')}`;
  return undefined;
}

/** What to do after a tail whose stream is gone for good; undefined for every other end. */
export function endHint(end: EndEvent, run: Run): string | undefined {
  if (end.reason !== 'streamEnded') return undefined;
  return `nothing took its place; make it again: ${initOf(run)}`;
}

function initOf({ flags, plan, loaded }: Run, ...more: readonly string[]): string {
  return initCommand(plan.table, flags, loaded.config, ...more);
}
