// `ddbcdc tail`: flags to a tail, its events to lines, its end to an exit code.
import { loadConfig } from '../config.js';
import { CliError, EXIT, type ExitCode } from '../errors.js';
import { filterCautions } from '../stream/filter/index.js';
import { keepHeapTight } from '../stream/tight-heap.js';
import { noteCautions } from '../ui/cautions.js';
import type { CommandContext } from './context.js';
import { conclude } from './tail/announce.js';
import { chooseModel } from './tail/choose-model.js';
import { tailExitCode } from './tail/exit-code.js';
import type { TailFlags } from './tail/flags.js';
import { planTail } from './tail/plan.js';
import { refuseEmptyRange } from './tail/range.js';
import { readMessage } from './tail/read-message.js';
import type { TailRun } from './tail/run.js';
import { createSelection } from './tail/selection.js';
import { REAL_SERVICES, type TailServices } from './tail/services.js';
import { showTail } from './tail/show.js';

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
  const { plan, context } = run;
  const { isReady, isStdoutGone, end } = await showTail(run);
  if (isStdoutGone) return EXIT.done;
  // Ctrl-C before the tail was ready is an interrupted command; after, it is how a tail ends.
  if (!isReady) {
    context.signal.throwIfAborted();
    throw new CliError('tail.ended', `tailing ${plan.table} ended before it began`, {
      ...(end?.reason === 'time' ? { hint: 'finding the stream took longer than --for: give it more' } : {}),
    });
  }
  if (end === undefined) return EXIT.done;
  refuseEmptyRange(plan, end);
  conclude(end, run);
  return tailExitCode(end, plan);
}
