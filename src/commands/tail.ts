// `ddbcdc tail`: flags to a tail, its events to lines, its end to an exit code.
import { loadConfig } from '../config.js';
import { CliError, EXIT, type ExitCode } from '../errors.js';
import type { EndEvent } from '../stream/events.js';
import { filterCautions } from '../stream/filter/index.js';
import type { TailRange } from '../stream/tail-options.js';
import { keepHeapTight } from '../stream/tight-heap.js';
import { noteCautions } from '../ui/cautions.js';
import { createDisplay } from '../ui/tail/display.js';
import { startInteractive } from '../ui/tail/interactive.js';
import { hasKeyboard } from '../ui/tail/keyboard.js';
import { createEventRenderer } from '../ui/tail/render-event.js';
import { renderLedger } from '../ui/tail/summary.js';
import type { CommandContext } from './context.js';
import { adviceLine, announce, announceReaders, conclude } from './tail/announce.js';
import { endCautions, startCautions, withCautions } from './tail/cautions.js';
import { chooseModel } from './tail/choose-model.js';
import { tailExitCode } from './tail/exit-code.js';
import { explainTailError } from './tail/explain.js';
import type { TailFlags } from './tail/flags.js';
import { openTail } from './tail/open.js';
import { createOutageHint } from './tail/outage.js';
import { planTail, type TailPlan } from './tail/plan.js';
import { readMessage } from './tail/read-message.js';
import type { TailRun } from './tail/run.js';
import { createSelection } from './tail/selection.js';
import { REAL_SERVICES, type TailServices } from './tail/services.js';

/** Runs until an end that was asked for, Ctrl-C, or a closed stdout. */
export async function runTail(
  given: TailFlags,
  context: CommandContext,
  services: TailServices = REAL_SERVICES,
): Promise<ExitCode> {
  const { terminal } = context;
  keepHeapTight();
  const flags =
    given.dlq === undefined ? given : { ...given, dlq: await readMessage(given.dlq, context.cwd) };
  const loaded = await loadConfig(context.cwd);
  const plan = planTail(flags, {
    config: loaded.config,
    env: context.env,
    now: context.now(),
    stdoutIsTty: terminal.stdout.isTTY === true,
  });
  const selection = createSelection(flags);
  noteCautions(filterCautions(selection.patterns), terminal);
  const model = await chooseModel(flags, plan.table, loaded, context, services);
  const target = await services.openTarget(flags, context, loaded);
  try {
    return await tailTarget({ flags, plan, selection, model, target, loaded, context, services });
  } finally {
    target.close();
  }
}

async function tailTarget(run: TailRun): Promise<ExitCode> {
  const { plan, selection, context, flags, target, services } = run;
  const { terminal } = context;
  const display = createDisplay(terminal, { immediate: plan.checkpoint !== undefined });
  const render = createEventRenderer(terminal, plan);
  const outageHint = createOutageHint(target);
  const quit = new AbortController();
  const over = new AbortController();
  const signal = AbortSignal.any([context.signal, quit.signal]);
  // A caution is not worth failing for, nor an error of its own: not every user may describe tables.
  const tableKeys =
    flags.key === undefined ? [] : services.readKeys(target, plan.table, signal).catch(() => []);
  const tail = await openTail(run, signal);
  let keyboard: { close(): void } | undefined;
  let end: EndEvent | undefined;
  let isReady = false;
  // `| head` took what it wanted, or the disk is full, which the command line reports. A process's stdout does not count
  // as destroyed after an error: only the event tells.
  let isStdoutGone = false;
  const onStdoutError = (): void => {
    isStdoutGone = true;
  };
  terminal.stdout.on('error', onStdoutError);
  try {
    for await (const event of tail) {
      let line = event;
      if (event.type === 'start') {
        isReady = true;
        const cautions = startCautions(event, run, await tableKeys);
        line = withCautions(event, [...filterCautions(selection.patterns), ...cautions], plan.failedBatch);
        announce(event, run, display, cautions);
        void announceReaders(event, run, display, AbortSignal.any([signal, over.signal]));
        if (hasKeyboard(terminal)) {
          keyboard = startInteractive({
            terminal,
            display,
            patterns: () => selection.patterns,
            applyFilter: selection.replaceFilter,
            checkFilter: selection.checkFilter,
            ledger: () => renderLedger(tail.ledger(), tail.shards(), plan.table, terminal.err),
            quit: () => quit.abort(),
            signal,
          });
        }
      } else if (event.type === 'end') {
        end = event;
        line = withCautions(event, endCautions(event, plan));
      }
      // Interrupted before it began: there is nothing to account for.
      if (!isReady) continue;
      // A promise only when stdout or a paused screen cannot take more: the reader waits with us.
      const behind =
        line.type === 'lines' ? display.pass(line.bytes) : display.show(render(line), line.type === 'change');
      const hint = outageHint(event);
      if (hint !== undefined && !terminal.json) display.aside([adviceLine(hint, terminal.err)]);
      if (behind !== undefined) await untilAborted(behind, signal);
      // What was not written is not taken: to ask for the next event would move a checkpoint past it.
      if (isStdoutGone || terminal.stdout.destroyed) break;
    }
  } catch (error) {
    if (!signal.aborted && !isStdoutGone && !terminal.stdout.destroyed) throw explainTailError(error, run);
  } finally {
    over.abort();
    keyboard?.close();
    await display.close();
    terminal.stdout.off('error', onStdoutError);
  }
  if (isStdoutGone || terminal.stdout.destroyed) return EXIT.done;
  // Ctrl-C before the tail was ready is an interrupted command; after, it is how a tail ends.
  if (!isReady) {
    signal.throwIfAborted();
    throw new CliError('tail.ended', `tailing ${plan.table} ended before it began`, {
      ...(end?.reason === 'time' ? { hint: 'finding the stream took longer than --for: give it more' } : {}),
    });
  }
  if (end === undefined) return EXIT.done;
  if (plan.range !== undefined && end.reason === 'range' && end.reads === 0)
    throw noSuchShard(plan, plan.range);
  conclude(end, run);
  return tailExitCode(end, plan);
}

/** Waits for the promise, but not beyond an abort. */
async function untilAborted(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  let onAbort = (): void => {};
  const aborted = new Promise<void>((fulfil) => {
    onAbort = fulfil;
    signal.addEventListener('abort', onAbort, { once: true });
  });
  await Promise.race([promise, aborted]);
  signal.removeEventListener('abort', onAbort);
}

function noSuchShard(plan: TailPlan, range: TailRange): CliError {
  return new CliError('tail.noShard', `the stream of ${plan.table} has no shard ${range.shard}`, {
    hint: 'a shard goes away 24 hours after it was closed; ddbcdc status lists those that are there',
  });
}
