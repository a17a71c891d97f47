// The carrying out of a plan on stderr: on a TTY a spinner for the step that runs, elsewhere a line for each that is done.
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

/** Shows each step while it runs, with what it waits for, and passes the events' result on. */
export async function showApply<T>(terminal: Terminal, events: AsyncGenerator<ApplyEvent, T>): Promise<T> {
  const view = terminal.stderr.isTTY === true ? animatedView(terminal) : lineView(terminal);
  try {
    for (;;) {
      const next = await events.next();
      if (next.done === true) return next.value;
      view.show(next.value);
    }
  } finally {
    view.close();
  }
}

interface View {
  show(event: ApplyEvent): void;
  close(): void;
}

function animatedView(terminal: Terminal): View {
  let progress: Progress | undefined;
  const start = (step: PlanStep): Progress => startProgress(terminal, { label: doing(step) });
  return {
    show(event) {
      switch (event.type) {
        case 'started':
          progress = event.step.action === 'unchanged' ? undefined : start(event.step);
          return;
        case 'waiting':
          progress ??= start(event.step);
          progress.label(`${doing(event.step)} · ${waitText(event.reason, event.waitedMs)}`);
          return;
        case 'finished':
          progress?.succeed(doneText(event.step, event.elapsedMs, terminal));
          progress = undefined;
      }
    },
    close: () => progress?.fail(),
  };
}

/** Waits that are over in no time are not worth a line. */
const LONG_WAIT_MS = 2_000;

function lineView(terminal: Terminal): View {
  let told = '';
  const note = (line: string): void => {
    if (!terminal.json) terminal.note(line);
  };
  return {
    show(event) {
      if (event.type === 'waiting' && event.waitedMs >= LONG_WAIT_MS && event.reason !== told) {
        told = event.reason;
        note(`· ${doing(event.step)} · ${waitText(event.reason, event.waitedMs)}`);
      }
      if (event.type === 'finished' && event.step.action !== 'unchanged') {
        note(`${terminal.err.green('✓')} ${doneText(event.step, event.elapsedMs, terminal)}`);
      }
    },
    close: () => {},
  };
}

function waitText(reason: string, waitedMs: number): string {
  return `${sanitize(reason)}${waitedMs < 1000 ? '' : ` (${formatDuration(waitedMs)})`}`;
}

function doing(step: PlanStep): string {
  return `${DOING[step.action]} ${resourceText(step.resource)} ${sanitize(step.name)}`;
}

function doneText(step: PlanStep, elapsedMs: number, { err }: Terminal): string {
  const name = `${resourceText(step.resource)} ${sanitize(step.name)}`;
  return `${name} ${DONE[step.action]} ${err.dim(formatDuration(elapsedMs))}`;
}
