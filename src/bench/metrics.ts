// A bench report as flat metrics, for expectations and for comparison with an earlier report. Pure.
import { usageError } from '../errors.js';

/** `decode.sample.generic.p50Us` to its figure. */
export type Metrics = ReadonlyMap<string, number>;

/** Every number in a report, by its dotted path. */
export function flattenMetrics(report: unknown, prefix = ''): Map<string, number> {
  const metrics = new Map<string, number>();
  if (typeof report === 'number') metrics.set(prefix, report);
  else if (typeof report === 'object' && report !== null) {
    for (const [name, value] of Object.entries(report)) {
      for (const entry of flattenMetrics(value, prefix === '' ? name : `${prefix}.${name}`))
        metrics.set(...entry);
    }
  }
  return metrics;
}

export interface Comparison {
  readonly metric: string;
  readonly baseline: number;
  readonly now: number;
  /** now / baseline. */
  readonly ratio: number;
}

/** The metrics that both have, in the order of the new report. */
export function compareMetrics(baseline: Metrics, now: Metrics): Comparison[] {
  return [...now].flatMap(([metric, value]) => {
    const before = baseline.get(metric);
    return before === undefined || before === 0
      ? []
      : [{ metric, baseline: before, now: value, ratio: value / before }];
  });
}

/** A stated expectation, such as `pipeline.writeToSeenMs.p99>250`: what must not be. */
export interface FailCondition {
  readonly text: string;
  readonly metric: string;
  readonly operator: '>' | '<';
  readonly bound: number;
}

/** Throws `bench.badCondition` (exit 2) when the text is not metric, `<` or `>`, number. */
export function parseFailCondition(text: string): FailCondition {
  const match = /^\s*([\w.]+)\s*([<>])\s*(-?\d+(?:\.\d+)?)\s*$/.exec(text);
  if (match === null) {
    throw usageError(
      'bench.badCondition',
      `--fail-if "${text}" is not a metric, < or >, and a number`,
      "for example: --fail-if 'pipeline.writeToSeenMs.p99>250'",
    );
  }
  const [, metric = '', operator, bound] = match;
  return { text, metric, operator: operator === '<' ? '<' : '>', bound: Number(bound) };
}

/** The conditions that are met, with the figure. Throws `bench.unknownMetric` (exit 2) for one that was not measured. */
export function metConditions(
  conditions: readonly FailCondition[],
  metrics: Metrics,
): { readonly condition: FailCondition; readonly value: number }[] {
  return conditions.flatMap((condition) => {
    const value = metrics.get(condition.metric);
    if (value === undefined) {
      throw usageError(
        'bench.unknownMetric',
        `--fail-if names ${condition.metric}, which this run did not measure`,
        `it measured: ${[...metrics.keys()].slice(0, 40).join(', ')}`,
      );
    }
    const met = condition.operator === '>' ? value > condition.bound : value < condition.bound;
    return met ? [{ condition, value }] : [];
  });
}
