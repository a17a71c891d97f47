// The tail at work: each event to lines on the screen, until the tail ends or nobody takes them.
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import type { EndEvent, LinesEvent, StartEvent, TailEvent } from '../../stream/events.js';
import { filterCautions } from '../../stream/filter/index.js';
import { createDisplay, type TailDisplay } from '../../ui/tail/display.js';
import { startInteractive } from '../../ui/tail/interactive.js';
import { hasKeyboard } from '../../ui/tail/keyboard.js';
import { createEventRenderer } from '../../ui/tail/render-event.js';
import { renderLedger } from '../../ui/tail/summary.js';
import { adviceLine, announce, announceReaders } from './announce.js';
import { endCautions, startCautions, withCautions } from './cautions.js';
import { explainTailError } from './explain.js';
import type { TableKey } from './key-flags.js';
import { openTail } from './open.js';
import { createOutageHint } from './outage.js';
import type { TailRun } from './run.js';
import type { OpenTail } from './services.js';

export interface TailOutcome {
  /** False when it ended before its start was told: there is nothing to account for. */
  readonly isReady: boolean;
  /** True when stdout took no more: its reader went away, or the disk is full, which the command line reports. */
  readonly isStdoutGone: boolean;
  readonly end: EndEvent | undefined;
}

/** Shows the tail of `run`. Throws what opening it throws; all that happens later is an event. */
export async function showTail(run: TailRun): Promise<TailOutcome> {
  const { plan, context } = run;
  const { terminal } = context;
  const display = createDisplay(terminal, { immediate: plan.checkpoint !== undefined });
  const quit = new AbortController();
  const signal = AbortSignal.any([context.signal, quit.signal]);
  const tail = await openTail(run, signal);
  const screen = new TailScreen(run, { tail, display, signal, quit: () => quit.abort() });
  // A process's stdout does not count as destroyed after an error: only the event tells.
  let hasFailed = false;
  const onStdoutError = (): void => {
    hasFailed = true;
  };
  const isStdoutGone = (): boolean => hasFailed || terminal.stdout.destroyed;
  terminal.stdout.on('error', onStdoutError);
  try {
    for await (const event of tail) {
      if (event.type === 'start') await screen.prepare();
      // A promise only when stdout or a paused screen cannot take more: the reader waits with us.
      const behind = screen.show(event);
      if (behind !== undefined) await untilAborted(behind, signal);
      // What was not written is not taken: to ask for the next event would move a checkpoint past it.
      if (isStdoutGone()) break;
    }
  } catch (error) {
    if (!signal.aborted && !isStdoutGone()) throw explainTailError(error, run);
  } finally {
    screen.close();
    await withinGrace(display.close(), context.signal);
    terminal.stdout.off('error', onStdoutError);
  }
  return { isReady: screen.isReady, end: screen.end, isStdoutGone: isStdoutGone() };
}

interface ScreenContext {
  readonly tail: OpenTail;
  readonly display: TailDisplay;
  readonly signal: AbortSignal;
  readonly quit: () => void;
}

type Shown = TailEvent | LinesEvent;

class TailScreen {
  isReady = false;
  end: EndEvent | undefined;
  private readonly render: ReturnType<typeof createEventRenderer>;
  private readonly outageHint: ReturnType<typeof createOutageHint>;
  private tableKeys: readonly TableKey[] = [];
  private readonly over = new AbortController();
  private keyboard: { close(): void } | undefined;

  constructor(
    private readonly run: TailRun,
    private readonly on: ScreenContext,
  ) {
    this.render = createEventRenderer(run.context.terminal, run.plan);
    this.outageHint = createOutageHint(run.target);
  }

  /** Looks up what the cautions at the start need. */
  async prepare(): Promise<void> {
    const { flags, services, target, plan } = this.run;
    if (flags.key === undefined) return;
    // A caution is not worth failing for, nor an error of its own: not every user may describe tables.
    this.tableKeys = await services.readKeys(target, plan.table, this.on.signal).catch(() => []);
  }

  /** Writes the event's lines. Gives a promise when the next event has to wait for that. */
  show(event: Shown): Promise<void> | undefined {
    const { display } = this.on;
    const { terminal } = this.run.context;
    const told = this.tell(event);
    // Interrupted before it began; what holds the beginning up is told.
    if (!this.isReady && told.type !== 'retry') return undefined;
    const behind =
      told.type === 'lines'
        ? display.pass(told.bytes)
        : display.show(this.render(told), told.type === 'change');
    const hint = this.outageHint(event);
    if (hint !== undefined && !terminal.json) display.aside([adviceLine(hint, terminal.err)]);
    return behind;
  }

  close(): void {
    this.over.abort();
    this.keyboard?.close();
  }

  /** The event with what the command knows of it. */
  private tell(event: Shown): Shown {
    if (event.type === 'start') return this.begin(event);
    if (event.type !== 'end') return event;
    this.end = event;
    return withCautions(event, endCautions(event, this.run.plan));
  }

  private begin(event: StartEvent): StartEvent {
    const { run } = this;
    const { display, signal } = this.on;
    const { selection, plan, context } = run;
    this.isReady = true;
    const cautions = startCautions(event, run, this.tableKeys);
    announce(event, run, display, cautions);
    void announceReaders(event, run, display, AbortSignal.any([signal, this.over.signal]));
    if (hasKeyboard(context.terminal)) this.keyboard = this.listen();
    return withCautions(event, [...filterCautions(selection.patterns), ...cautions], plan.failedBatch);
  }

  private listen(): { close(): void } {
    const { tail, display, signal, quit } = this.on;
    const { selection, plan, context } = this.run;
    const { terminal } = context;
    return startInteractive({
      terminal,
      display,
      patterns: () => selection.patterns,
      applyFilter: selection.replaceFilter,
      checkFilter: selection.checkFilter,
      ledger: (width) => renderLedger(tail.ledger(), tail.shards(), plan.table, terminal.err, width),
      quit,
      signal,
    });
  }
}

/** A stdout that nobody reads holds nothing up for longer than this once the command is interrupted. */
const GRACE_MS = 1_000;

/** Waits for the promise, but no longer than the grace after an abort. */
async function withinGrace(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  const done = new AbortController();
  const aborted = signal.aborted ? Promise.resolve() : once(signal, 'abort', { signal: done.signal });
  const over = aborted.then(() => setTimeout(GRACE_MS, undefined, { signal: done.signal }));
  // Both end when the other way out is taken.
  await Promise.race([promise, over.catch(() => {})]);
  done.abort();
}

/** Waits for the promise, but not beyond an abort. */
async function untilAborted(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  let onAbort = (): void => {};
  const aborted = new Promise<void>((fulfil) => {
    onAbort = fulfil;
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
