// The words around a tail: the ready line, the closing summary, the ledger and shard tree while it runs. All on stderr.
import type { ChalkInstance } from 'chalk';
import type { EndEvent, LedgerSnapshot, StartEvent } from '../../stream/events.js';
import type { TailRange } from '../../stream/tail-options.js';
import { formatCount, formatDollars, formatDuration, plural } from '../format.js';
import { sanitize } from '../sanitize.js';
import { alignRows } from '../table.js';
import { displayWidth } from '../width.js';
import { shortShard } from './render-notices.js';

/** Price of one GetRecords call in us-east-1: $0.02 per 100,000 stream read request units, a unit a call. */
const DOLLARS_PER_READ = 0.02 / 100_000;

/** Of a terminal that nobody asked for its width. */
const DEFAULT_WIDTH = 80;

const REASONS: Readonly<Record<EndEvent['reason'], string>> = {
  limit: 'the limit was reached',
  expected: 'every expected change was seen',
  drained: 'read to the end',
  time: 'the time was up',
  range: 'the range was read',
  interrupted: 'stopped',
  streamEnded: 'the stream ended',
  gap: 'ended at a gap',
  stall: 'ended at a stall',
};

export interface ReadyOptions {
  readonly colors: ChalkInstance;
  /** Where the table is: `the local engine`, `AWS eu-west-1 (profile work)`. */
  readonly place: string;
  /** Set when the start was not asked for: how to ask for another. */
  readonly otherStart?: string;
  /** Set when a part of one shard is read and not the stream. */
  readonly range?: TailRange;
}

/** `✓ tailing Orders from latest  1 shard  NEW_IMAGE  local engine`. */
export function renderReady(event: StartEvent, options: ReadyOptions): string[] {
  const { colors, place, otherStart, range } = options;
  const facts = [plural(event.shards, 'shard'), sanitize(event.viewType), place].join(' · ');
  const table = colors.bold(sanitize(event.table));
  const what =
    range === undefined
      ? `tailing ${table} ${startText(event.from)}`
      : `reading shard ${shortShard(range.shard)} of ${table}${rangeText(range)}`;
  const line = `${colors.green('✓')} ${what} ${colors.dim(`· ${facts}`)}`;
  return otherStart === undefined ? [line] : [line, colors.dim(`  → ${otherStart}`)];
}

/** The reader says `latest`, `trim-horizon`, `since <ISO time>` or `checkpoint <name>`. */
function startText(from: string): string {
  return from.startsWith('since ') ? sanitize(from) : `from ${sanitize(from)}`;
}

function rangeText({ fromSeq, toSeq }: TailRange): string {
  const from = fromSeq === undefined ? '' : ` from ${sanitize(fromSeq)}`;
  return toSeq === undefined ? from : `${from} to ${sanitize(toSeq)}`;
}

/** How the readers of a stream add up: AWS lets two read a shard before it throttles them. */
export function renderReaders(mappings: number, colors: ChalkInstance): string {
  const readers = mappings + 1;
  const text = `${plural(mappings, 'mapping')} + this tail = ${readers} of 2 readers`;
  return readers > 2 ? colors.yellow(`! ${text}: expect throttling`) : colors.dim(`  ${text}`);
}

/** The closing summary, from the reader's ledger. */
export function renderSummary(end: EndEvent, table: string, colors: ChalkInstance): string[] {
  const clean = end.gaps === 0 && end.stalls === 0 && end.undecodable === 0;
  const mark = clean ? colors.green('✓') : colors.yellow('!');
  const head = `${mark} ${sanitize(table)}: ${plural(end.shown, 'change')} shown in ${formatDuration(end.elapsedMs)}, ${REASONS[end.reason] ?? sanitize(end.reason)}`;
  return [head, ...snapshotRows(end, colors)];
}

/** What `s` shows: the ledger so far, and the shards as a tree, in `width` columns where they can be. */
export function renderLedger(
  ledger: LedgerSnapshot,
  shards: readonly ShardLine[],
  table: string,
  colors: ChalkInstance,
  width: number = DEFAULT_WIDTH,
): string[] {
  return [
    `${colors.bold(sanitize(table))} ${colors.dim(`after ${formatDuration(ledger.elapsedMs)}`)}`,
    ...snapshotRows(ledger, colors),
    ...renderShardTree(shards, colors, width),
  ];
}

/** A shard as the tree shows it: the reader's own view has these. */
export interface ShardLine {
  readonly id: string;
  readonly parent?: string;
  readonly state: 'waiting' | 'reading' | 'done';
  readonly lagMs?: number;
  /** The error that it is retrying after. */
  readonly error?: string;
}

