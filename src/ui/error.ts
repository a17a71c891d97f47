import { CliError, EXIT } from '../errors.js';
import { sanitize } from './sanitize.js';
import type { Terminal } from './terminal.js';

/** Prints an error on stderr (as JSON with `--json`) and returns the exit code that goes with it. */
export function renderError(error: unknown, terminal: Terminal): number {
  if (error instanceof CliError) {
    if (terminal.json) {
      const { code, message, hint } = error;
      terminal.noteJson({ error: { code, message, ...(hint === undefined ? {} : { hint }) } });
    } else {
      terminal.note(
        `${terminal.err.red('error')} ${sanitize(error.message)} ${terminal.err.dim(`(${error.code})`)}`,
      );
      if (error.hint !== undefined) terminal.note(`  ${terminal.err.dim('→')} ${sanitize(error.hint)}`);
    }
    return error.exitCode;
  }
  // Anything else is a defect of ours: the stack is what helps to mend it.
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  if (terminal.json) terminal.noteJson({ error: { code: 'internal', message: text } });
  else terminal.note(`${terminal.err.red('internal error')} ${text.split('\n').map(sanitize).join('\n')}`);
  return EXIT.failure;
}
