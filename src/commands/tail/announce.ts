// What is said around a tail, on stderr: that it is ready, who else reads, how it ended. With --json nothing: the start
// and end lines on stdout say it, cautions included.
import type { EndEvent, StartEvent } from '../../stream/events.js';
import type { Target } from '../../target/target.js';
import { cautionLine, noteCautions } from '../../ui/cautions.js';
import { fold } from '../../ui/fold.js';
import { sanitize } from '../../ui/sanitize.js';
import type { TailDisplay } from '../../ui/tail/display.js';
import { keyHint } from '../../ui/tail/interactive.js';
import { hasKeyboard } from '../../ui/tail/keyboard.js';
import { renderReaders, renderReady, renderSummary } from '../../ui/tail/summary.js';
import type { Terminal } from '../../ui/terminal.js';
import { endCautions, isResumed } from './cautions.js';
import { endHint } from './explain.js';
import type { TailRun } from './run.js';

/** The ready line, and what is doubtful. */
export function announce(
  event: StartEvent,
  run: TailRun,
  display: TailDisplay,
  cautions: readonly string[],
): void {
  const { plan, target, context } = run;
  const { terminal } = context;
  if (terminal.json) return;
  const lines = renderReady(event, {
    colors: terminal.err,
    place: placeOf(target),
    ...(plan.range === undefined ? {} : { range: plan.range }),
    ...(plan.positionAsked || plan.range !== undefined || !plan.follow || isResumed(event)
      ? {}
      : { otherStart: '--from trim-horizon shows what the stream already holds' }),
  });
  for (const caution of cautions) lines.push(cautionLine(caution, terminal.err));
  if (hasKeyboard(terminal)) lines.push(keyHint(terminal));
  display.aside(lines);
}

/** How many readers the stream has, as soon as that is known. Nobody waits for it, and not every user may ask. */
export async function announceReaders(
  event: StartEvent,
  { plan, target, context, services }: TailRun,
  display: TailDisplay,
  signal: AbortSignal,
): Promise<void> {
  const { terminal } = context;
  if (terminal.json || !plan.follow) return;
  const mappings = await services.countMappings(target, event.streamArn, signal).catch(() => 0);
  if (mappings > 0 && !signal.aborted) display.aside([renderReaders(mappings, terminal.err)]);
}

/** The closing summary. */
export function conclude(end: EndEvent, run: TailRun): void {
  const { plan, context } = run;
  const { terminal } = context;
  if (terminal.json) return;
  for (const line of renderSummary(end, plan.table, terminal.err)) {
    for (const part of fold(line, terminal.errColumns)) terminal.note(part);
  }
  noteCautions(endCautions(end, plan), terminal);
  const hint = endHint(end, run);
  if (hint !== undefined) terminal.note(adviceLine(hint, terminal.err));
}

/** What to do next, as under an error. */
export function adviceLine(text: string, colors: Terminal['err']): string {
  return colors.dim(`  → ${sanitize(text)}`);
}

function placeOf(target: Target): string {
  if (target.kind === 'local') return 'local engine';
  const profile = target.profile === undefined ? '' : ` (profile ${target.profile})`;
  return target.endpoint ?? `AWS ${target.region}${profile}`;
}
