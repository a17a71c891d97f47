import type { ListedStack } from '../../provision/list-stacks.js';
import { sanitize } from '../sanitize.js';
import { alignRows } from '../table.js';
import type { Terminal } from '../terminal.js';

/** Every stack of a target, one a line. */
export function renderStacks(stacks: readonly ListedStack[], terminal: Terminal): string[] {
  const { out } = terminal;
  if (stacks.length === 0) return [`${out.dim('·')} no stacks here; ddbcdc init makes one`];
  return alignRows(
    stacks.map(({ name, table, functions, roles }) => [
      sanitize(name),
      table ? 'table' : out.dim('no table of its own'),
      functions.length === 0 ? out.dim('no function') : functions.map(sanitize).join(', '),
      out.dim(roles.map(sanitize).join(', ')),
    ]),
  );
}
