// Bench results as aligned rows. Figures are computed elsewhere.
import type { DecodeBenchResult } from '../bench/decode/bench-decode.js';
import type { BatchTiming } from '../bench/decode/rounds.js';
import type { IngestResult, ReaderFigures } from '../bench/ingest/bench-ingest.js';
import type { Comparison } from '../bench/metrics.js';
import type { PipelineResult } from '../bench/pipeline/run.js';
import type { Machine } from '../bench/report.js';
import type { StartupResult } from '../bench/startup/run.js';
import type { Summary } from '../bench/statistics.js';
import { formatCount, formatDuration, formatRate } from './format.js';
import { alignRows } from './table.js';
import type { Terminal } from './terminal.js';

const SUMMARY_HEAD = ['p50', 'p90', 'p99', 'max'];

export function summaryCells(summary: Summary): string[] {
  return [summary.p50, summary.p90, summary.p99, summary.max].map(formatDuration);
}

/** `2.4×`, with the digits that matter. */
export function formatRatio(ratio: number): string {
  return `${ratio.toFixed(ratio < 10 ? 2 : 1)}×`;
}

export function renderMachine(machine: Machine, terminal: Terminal): string {
  const cores = `${machine.cores} core${machine.cores === 1 ? '' : 's'}`;
  return terminal.out.dim(`${machine.cpu}, ${cores}, ${machine.platform}, Node ${machine.node}`);
}

export function renderStageHead(name: string, what: string, terminal: Terminal): string[] {
  return ['', `${terminal.out.bold(name)} ${terminal.out.dim(what)}`];
}

export function renderDecode({ shapes, event }: DecodeBenchResult, terminal: Terminal): string[] {
  const { out } = terminal;
  const row = (what: string, decoder: string, timing: BatchTiming, ratio?: string): string[] => [
    what,
    decoder,
    ...[timing.p50Us, timing.p90Us, timing.p99Us, timing.maxUs].map((us) => formatDuration(us / 1000)),
    formatRate(timing.recordsPerSecond),
    ...(ratio === undefined ? [] : [out.bold(ratio)]),
  ];
  const rows: string[][] = [['', '', ...SUMMARY_HEAD, 'records'].map((head) => out.dim(head))];
  for (const { shape, decode, unmarshall, speedup, model, modelSpeedup } of shapes) {
    rows.push(row(shape, 'unmarshall', unmarshall));
    rows.push(row('', 'decodeImage', decode, `${formatRatio(speedup)} as fast`));
    if (model !== undefined && modelSpeedup !== undefined) {
      rows.push(row('', 'model', model, `${formatRatio(modelSpeedup)} as fast`));
    }
  }
  if (event !== undefined) {
    rows.push(row('event', 'JSON.parse', event.parse));
    rows.push(row('', 'JSON.parse, models', event.parseAndModels, `${formatRatio(event.ratio)} the time`));
  }
  return alignRows(rows, { indent: 2, align: ['left', 'left', 'right', 'right', 'right', 'right', 'right'] });
}

export function renderIngest({ records, tail, sdk, speedup }: IngestResult, terminal: Terminal): string[] {
  const { out } = terminal;
  const row = (reader: string, { recordsPerSecond, peakMemoryMb }: ReaderFigures, ratio = ''): string[] => [
    reader,
    formatRate(recordsPerSecond),
    `${Math.round(peakMemoryMb)} MB`,
    out.bold(ratio),
  ];
  const rows = [
    [out.dim(`${formatCount(records)} records`), out.dim('records'), out.dim('memory')],
    row('GetRecords, unmarshall, JSON.stringify', sdk),
    row('tail --json', tail, `${formatRatio(speedup)} as fast`),
  ];
  return alignRows(rows, { indent: 2, align: ['left', 'right', 'right', 'right'] });
}

export function renderPipeline(result: PipelineResult, terminal: Terminal): string[] {
  const { written, seen, duplicates, gaps, ratePerSecond, writeToSeenMs } = result;
  const rows = [['write to seen', ...SUMMARY_HEAD.map((head) => terminal.out.dim(head))]];
  if (writeToSeenMs !== undefined) rows.push(['', ...summaryCells(writeToSeenMs)]);
  return [
    ...alignRows(rows, { indent: 2, align: ['left', 'right', 'right', 'right', 'right'] }),
    `  ${formatCount(written)} written, ${formatCount(seen)} seen, ${duplicates} duplicates, ${gaps} gaps at ${formatCount(ratePerSecond.reached)} writes/s ${terminal.out.dim(`(asked ${formatCount(ratePerSecond.asked)})`)}`,
  ];
}

export function renderStartup(result: StartupResult, terminal: Terminal): string[] {
  const rows = [
    ['', ...SUMMARY_HEAD.map((head) => terminal.out.dim(head))],
    ['node -e 0', ...summaryCells(result.bareNodeMs)],
    ['ddbcdc --help', ...summaryCells(result.helpMs), terminal.out.bold(formatRatio(result.helpToBareNode))],
    ['ddbcdc local start', ...summaryCells(result.engineStartMs)],
  ];
  return alignRows(rows, { indent: 2, align: ['left', 'right', 'right', 'right', 'right', 'right'] });
}

export function renderComparison(rows: readonly Comparison[], terminal: Terminal): string[] {
  const { out } = terminal;
  return alignRows(
    [
      ['metric', 'baseline', 'now', 'now / baseline'].map((head) => out.dim(head)),
      ...rows.map(({ metric, baseline, now, ratio }) => [
        metric,
        formatFigure(baseline),
        formatFigure(now),
        ratio > 1.1 || ratio < 0.9 ? out.bold(formatRatio(ratio)) : formatRatio(ratio),
      ]),
    ],
    { indent: 2, align: ['left', 'right', 'right', 'right'] },
  );
}

function formatFigure(value: number): string {
  return Math.abs(value) >= 100 ? formatCount(value) : String(Number(value.toPrecision(3)));
}
