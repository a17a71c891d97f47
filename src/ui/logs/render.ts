// A function's log for a person: one aligned line a batch, as batches come, so columns have fixed widths.
import type { BatchEntry, ErrorEntry, LogEntry } from '../../lambda/logs/join.js';
import type { LogTotals } from '../../lambda/logs/totals.js';
import { formatClock, formatCount, formatDateTime, formatDuration, plural } from '../format.js';
import { sanitize } from '../sanitize.js';
import type { Terminal } from '../terminal.js';
import { pad, shorten } from '../width.js';

export interface LogHeading {
  readonly functionName: string;
  readonly logGroup: string;
  /** `local engine`, `aws us-east-1`, or a URL. */
  readonly place: string;
}

const TIME_WIDTH = 9;
const COLUMNS = [
  ['records', 7],
  ['decode', 7],
  ['batch', 7],
  ['duration', 8],
  ['billed', 7],
  ['memory', 11],
  ['init', 6],
] as const;

/** What is read, and the column names. */
export function renderLogHeading(heading: LogHeading, terminal: Terminal): string[] {
  const { out } = terminal;
  const { functionName, logGroup, place } = heading;
  const names = COLUMNS.map(([name, width]) => pad(name, width, 'right')).join('  ');
  return [
    `${out.bold(sanitize(functionName))} ${out.dim(`· ${sanitize(logGroup)} · ${place}`)}`,
    out.dim(`${pad('time', TIME_WIDTH)} ${names}`),
  ];
}

/** One entry as lines. */
export function renderLogEntry(entry: LogEntry, utc: boolean, terminal: Terminal): string[] {
  const { out } = terminal;
  const time = pad(formatClock(entry.at, utc), TIME_WIDTH);
  const room = Math.max(20, terminal.columns - TIME_WIDTH - 1);
  switch (entry.type) {
    case 'batch':
      return renderBatch(entry, time, terminal);
    case 'error':
      return [`${out.dim(time)} ${out.red(`! ${errorText(entry)}`)}`];
    case 'change': {
      const { event, seq, model, keys, modelName } = entry;
      const shown = JSON.stringify(model ?? entry.new ?? keys ?? null);
      const name = modelName === undefined ? '' : `${sanitize(modelName)} `;
      return [
        out.dim(
          `${time} ${shorten(`· ${sanitize(event)} ${name}${sanitize(shown)} ${sanitize(seq)}`, room)}`,
        ),
      ];
    }
    case 'log':
      return [out.dim(`${time} ${shorten(`· ${sanitize(entry.message)}`, room)}`)];
  }
}

function renderBatch(batch: BatchEntry, time: string, terminal: Terminal): string[] {
  const { out } = terminal;
  const cells = [
    formatCount(batch.records),
    duration(batch.decodeMs),
    duration(batch.batchMs),
    duration(batch.durationMs),
    duration(batch.billedMs),
    batch.maxMemoryMb === null ? '-' : `${batch.maxMemoryMb}/${batch.memoryMb} MB`,
    batch.initMs === undefined ? '' : formatDuration(batch.initMs),
  ];
  const row = COLUMNS.map(([, width], index) => pad(cells[index] ?? '', width, 'right')).join('  ');
  const lines = [`${out.dim(time)} ${row}`.trimEnd()];
  const wrong = wrongWith(batch);
  if (wrong !== '') lines.push(`${' '.repeat(TIME_WIDTH)} ${out.red(`! ${wrong}`)}`);
  return lines;
}

function wrongWith(batch: BatchEntry): string {
  const parts: string[] = [];
  if (batch.failures > 0) {
    parts.push(
      `${formatCount(batch.failures)} failed, delivered again from ${sanitize(batch.retryFrom ?? '?')}`,
    );
  }
  if (batch.undecodable > 0) parts.push(`${formatCount(batch.undecodable)} undecodable`);
  if (batch.status !== undefined) parts.push(`ended with ${sanitize(batch.status)}`);
  return parts.join(', ');
}

function errorText({ kind, seq, message }: ErrorEntry): string {
  return [kind, ...(seq === undefined ? [] : [sanitize(seq)]), sanitize(message)].join(' ');
}

/** The totals as a closing line. */
export function renderLogTotals(totals: LogTotals, shownBatches: number, terminal: Terminal): string {
  const { out } = terminal;
  const { batches, records, retried, failures, undecodable, unfinished, otherErrors, coldStarts, billedMs } =
    totals;
  const bad = failures + undecodable + unfinished + otherErrors;
  const parts = [
    plural(batches, 'batch'),
    `${plural(records, 'record')}${retried === 0 ? '' : ` (${formatCount(retried)} retried)`}`,
    plural(failures, 'failure'),
    ...(undecodable === 0 ? [] : [`${formatCount(undecodable)} undecodable`]),
    ...(unfinished === 0 ? [] : [`${formatCount(unfinished)} unfinished`]),
    ...(otherErrors === 0 ? [] : [plural(otherErrors, 'other error')]),
    plural(coldStarts, 'cold start'),
    `${formatDuration(billedMs)} billed`,
    ...(shownBatches === batches ? [] : [`${formatCount(shownBatches)} shown`]),
  ];
  return `${bad === 0 ? out.green('✓') : out.red('!')} ${parts.join(', ')}`;
}

/** One log event as it is: a time and the line, with control characters made visible. */
export function renderRawEvent(at: number, message: string, utc: boolean, terminal: Terminal): string {
  const text = sanitize(message.trimEnd().replace(/\t/g, '  '));
  return `${terminal.out.dim(formatDateTime(at, utc))} ${text}`;
}

function duration(ms: number | null): string {
  return ms === null ? '-' : formatDuration(ms);
}
