// What the `local` commands say. Lines for the caller to print.
import type { StartReason } from '../local/daemon/ensure.js';
import type { Shell } from '../local/daemon/exports.js';
import type { ResetOutcome } from '../local/daemon/reset.js';
import type { ShardLineage } from '../local/daemon/shard-lineage.js';
import type { EngineStatus } from '../local/daemon/status.js';
import type { StopOutcome } from '../local/daemon/stop.js';
import { formatBytes, formatClock, formatDateTime, formatDuration, plural } from './format.js';
import { sanitize } from './sanitize.js';
import { alignRows } from './table.js';
import type { Terminal } from './terminal.js';

const USE_IT = 'eval "$(ddbcdc local env)"';

/** Why a process has to be started, when that is not the usual case. */
export function startingLine(reason: StartReason): string | undefined {
  switch (reason) {
    case 'notRunning':
      return undefined;
    case 'crashed':
      return '· the last engine ended without stopping: starting it again with all its data';
    case 'otherCode':
      return '· the engine that ran was of another version or build: starting this one with all its data';
  }
}

/** After `local start`: how long it took (undefined when it ran already), where it is, what to do next. */
export function renderStarted(
  status: EngineStatus,
  tookMs: number | undefined,
  terminal: Terminal,
  nowMs: number,
): string[] {
  const { out } = terminal;
  if (!status.running) return [`${out.red('!')} the engine stopped again at once`];
  return [
    tookMs === undefined
      ? `${out.dim('=')} the engine runs already`
      : `${out.green('✓')} engine ready in ${formatDuration(tookMs)}`,
    ...alignRows(statusRows(status, terminal, nowMs), { indent: 2 }),
    `  ${out.dim('→')} use it in this shell: ${USE_IT}`,
  ];
}

/** `local status`. */
export function renderStatus(status: EngineStatus, terminal: Terminal, nowMs: number): string[] {
  const { out } = terminal;
  if (status.running) {
    const title = `${out.green('✓')} engine running, pid ${status.pid}`;
    return [title, ...alignRows(statusRows(status, terminal, nowMs), { indent: 2 })];
  }
  return [
    status.crashed
      ? `${out.yellow('!')} engine not running: the last one ended without stopping; its data is kept`
      : `${out.dim('·')} engine not running`,
    ...alignRows([[out.dim('data'), dataText(status)]], { indent: 2 }),
    `  ${out.dim('→')} the next command that needs it starts it, or: ddbcdc local start`,
  ];
}

/** `local stop`. */
export function renderStopped(result: StopOutcome, dataDir: string, terminal: Terminal): string {
  const { out } = terminal;
  switch (result.outcome) {
    case 'notRunning':
      return `${out.dim('=')} no engine runs for ${sanitize(dataDir)}`;
    case 'stopped':
      return `${out.green('✓')} engine stopped (pid ${result.state.pid}); its data stays in ${sanitize(dataDir)}`;
    case 'forced':
      return `${out.yellow('!')} engine did not answer: ended process ${result.state.pid}; its data stays in ${sanitize(dataDir)}`;
  }
}

/** `local reset`. */
export function renderReset(result: ResetOutcome, dataDir: string, terminal: Terminal): string {
  const { out } = terminal;
  if (result.deleted.length === 0) return `${out.dim('=')} nothing to delete in ${sanitize(dataDir)}`;
  const stopped = result.stopped ? 'engine stopped, ' : '';
  return `${out.green('✓')} ${stopped}data in ${sanitize(dataDir)} deleted`;
}

/** One line of the engine's log, for the terminal of `--foreground`. */
export function logLine(line: string, nowMs: number, terminal: Terminal): string {
  const text = line.split('\n').map(sanitize).join('\n');
  return `${terminal.err.dim(formatClock(nowMs, false))} ${text.startsWith('error') ? terminal.err.red(text) : text}`;
}

/** How to use what `local env` has printed. */
export function envAdvice(shell: Shell, terminal: Terminal): string {
  const command = {
    sh: USE_IT,
    fish: 'ddbcdc local env --shell fish | source',
    powershell: 'ddbcdc local env --shell powershell | Out-String | Invoke-Expression',
  }[shell];
  return `${terminal.err.dim('→')} use it in this shell: ${command}`;
}

/** `local roll` and `local split`: which shards closed and what follows each. */
export function renderShards(table: string, lineage: ShardLineage, terminal: Terminal): string[] {
  const { out } = terminal;
  const closed = plural(lineage.Closed.length, 'shard');
  return [
    `${out.green('✓')} ${sanitize(table)}: ${closed} closed, ${lineage.Opened.length} opened`,
    ...lineage.Closed.map((shard) => {
      const children = lineage.Opened.filter(({ ParentShardId }) => ParentShardId === shard);
      return `  ${shortShard(shard)} → ${children.map(({ ShardId }) => shortShard(ShardId)).join(', ')}`;
    }),
  ];
}

/** The end of `shardId-<20 digits>-<8 hex>` tells the shards of a stream apart. */
function shortShard(shardId: string): string {
  return sanitize(`…${shardId.slice(-8)}`);
}

function statusRows(
  status: Extract<EngineStatus, { running: true }>,
  terminal: Terminal,
  nowMs: number,
): string[][] {
  const label = terminal.out.dim;
  const ran = formatDuration(Math.max(0, nowMs - Date.parse(status.startedAt)));
  return [
    [label('endpoint'), status.endpoint],
    [label('region'), sanitize(status.region)],
    [label('data'), dataText(status)],
    [label('version'), sanitize(status.version)],
    [label('started'), `${formatDateTime(Date.parse(status.startedAt), false)}, ${ran} ago`],
    [label('stops'), stopsText(status, nowMs)],
    ...(status.faults === undefined ? [] : [[label('faults'), faultsText(status.faults, terminal)]]),
  ];
}

function faultsText(rules: readonly string[], terminal: Terminal): string {
  return terminal.out.yellow(`${plural(rules.length, 'rule')} in force: ddbcdc local faults`);
}

function stopsText(status: Extract<EngineStatus, { running: true }>, nowMs: number): string {
  if (status.idleTimeoutMs === 0) return 'never by itself: ddbcdc local stop';
  const rule = `after ${formatDuration(status.idleTimeoutMs)} without a request`;
  if (status.idleStopsAt === null) return rule;
  return `${rule}: in ${formatDuration(Math.max(0, Date.parse(status.idleStopsAt) - nowMs))}`;
}

function dataText(status: EngineStatus): string {
  return `${sanitize(status.dataDir)} (${formatBytes(status.dataBytes)})`;
}
