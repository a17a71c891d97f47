// The user's handler as a step of the batch. A module of its own, so that a function without one does not carry it.
import type { Change } from '../../model/index.js';
import { elapsedSince } from './elapsed.js';
import { type Failures, failuresInAnswer, failuresInThrow } from './failures.js';
import { type BatchAccount, lineEnd, lineStart } from './format.js';
import { FAILURE, type FailureLine } from './lines.js';
import type { ChangeHandler, LambdaContext } from './types.js';

/** What a batch's line says of the user's handler. */
export type Outcome = Pick<BatchAccount, 'failures' | 'handlerMs' | 'retried' | 'retryFrom'>;

export interface Consumed {
  /** Sequence numbers to report to Lambda, in stream order. */
  readonly failed: readonly string[];
  /** What to log about it, each line ended by a newline. */
  readonly lines: string;
  readonly outcome: Outcome;
}

export type Consumer = (
  changes: readonly Change[],
  context: LambdaContext,
  now: () => number,
) => Promise<Consumed>;

/** Calls the user's handler with each batch and turns its answer, or its throw, into failures. Never rejects. */
export function consumerOf(onChanges: ChangeHandler): Consumer {
  return async (changes, context, now) => {
    const batch = changes.map((change) => change.seq);
    const started = performance.now();
    let failures: Failures;
    let error: unknown;
    try {
      failures = failuresInAnswer(await onChanges(changes, context), batch);
      error = failures.complaint === undefined ? undefined : new TypeError(failures.complaint);
    } catch (thrown) {
      failures = failuresInThrow(thrown, batch);
      error = thrown ?? new Error('the handler threw nothing');
    }
    const failed = failures.sequenceNumbers;
    const [retryFrom] = failed;
    return {
      failed,
      lines: error === undefined ? '' : failureLine(now(), context.awsRequestId, error, retryFrom),
      outcome: {
        failures: failed.length,
        handlerMs: elapsedSince(started),
        retryFrom,
        retried: retryFrom === undefined ? 0 : batch.length - batch.indexOf(retryFrom),
      },
    };
  };
}

function failureLine(at: number, requestId: string, error: unknown, retryFrom: string | undefined): string {
  const isError = error instanceof Error;
  const stack = isError ? error.stack?.split('\n').slice(1, 21) : undefined;
  const fields: Partial<FailureLine> = {
    errorType: isError ? error.name : typeof error,
    errorMessage: (isError ? error.message : String(error)).slice(0, 10_000),
    retryFrom,
  };
  const values: Partial<FailureLine> = { stackTrace: stack?.map((frame) => frame.trim()) ?? [] };
  return lineStart(at, requestId, 'ERROR', 'handler failed', FAILURE) + lineEnd(fields, values);
}
