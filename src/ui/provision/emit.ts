import { sanitize } from '../sanitize.js';
import type { Terminal } from '../terminal.js';

/** The files that were written, and the commands that deploy them. */
export function renderEmission(
  { files, next }: { readonly files: readonly string[]; readonly next: readonly string[] },
  { out }: Terminal,
): string[] {
  return [
    ...files.map((file) => `${out.green('+')} ${sanitize(file)}`),
    ...next.map((command) => `  ${out.dim('→')} ${sanitize(command)}`),
  ];
}
