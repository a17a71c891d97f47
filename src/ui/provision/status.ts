import { billingText, keysText } from '../../provision/plan/table.js';
import type { StackStatus } from '../../provision/status.js';
import type { ShardStatus } from '../../provision/stream-status.js';
import { formatBytes, formatClock, formatCount, formatDuration, plural } from '../format.js';
import { sanitize } from '../sanitize.js';
import type { Terminal } from '../terminal.js';

/** What fits a screen; the rest is counted. */
const SHARDS_SHOWN = 12;
const LABEL_WIDTH = 10;

/** A row: what it is of, and its text; a row without a name goes on with the one above. */
type Row = readonly [name: string, text: string];

/** The whole stack on one screen. `now` is milliseconds since the epoch. */
export function renderStatus(status: StackStatus, now: number, terminal: Terminal): string[] {
  const { out } = terminal;
  const render = (rows: readonly Row[]): string[] =>
    rows.map(([name, text]) =>
      `${out.dim(name.padEnd(LABEL_WIDTH))}${name === '' ? out.dim(text) : text}`.trimEnd(),
    );
  return [
    ...render([...engineRows(status), ...tableRows(status), ...streamRows(status)]),
    ...shardTree(status.stream?.shards ?? [], now, terminal),
    ...render([...functionRows(status), ...mappingRows(status)]),
    ...status.recentErrors.map(
      ({ at, message, count }) =>
        `${out.red('!')} ${out.dim(formatClock(at, false))} ${sanitize(message)}${count === 1 ? '' : out.dim(` (${formatCount(count)} times)`)}`,
    ),
    ...verdict(status, terminal),
  ];
}

function engineRows({ engine }: StackStatus): Row[] {
  if (engine === undefined) return [];
  if (!engine.running) return [['engine', `stopped, data in ${sanitize(engine.dataDir)}`]];
  return [['engine', `${engine.endpoint}, pid ${engine.pid}, data ${formatBytes(engine.dataBytes)}`]];
}

function tableRows({ table }: StackStatus): Row[] {
  if (table === undefined) return [];
  const facts = [
    `key ${sanitize(keysText(table.keys))}`,
    billingText(table.billing),
    `≈ ${plural(table.itemCount, 'item')}`,
    ...(table.deletionProtection ? ['protected'] : []),
    ...{ made: [], adopted: ['adopted'], foreign: ['not made by ddbcdc'] }[table.ownership],
  ];
  return [
    ['table', `${sanitize(table.name)} ${table.status}`],
    ['', facts.join(', ')],
  ];
}

function streamRows({ stream, readersPerShard }: StackStatus): Row[] {
  if (stream === undefined) return [];
  const open = stream.shards.filter((shard) => shard.open).length;
  return [
    ['stream', `${stream.viewType} ${stream.status}`],
    [
      '',
      `${plural(open, 'open shard')}, ${formatCount(stream.shards.length - open)} closed; mappings are ${formatCount(readersPerShard)} of 2 readers a shard`,
    ],
    ['', sanitize(stream.arn)],
  ];
}

function functionRows({ function: found }: StackStatus): Row[] {
  if (found === undefined) return [];
  const code = { same: ['code as here'], differs: ['code differs from here'], unknown: [] }[found.bundle];
  const facts = [
    `${found.runtime} ${found.architecture}`,
    `${found.memoryMb} MB`,
    `${found.timeoutSeconds} s`,
    formatBytes(found.codeBytes),
    ...code,
    ...(found.lastUpdateStatus === 'InProgress' ? ['being updated'] : []),
  ];
  return [
    ['function', `${sanitize(found.name)} ${found.state}`],
    ['', facts.join(', ')],
  ];
}

function mappingRows({ mappings, table }: StackStatus): Row[] {
  return mappings.flatMap((mapping): Row[] => {
    const dead = mapping.streamArn === table?.streamArn ? '' : ', on a dead stream';
    const result = mapping.lastResult === undefined ? '' : `, last result: ${sanitize(mapping.lastResult)}`;
    return [
      ['mapping', `${mapping.uuid} ${mapping.state}${dead}`],
      ['', `batches of up to ${formatCount(mapping.batchSize)}${result}`],
      ...mapping.filters.map((filter): Row => ['', `filter ${sanitize(filter)}`]),
      ...(mapping.onFailure === null ? [] : [['', `on failure ${sanitize(mapping.onFailure)}`] as const]),
    ];
  });
}

/** Children below their parents. */
function shardTree(shards: readonly ShardStatus[], now: number, terminal: Terminal): string[] {
  const { out } = terminal;
  const known = new Set(shards.map(({ id }) => id));
  const indent = ' '.repeat(LABEL_WIDTH);
  const lines: string[] = [];
  const visit = (shard: ShardStatus, depth: number): void => {
    const age = shard.createdAt === undefined ? '' : formatDuration(Math.max(0, now - shard.createdAt));
    const state = shard.open ? out.green('open') : out.dim('closed');
    lines.push(
      `${indent}${'  '.repeat(depth)}${depth > 0 ? '→ ' : ''}${sanitize(shard.id)} ${state} ${out.dim(age)}`.trimEnd(),
    );
    for (const child of shards) if (child.parent === shard.id) visit(child, depth + 1);
  };
  for (const shard of shards) if (shard.parent === undefined || !known.has(shard.parent)) visit(shard, 0);
  if (lines.length <= SHARDS_SHOWN) return lines;
  // The newest are the ones that are read.
  const left = lines.length - SHARDS_SHOWN;
  return [out.dim(`${indent}· ${plural(left, 'older shard')}`), ...lines.slice(-SHARDS_SHOWN)];
}

function verdict({ problems, stack }: StackStatus, terminal: Terminal): string[] {
  const { out } = terminal;
  if (problems.length === 0) return [`${out.green('✓')} ${sanitize(stack)} is healthy`];
  return problems.flatMap(({ text, hint }) => [
    `${out.red('!')} ${sanitize(text)}`,
    `  ${out.dim('→')} ${hint}`,
  ]);
}
