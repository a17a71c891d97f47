// What the daemon tells the command that started it, over the IPC channel, once.
import { CliError, EXIT, type ExitCode } from '../../errors.js';
import type { EngineState } from '../engine-state.js';

export type DaemonMessage =
  | { readonly type: 'ready'; readonly state: EngineState }
  | {
      readonly type: 'failed';
      readonly code: string;
      readonly message: string;
      readonly hint?: string;
      readonly exitCode: number;
    };

/** An error as a message; one that is not ours becomes `engine.startFailed`. */
export function toFailure(error: unknown): DaemonMessage {
  if (error instanceof CliError) {
    const { code, message, hint, exitCode } = error;
    return { type: 'failed', code, message, exitCode, ...(hint === undefined ? {} : { hint }) };
  }
  const message = `the engine could not start: ${error instanceof Error ? error.message : String(error)}`;
  return { type: 'failed', code: 'engine.startFailed', message, exitCode: EXIT.failure };
}

/** The error that a message carries. */
export function fromFailure(failure: Extract<DaemonMessage, { type: 'failed' }>): CliError {
  const { code, message, hint } = failure;
  // It was an ExitCode on the other side of the channel.
  const exitCode = failure.exitCode as ExitCode;
  return new CliError(code, message, { exitCode, ...(hint === undefined ? {} : { hint }) });
}
