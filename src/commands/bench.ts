import { compareMetrics, flattenMetrics, metConditions, parseFailCondition } from '../bench/metrics.js';
import {
  type BenchReport,
  describeMachine,
  loadReport,
  STAGES,
  type Stage,
  saveReport,
} from '../bench/report.js';
import { loadConfig } from '../config.js';
import { EXIT, usageError } from '../errors.js';
import { renderComparison, renderMachine } from '../ui/bench.js';
import { startProgress } from '../ui/progress.js';
import type { BenchFlags } from './bench/flags.js';
import { runStage } from './bench/stages.js';
import type { CommandContext } from './context.js';

/** Exit 0, or 4 when a `--fail-if` condition is met. */
export async function runBench(flags: BenchFlags, context: CommandContext): Promise<number> {
  const { terminal } = context;
  const stages = chooseStages(flags.stage);
  const conditions = (flags.failIf ?? []).map(parseFailCondition);
  const baseline = flags.compare === undefined ? undefined : await loadReport(flags.compare);
  const loaded = await loadConfig(context.cwd);
  const machine = describeMachine();
  if (!terminal.json) await terminal.print(renderMachine(machine, terminal));

  const results: Record<string, unknown> = {};
  for (const stage of stages) {
    const progress = startProgress(terminal, { label: `measuring ${stage}` });
    const { result, lines } = await runStage(stage, flags, context, loaded).finally(() => progress.stop());
    results[stage] = result;
    if (!terminal.json) for (const line of lines) await terminal.print(line);
  }

  const report: BenchReport = { machine, at: new Date(context.now()).toISOString(), stages: results };
  const metrics = flattenMetrics(results);
  const comparison = baseline && compareMetrics(flattenMetrics(baseline.stages), metrics);
  const met = metConditions(conditions, metrics);
  if (flags.save !== undefined) await saveReport(flags.save, report);
  if (terminal.json) {
    await terminal.printJson({
      ...report,
      ...(comparison === undefined ? {} : { comparison }),
      ...(conditions.length === 0
        ? {}
        : { failed: met.map(({ condition, value }) => ({ condition: condition.text, value })) }),
    });
  } else if (comparison !== undefined) {
    await terminal.print('');
    for (const line of renderComparison(comparison, terminal)) await terminal.print(line);
  }
  for (const { condition, value } of met) {
    terminal.note(`${terminal.err.red('!')} ${condition.text}: it is ${Number(value.toPrecision(4))}`);
  }
  return met.length > 0 ? EXIT.expectation : EXIT.done;
}

function chooseStages(names: readonly string[] | undefined): readonly Stage[] {
  if (names === undefined) return ['decode', 'pipeline'];
  return names.map((name) => {
    const stage = STAGES.find((known) => known === name);
    if (stage === undefined) {
      throw usageError(
        'bench.unknownStage',
        `there is no bench stage "${name}"`,
        `the stages are ${STAGES.join(', ')}`,
      );
    }
    return stage;
  });
}
