import type { Terminal } from '../terminal.js';

/** Prints the lines; while watching a TTY, over what was there before. */
export async function showScreen(
  terminal: Terminal,
  lines: readonly string[],
  watching: boolean,
): Promise<void> {
  // Home, then clear to the end: no flicker, and nothing of an older, longer screen is left.
  if (watching && terminal.stdout.isTTY === true) terminal.stdout.write('\u001b[H\u001b[J');
  for (const line of lines) await terminal.print(line);
}
