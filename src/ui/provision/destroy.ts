import type { PlanStep } from '../../provision/stack.js';
import { plural } from '../format.js';
import { sanitize } from '../sanitize.js';
import type { Terminal } from '../terminal.js';

/** What `destroy` did, in one line, with what is left. */
export function renderDestroyResult(steps: readonly PlanStep[], stack: string, terminal: Terminal): string[] {
  const { out } = terminal;
  const deleted = steps.filter(({ action }) => action === 'delete').length;
  const table = steps.find(({ resource }) => resource === 'table');
  const left = table?.action === 'unchanged' && table.reason !== 'already gone';
  return [
    deleted === 0
      ? `${out.green('✓')} ${sanitize(stack)}: there was nothing to delete`
      : `${out.green('✓')} ${sanitize(stack)}: ${plural(deleted, 'resource')} deleted`,
    ...(left ? [`  ${out.dim('=')} table ${sanitize(table.name)} ${out.dim(table.reason)}`] : []),
  ];
}
