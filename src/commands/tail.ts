// `ddbcdc tail`: flags to a tail, its events to lines, its end to an exit code.
import { resolve } from 'node:path';
import { type LoadedConfig, loadConfig } from '../config.js';
import { CliError, EXIT, type ExitCode } from '../errors.js';
import { resolveDataDir } from '../local/data-dir.js';
import type { Model } from '../model/index.js';
import type { EndEvent, StartEvent } from '../stream/events.js';
import { filterCautions } from '../stream/filter/index.js';
import type { TailOptions, TailRange } from '../stream/tail-options.js';
import type { Target } from '../target/target.js';
import { plural } from '../ui/format.js';
import { createDisplay, type TailDisplay } from '../ui/tail/display.js';
import { keyHint, startInteractive } from '../ui/tail/interactive.js';
import { hasKeyboard } from '../ui/tail/keyboard.js';
import { createEventRenderer } from '../ui/tail/render-event.js';
import { renderLedger, renderReaders, renderReady, renderSummary } from '../ui/tail/summary.js';
import type { CommandContext } from './context.js';
import { defaultModel } from './tail/default-model.js';
import { tailExitCode } from './tail/exit-code.js';
import type { TailFlags } from './tail/flags.js';
import { planTail, type TailPlan } from './tail/plan.js';
import { createSelection, type Selection } from './tail/selection.js';
import { REAL_SERVICES, type TailServices } from './tail/services.js';

/** Runs until an end that was asked for, Ctrl-C, or a closed stdout. */
export async function runTail(
  flags: TailFlags,
  context: CommandContext,
  services: TailServices = REAL_SERVICES,
): Promise<ExitCode> {
  const { terminal } = context;
  const loaded = await loadConfig(context.cwd);
  const plan = planTail(flags, {
    config: loaded.config,
    now: context.now(),
    stdoutIsTty: terminal.stdout.isTTY === true,
  });
  const selection = createSelection(flags);
  if (!terminal.json) {
    for (const caution of filterCautions(selection.patterns)) {
      terminal.note(`${terminal.err.yellow('!')} ${caution}`);
    }
  }
  const model = await modelOf(flags, plan, loaded, context, services);
  const target = await services.openTarget(flags, context, loaded);
  try {
    return await tailTarget({ flags, plan, selection, model, target, loaded, context, services });
  } finally {
    target.close();
  }
}

interface TailRun {
  readonly flags: TailFlags;
  readonly plan: TailPlan;
  readonly selection: Selection;
  readonly model: Model | undefined;
  readonly target: Target;
  readonly loaded: LoadedConfig;
  readonly context: CommandContext;
  readonly services: TailServices;
}

