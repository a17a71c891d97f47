import type { StackStatus } from '../../provision/status.js';
import type { ShardStatus } from '../../provision/stream-status.js';
import { formatBytes, formatClock, formatCount, formatDuration, plural } from '../format.js';
import { sanitize } from '../sanitize.js';
import { alignRows } from '../table.js';
import type { Terminal } from '../terminal.js';

/** What fits a screen; the rest is counted. */
const SHARDS_SHOWN = 12;

/** The whole stack on one screen. `now` is milliseconds since the epoch. */
export function renderStatus(status: StackStatus, now: number, terminal: Terminal): string[] {
  const { out } = terminal;
  const rows = [
    ...engineRows(status),
    ...tableRows(status),
    ...streamRows(status),
    ...functionRows(status),
    ...mappingRows(status),
  ];
  return [
    ...alignRows(rows.map(([name = '', value = '', detail = '']) => [out.dim(name), value, out.dim(detail)])),
    ...shardTree(status.stream?.shards ?? [], now, terminal),
    ...status.recentErrors.map(
      ({ at, message }) => `${out.red('!')} ${out.dim(formatClock(at, false))} ${sanitize(message)}`,
    ),
    ...verdict(status, terminal),
  ];
}

function engineRows({ engine }: StackStatus): string[][] {
  if (engine === undefined) return [];
  return [
    engine.running
      ? ['engine', 'running', `${engine.endpoint}, pid ${engine.pid}, data ${formatBytes(engine.dataBytes)}`]
      : ['engine', 'stopped', engine.dataDir],
  ];
}

function tableRows({ table }: StackStatus): string[][] {
  if (table === undefined) return [];
  const keys = table.keys.map(({ name, type }) => `${sanitize(name)}:${type}`).join(', ');
  const billing =
    table.billing.mode === 'PAY_PER_REQUEST'
      ? 'on demand'
      : `${table.billing.read}/${table.billing.write} units`;
  const owner = { made: '', adopted: ', adopted', foreign: ', not made by ddbcdc' }[table.ownership];
  return [
    [
      'table',
      sanitize(table.name),
      `${table.status}, key ${keys}, ${billing}, ≈ ${plural(table.itemCount, 'item')}${owner}`,
    ],
  ];
}

function streamRows({ stream, readersPerShard }: StackStatus): string[][] {
  if (stream === undefined) return [];
  const open = stream.shards.filter((shard) => shard.open).length;
  return [
    [
      'stream',
      stream.viewType,
      `${stream.status}, ${plural(open, 'open shard')}, ${formatCount(stream.shards.length - open)} closed, ${plural(readersPerShard, 'mapping')} of 2 readers a shard`,
    ],
    ['', '', sanitize(stream.arn)],
  ];
}

function functionRows({ function: found }: StackStatus): string[][] {
  if (found === undefined) return [];
  const code = { same: ', code as here', differs: ', code differs from here', unknown: '' }[found.bundle];
  const update = found.lastUpdateStatus === 'InProgress' ? ', being updated' : '';
  return [
    [
      'function',
      sanitize(found.name),
      `${found.state}${update}, ${found.runtime} ${found.architecture}, ${found.memoryMb} MB, ${found.timeoutSeconds} s, ${formatBytes(found.codeBytes)}${code}`,
    ],
  ];
}

function mappingRows({ mappings, table }: StackStatus): string[][] {
  return mappings.flatMap((mapping) => {
    const dead = mapping.streamArn === table?.streamArn ? '' : ', on a dead stream';
    const result = mapping.lastResult === undefined ? '' : `, last: ${sanitize(mapping.lastResult)}`;
    return [
      ['mapping', mapping.uuid, `${mapping.state}${dead}, batches of ${mapping.batchSize}${result}`],
      ...mapping.filters.map((filter) => ['', '', `filter ${sanitize(filter)}`]),
    ];
  });
}

/** Children below their parents. */
function shardTree(shards: readonly ShardStatus[], now: number, terminal: Terminal): string[] {
  const { out } = terminal;
  const known = new Set(shards.map(({ id }) => id));
  const lines: string[] = [];
  const visit = (shard: ShardStatus, depth: number): void => {
    const age = shard.createdAt === undefined ? '' : formatDuration(Math.max(0, now - shard.createdAt));
    const state = shard.open ? out.green('open') : out.dim('closed');
    lines.push(
      `  ${'  '.repeat(depth)}${depth > 0 ? '→ ' : ''}${sanitize(shard.id)} ${state} ${out.dim(age)}`.trimEnd(),
    );
    for (const child of shards) if (child.parent === shard.id) visit(child, depth + 1);
  };
  for (const shard of shards) if (shard.parent === undefined || !known.has(shard.parent)) visit(shard, 0);
  if (lines.length <= SHARDS_SHOWN) return lines;
  // The newest are the ones that are read.
  const left = lines.length - SHARDS_SHOWN;
  return [out.dim(`  · ${plural(left, 'older shard')}`), ...lines.slice(-SHARDS_SHOWN)];
}

function verdict({ problems, stack }: StackStatus, terminal: Terminal): string[] {
  const { out } = terminal;
  if (problems.length === 0) return [`${out.green('✓')} ${sanitize(stack)} is healthy`];
  return problems.flatMap(({ text, hint }) => [
    `${out.red('!')} ${sanitize(text)}`,
    `  ${out.dim('→')} ${hint}`,
  ]);
}
