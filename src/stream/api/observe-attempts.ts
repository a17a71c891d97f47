// What the SDK does by itself is part of the account too: each attempt of a call that failed and is made again.
import type { MiddlewareStack } from '@aws-sdk/types';

/** Called before attempt `attempt` + 1, which `delayMs` passed before. */
export type OnRetried = (error: unknown, attempt: number, delayMs: number) => void;

/** Tells of every attempt of one command but the last, whose error or answer the caller gets. */
export function observeAttempts<Input extends object, Output extends object>(
  stack: MiddlewareStack<Input, Output>,
  onRetried: OnRetried,
): void {
  let attempts = 0;
  let failed: { readonly error: unknown; readonly at: number } | undefined;
  stack.add(
    (next) => async (args) => {
      if (failed !== undefined) {
        onRetried(failed.error, attempts, Math.round(performance.now() - failed.at));
        failed = undefined;
      }
      attempts += 1;
      try {
        return await next(args);
      } catch (error) {
        failed = { error, at: performance.now() };
        throw error;
      }
    },
    // Inside the SDK's retries, which have a high priority in this step.
    { name: 'ddbcdcObserveAttempts', step: 'finalizeRequest', priority: 'low' },
  );
}
