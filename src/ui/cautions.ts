import type { ChalkInstance } from 'chalk';
import { sanitize } from './sanitize.js';
import type { Terminal } from './terminal.js';

/** What a person should know before the command goes on, on stderr; nothing with `--json`. */
export function noteCautions(cautions: readonly string[], terminal: Terminal): void {
  if (terminal.json) return;
  for (const caution of cautions) terminal.note(cautionLine(caution, terminal.err));
}

export function cautionLine(caution: string, colors: ChalkInstance): string {
  return `${colors.yellow('!')} ${sanitize(caution)}`;
}