const STATES = {
  reading: { mark: '+', text: 'reading' },
  waiting: { mark: '·', text: 'waits for its parent' },
  done: { mark: '=', text: 'done' },
} as const;

/**
 * Shards under their parents; a shard whose parent is unknown or trimmed stands at the left. With whole ids, as `--shard`
 * takes them, where these fit into `width` columns.
 */
export function renderShardTree(
  shards: readonly ShardLine[],
  colors: ChalkInstance,
  width: number = DEFAULT_WIDTH,
): string[] {
  const nodes = treeOf(shards);
  const rowsWith = (idText: (id: string) => string): string[] =>
    alignRows(
      nodes.map((node) => shardRow(node, idText, colors)),
      { indent: 2 },
    );
  const rows = rowsWith(sanitize);
  return rows.some((row) => displayWidth(row) > width) ? rowsWith(shortShard) : rows;
}

interface ShardNode {
  readonly shard: ShardLine;
  readonly depth: number;
}

function treeOf(shards: readonly ShardLine[]): ShardNode[] {
  const known = new Set(shards.map(({ id }) => id));
  const childrenOf = new Map<string | undefined, ShardLine[]>();
  for (const shard of shards) {
    const parent = shard.parent !== undefined && known.has(shard.parent) ? shard.parent : undefined;
    const siblings = childrenOf.get(parent);
    if (siblings === undefined) childrenOf.set(parent, [shard]);
    else siblings.push(shard);
  }
  const nodes: ShardNode[] = [];
  // A stack and not recursion: a day of rolls is a long thin tree.
  const stack = (childrenOf.get(undefined) ?? []).map((shard) => ({ shard, depth: 0 })).reverse();
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    nodes.push(next);
    for (const child of (childrenOf.get(next.shard.id) ?? []).toReversed()) {
      stack.push({ shard: child, depth: next.depth + 1 });
    }
  }
  return nodes;
}

function shardRow(
  { shard, depth }: ShardNode,
  idText: (id: string) => string,
  colors: ChalkInstance,
): string[] {
  const { mark, text } = STATES[shard.state];
  const paint = shard.state === 'reading' ? colors.green : colors.dim;
  return [
    `${'  '.repeat(depth)}${paint(mark)} ${idText(shard.id)}`,
    paint(text),
    shard.lagMs === undefined ? '' : `lag ≈ ${formatDuration(Math.max(0, shard.lagMs))}`,
    shard.error === undefined ? '' : colors.yellow(`retrying after ${sanitize(shard.error)}`),
  ];
}

function snapshotRows(ledger: LedgerSnapshot, colors: ChalkInstance): string[] {
  const { lagMs, shards } = ledger;
  const cost = colors.dim(`(≈ ${formatDollars(ledger.reads * DOLLARS_PER_READ)} of GetRecords on AWS)`);
  const rows: readonly (readonly [string, string])[] = [
    ['records', recordsText(ledger)],
    ['found', integrityText(ledger, colors)],
    ['shards', `${shards.open} open, ${shards.closed} closed, ${shards.waiting} waiting`],
    [
      'reads',
      `${formatCount(ledger.reads)}, ${plural(ledger.throttles, 'throttle')}, ${plural(ledger.retries, 'retry')} ${cost}`,
    ],
    [
      'lag',
      lagMs.p50 === null || lagMs.p99 === null
        ? 'no record was read'
        : `≈ p50 ${formatDuration(lagMs.p50)}, p99 ${formatDuration(lagMs.p99)}${lagMs.now === null ? '' : `, last ${formatDuration(lagMs.now)}`}`,
    ],
  ];
  return alignRows(
    rows.map(([name, text]) => [colors.dim(name), text]),
    { indent: 2 },
  );
}

function recordsText(ledger: LedgerSnapshot): string {
  const parts = [`${formatCount(ledger.shown)} shown`, `${formatCount(ledger.filtered)} filtered out`];
  if (ledger.skipped !== undefined && ledger.skipped > 0) {
    parts.push(`${formatCount(ledger.skipped)} older than the start`);
  }
  if (ledger.undecodable > 0) parts.push(`${formatCount(ledger.undecodable)} undecodable`);
  return `${formatCount(ledger.records)} in ${plural(ledger.batches, 'batch')}: ${parts.join(', ')}`;
}

function integrityText(ledger: LedgerSnapshot, colors: ChalkInstance): string {
  const gaps = plural(ledger.gaps, 'gap');
  const stalls = plural(ledger.stalls, 'stall');
  return [
    ledger.gaps === 0 ? gaps : colors.red(gaps),
    plural(ledger.duplicates, 'duplicate'),
    ledger.stalls === 0 ? stalls : colors.red(stalls),
  ].join(', ');
}
