import { expect, it } from 'vitest';
import {
  compareMetrics,
  flattenMetrics,
  metConditions,
  parseFailCondition,
} from '../../src/bench/metrics.js';

const REPORT = { pipeline: { seen: 500, writeToSeenMs: { p50: 8, p99: 40 } }, machine: { node: 'v20' } };

it('flattens a report to its figures', () => {
  expect([...flattenMetrics(REPORT)]).toStrictEqual([
    ['pipeline.seen', 500],
    ['pipeline.writeToSeenMs.p50', 8],
    ['pipeline.writeToSeenMs.p99', 40],
  ]);
});

it('compares what both reports have', () => {
  const now = flattenMetrics({ pipeline: { writeToSeenMs: { p50: 4 } }, decode: { p50: 1 } });
  expect(compareMetrics(flattenMetrics(REPORT), now)).toStrictEqual([
    { metric: 'pipeline.writeToSeenMs.p50', baseline: 8, now: 4, ratio: 0.5 },
  ]);
});

it('finds the conditions that are met', () => {
  const conditions = ['pipeline.writeToSeenMs.p99>250', 'pipeline.seen < 501'].map(parseFailCondition);
  const met = metConditions(conditions, flattenMetrics(REPORT));
  expect(met.map(({ condition, value }) => [condition.text, value])).toStrictEqual([
    ['pipeline.seen < 501', 500],
  ]);
});

it('refuses a condition that it cannot read, and a metric that was not measured', () => {
  expect(() => parseFailCondition('p99 is big')).toThrow('--fail-if "p99 is big"');
  expect(() => metConditions([parseFailCondition('p98>1')], flattenMetrics(REPORT))).toThrow(
    'which this run did not measure',
  );
});
