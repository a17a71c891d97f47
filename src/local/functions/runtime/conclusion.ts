// What Lambda says about how an invocation ended: the payload for the caller, and what goes into the log.
import type { ChildOutcome } from './execution-environment.js';
import type { FunctionFailure } from './frames.js';
import type { InvocationStatus } from './platform-log.js';

export interface Conclusion {
  readonly status: InvocationStatus;
  /** JSON: the returned value or the failure. */
  readonly payload: Uint8Array;
  readonly errorType?: string;
  /** A line of the platform's own for the log. */
  readonly note?: string;
}

export function conclude(
  outcome: Exclude<ChildOutcome, { type: 'stopped' }>,
  requestId: string,
  timeoutSeconds: number,
): Conclusion {
  switch (outcome.type) {
    case 'result':
      return { status: 'success', payload: outcome.payload };
    case 'timeout': {
      const note = `Task timed out after ${timeoutSeconds.toFixed(2)} seconds`;
      const payload = platformFailure('Sandbox.Timedout', requestId, `Error: ${note}`);
      return { status: 'timeout', payload, note };
    }
    case 'failure': {
      const { errorType, errorMessage } = outcome.failure;
      if (outcome.payload !== undefined) return { status: 'error', payload: outcome.payload, errorType };
      // The process ended without an answer: the platform speaks for it.
      const payload = platformFailure(errorType, requestId, errorMessage);
      return { status: 'error', payload, errorType, note: errorMessage };
    }
  }
}

/** The message of a child process that ended by itself, in Lambda's words. */
export function describeExit(code: number | null, signal: NodeJS.Signals | null): string {
  if (signal === 'SIGKILL') return 'Error: Runtime exited with error: signal: killed';
  if (signal !== null) return `Error: Runtime exited with error: signal: ${signal}`;
  if (code === 0) return 'Error: Runtime exited without providing a reason';
  return `Error: Runtime exited with error: exit status ${code}`;
}

function platformFailure(errorType: string, requestId: string, message: string): Uint8Array {
  const failure: FunctionFailure = { errorType, errorMessage: `RequestId: ${requestId} ${message}` };
  return Buffer.from(JSON.stringify(failure));
}
