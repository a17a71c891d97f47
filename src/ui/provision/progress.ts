import type { ApplyEvent } from '../../provision/apply.js';
import type { PlanStep, StepAction } from '../../provision/stack.js';
import { formatDuration } from '../format.js';
import { type Progress, startProgress } from '../progress.js';
import { sanitize } from '../sanitize.js';
import type { Terminal } from '../terminal.js';
import { resourceText } from './plan.js';

const DOING: Readonly<Record<StepAction, string>> = {
  create: 'creating',
  update: 'changing',
  delete: 'deleting',
  unchanged: 'waiting for',
  conflict: 'leaving',
};

const DONE: Readonly<Record<StepAction, string>> = {
  create: 'created',
  update: 'changed',
  delete: 'deleted',
  unchanged: 'ready',
  conflict: 'left',
};

/** Shows each step on stderr while it runs, with what it waits for, and passes the events' result on. */
export async function showApply<T>(terminal: Terminal, events: AsyncGenerator<ApplyEvent, T>): Promise<T> {
  let progress: Progress | undefined;
  let reason = '';
  try {
    for (;;) {
      const next = await events.next();
      if (next.done === true) return next.value;
      const event = next.value;
      if (event.type === 'started') {
        reason = '';
        progress = event.step.action === 'unchanged' ? undefined : start(terminal, event.step);
      } else if (event.type === 'waiting') {
        progress ??= start(terminal, event.step);
        if (event.reason !== reason) progress.label(`${doing(event.step)} · ${sanitize(event.reason)}`);
        reason = event.reason;
      } else {
        progress?.succeed(`${done(event.step)} ${terminal.err.dim(formatDuration(event.elapsedMs))}`);
        progress = undefined;
      }
    }
  } catch (error) {
    progress?.fail();
    throw error;
  }
}

function start(terminal: Terminal, step: PlanStep): Progress {
  return startProgress(terminal, { label: doing(step) });
}

function doing(step: PlanStep): string {
  return `${DOING[step.action]} ${resourceText(step.resource)} ${sanitize(step.name)}`;
}

function done(step: PlanStep): string {
  return `${resourceText(step.resource)} ${sanitize(step.name)} ${DONE[step.action]}`;
}
