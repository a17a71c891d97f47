import type { AppliedStack } from '../../provision/apply.js';
import type { Whereabouts } from '../../provision/place.js';
import { targetText } from '../../provision/place.js';
import type { PlanStep, ResourceKind } from '../../provision/stack.js';
import type { Target } from '../../target/target.js';
import { formatBytes, plural } from '../format.js';
import { sanitize } from '../sanitize.js';
import { alignRows } from '../table.js';
import type { Terminal } from '../terminal.js';
import { glyph } from './plan.js';

/** Where changes would be made, and by whom: shown before any question. */
export function renderWhereabouts(
  target: Target,
  { place, caller }: Whereabouts,
  stack: string,
  terminal: Terminal,
): string {
  const { err } = terminal;
  const account = target.kind === 'local' ? [] : [`account ${place.accountId}`];
  const parts = [
    err.bold(targetText(target)),
    ...account,
    ...(caller === undefined ? [] : [sanitize(caller)]),
    target.region,
    ...(target.endpoint === undefined ? [] : [target.endpoint]),
  ];
  return `${err.bold(sanitize(stack))} on ${[...new Set(parts)].join(err.dim(' · '))}`;
}

/** What `init` made or found, and the next command. */
export function renderInitResult(
  applied: AppliedStack,
  steps: readonly PlanStep[],
  configPath: string,
  terminal: Terminal,
): string[] {
  const { out } = terminal;
  const { table, mapping } = applied;
  const mark = (resource: ResourceKind): string =>
    glyph(steps.findLast((step) => step.resource === resource)?.action ?? 'unchanged', out);
  const settled = steps.every(({ action }) => action === 'unchanged');
  const rows = [
    [mark('table'), 'table', sanitize(table.name), `stream ${table.viewType ?? 'none'}`],
    ...(applied.function === undefined
      ? []
      : [
          [
            mark('function'),
            'function',
            sanitize(applied.function.name),
            `${applied.function.architecture}, ${applied.function.memoryMb} MB, ${formatBytes(applied.function.codeBytes)}`,
          ],
        ]),
    ...(mapping === undefined
      ? []
      : [
          [
            mark('mapping'),
            'mapping',
            mapping.uuid,
            `${mapping.state}, batches of up to ${mapping.batchSize}, from ${mapping.startingPosition}`,
          ],
        ]),
  ];
  const changed = steps.filter(({ action }) => action !== 'unchanged').length;
  return [
    ...alignRows(rows.map((row) => [...row.slice(0, 3), out.dim(row[3] ?? '')])),
    settled
      ? `${out.green('✓')} everything is as wanted: nothing was changed`
      : `${out.green('✓')} ${plural(changed, 'change')} made ${out.dim(`(remembered in ${sanitize(configPath)})`)}`,
    `  ${out.dim('→')} write some items: ddbcdc seed --count 500`,
  ];
}