async function tailTarget(run: TailRun): Promise<ExitCode> {
  const { plan, selection, context, services } = run;
  const { terminal } = context;
  const display = createDisplay(terminal);
  const render = createEventRenderer(terminal, plan);
  const quit = new AbortController();
  const over = new AbortController();
  const signal = AbortSignal.any([context.signal, quit.signal]);
  const tail = await services.openTail(await tailOptions(run, signal));
  let keyboard: { close(): void } | undefined;
  let end: EndEvent | undefined;
  let isReady = false;
  // `| head` took what it wanted. A process's stdout does not count as destroyed after EPIPE: only the error tells.
  let isStdoutGone = false;
  const onStdoutError = (): void => {
    isStdoutGone = true;
  };
  terminal.stdout.on('error', onStdoutError);
  try {
    for await (const event of tail) {
      if (event.type === 'start') {
        isReady = true;
        announce(event, run, display);
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
      } else if (event.type === 'end') end = event;
      // Interrupted before it began: there is nothing to account for.
      if (!isReady) continue;
      // A promise only when stdout or a paused screen cannot take more: the reader waits with us.
      const behind = display.show(render(event), event.type === 'change');
      if (behind !== undefined) await untilAborted(behind, signal);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
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
    throw new CliError('tail.ended', `tailing ${plan.table} ended before it began`);
  }
  if (end === undefined) return EXIT.done;
  if (plan.range !== undefined && end.reason === 'range' && end.reads === 0)
    throw noSuchShard(plan, plan.range);
  conclude(end, run);
  return tailExitCode(end, plan);
}

async function tailOptions(run: TailRun, signal: AbortSignal): Promise<TailOptions> {
  const { flags, plan, selection, model, target, loaded, context } = run;
  const [streams, dynamodb] = await Promise.all([target.clients.streams(), target.clients.dynamodb()]);
  const { table, position, follow, limit, forMs, expect, range, failOnGap, failOnStallMs } = plan;
  const dataDir = resolveDataDir(flags.dataDir, context.env, loaded);
  return {
    streams,
    dynamodb,
    table,
    loopback: target.loopback,
    position,
    follow,
    select: selection.select,
    failOnGap,
    signal,
    ...(model === undefined ? {} : { model }),
    ...(limit === undefined ? {} : { limit }),
    ...(forMs === undefined ? {} : { forMs }),
    ...(expect === undefined ? {} : { expect }),
    ...(range === undefined ? {} : { range }),
    ...(failOnStallMs === undefined ? {} : { failOnStallMs }),
    ...(plan.checkpoint === undefined
      ? {}
      : { checkpoint: { name: plan.checkpoint, dir: resolve(dataDir, 'checkpoints') } }),
  };
}

/** The ready line, on stderr. With --json the start line on stdout says it all. */
function announce(event: StartEvent, run: TailRun, display: TailDisplay): void {
  const { plan, target, context } = run;
  const { terminal } = context;
  if (terminal.json) return;
  const lines = renderReady(event, {
    colors: terminal.err,
    place: placeOf(target),
    ...(plan.range === undefined ? {} : { range: plan.range }),
    ...(plan.positionAsked || plan.range !== undefined || !plan.follow
      ? {}
      : { otherStart: '--from trim-horizon shows what the stream already holds' }),
  });
  const { failedBatch } = plan;
  if (failedBatch !== undefined && failedBatch.streamArn !== event.streamArn) {
    lines.push(terminal.err.yellow(`! the message is about ${failedBatch.streamArn}, not this stream`));
  }
  if (hasKeyboard(terminal)) lines.push(keyHint(terminal));
  display.aside(lines);
}

/** How many readers the stream has, as soon as that is known. Nobody waits for it, and not every user may ask. */
async function announceReaders(
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

/** The closing summary, on stderr. */
function conclude(end: EndEvent, { plan, context }: TailRun): void {
  const { terminal } = context;
  const { failedBatch } = plan;
  if (terminal.json) return;
  for (const line of renderSummary(end, plan.table, terminal.err)) terminal.note(line);
  if (failedBatch?.records !== undefined && failedBatch.records !== end.records) {
    terminal.note(
      terminal.err.yellow(
        `! the failed batch had ${plural(failedBatch.records, 'record')}, ${plural(end.records, 'record')} could be read back`,
      ),
    );
  }
}

function noSuchShard(plan: TailPlan, range: TailRange): CliError {
  return new CliError('tail.noShard', `the stream of ${plan.table} has no shard ${range.shard}`, {
    hint: 'a shard goes away 24 hours after it was closed; ddbcdc status lists those that are there',
  });
}

async function modelOf(
  flags: TailFlags,
  plan: TailPlan,
  loaded: LoadedConfig,
  context: CommandContext,
  services: TailServices,
): Promise<Model | undefined> {
  if (flags.model !== undefined) return services.loadModel(resolve(context.cwd, flags.model));
  const { model, table } = loaded.config;
  // The file's model belongs to the file's table.
  if (model !== undefined && (table === undefined || table === plan.table)) {
    return services.loadModel(resolve(loaded.projectDir, model));
  }
  return defaultModel(plan.table, loaded.config);
}

function placeOf(target: Target): string {
  if (target.kind === 'local') return 'local engine';
  const profile = target.profile === undefined ? '' : ` (profile ${target.profile})`;
  return target.endpoint ?? `AWS ${target.region}${profile}`;
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
