// The one error family that users see. Commands throw it; only cli.ts turns it into text and an exit code.

/** Exit codes of every command: see "Terminal contract" in the README. */
export const EXIT = {
  done: 0,
  failure: 1,
  usage: 2,
  precondition: 3,
  expectation: 4,
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export interface CliErrorOptions {
  /** What to do next, usually a command to run. Shown on its own line. */
  readonly hint?: string;
  /** Defaults to 1 (operational failure). */
  readonly exitCode?: ExitCode;
  readonly cause?: unknown;
}

/**
 * An error with a stable public code, such as `table.noStream`, that names the object, the rule and the way out.
 * `message` is one sentence without a final full stop where it ends in a name.
 */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly code: string;
  readonly exitCode: ExitCode;
  readonly hint: string | undefined;

  constructor(code: string, message: string, options: CliErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.exitCode = options.exitCode ?? EXIT.failure;
    this.hint = options.hint;
  }
}

/** Bad flags or arguments: exit 2. */
export function usageError(code: string, message: string, hint?: string): CliError {
  return new CliError(code, message, { exitCode: EXIT.usage, ...(hint === undefined ? {} : { hint }) });
}
