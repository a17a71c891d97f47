import type { ModelDescription } from '../../model/index.js';
import { plural } from '../format.js';
import type { Terminal } from '../terminal.js';

/** What the written model was inferred from. */
export function renderInferred(
  file: string,
  { items, entities }: ModelDescription,
  { err }: Terminal,
): string {
  const types = entities.length === 1 ? '' : `, ${plural(entities.length, 'entity type')}`;
  return `${err.green('+')} ${file} ${err.dim(`inferred from ${plural(items, 'item')}${types}: read it before you trust it`)}`;
}
