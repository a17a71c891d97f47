import type { SeedResult } from '../seed/write.js';
import { formatCount, formatDuration, formatRate } from './format.js';
import { sanitize } from './sanitize.js';
import type { Terminal } from './terminal.js';

/** The account of a seed, as lines for a person. */
export function renderSeedResult(
  result: SeedResult,
  table: string,
  stamped: boolean,
  terminal: Terminal,
): string[] {
  const { out } = terminal;
  const whole = result.written === result.requested;
  // Only an interrupt leaves items unsent.
  const unsent = result.requested - result.written - result.failed;
  const counts = [
    `${formatCount(result.written)} written`,
    `${formatCount(result.retried)} retried`,
    `${formatCount(result.failed)} lost`,
    ...(unsent > 0 ? [`${formatCount(unsent)} not sent`] : []),
  ].join(', ');
  const pace = out.dim(`(${formatDuration(result.elapsedMs)}, ${formatRate(result.itemsPerSecond)})`);
  const lines = [`${whole ? out.green('✓') : out.red('!')} ${table}: ${counts} ${pace}`];
  if (result.error !== undefined) lines.push(`  ${out.red(sanitize(result.error))}`);
  if (!stamped)
    lines.push(out.dim('  an item equal to the one in the table is no change: it makes no stream record'));
  lines.push(`  ${out.dim('→')} see the changes: ddbcdc tail --from trim-horizon`);
  return lines;
}
