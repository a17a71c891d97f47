// What the SDK does by itself is part of the account too: each attempt of a call that failed and is made again.
import type { MiddlewareStack } from '@aws-sdk/types';

/** Called when an attempt is made after one that failed, `delayMs` ago. */
export type OnRetried = (error: unknown, delayMs: number) => void;

/** An attempt that failed, and that is not the last of its call. */
export interface FailedAttempt {
  readonly operation: string;
  readonly error: unknown;
  /** How many have failed in a row, from 1, whoever made them. */
  readonly attempt: number;
  /** The wait between it and the next. */
  readonly delayMs: number;
  /** True when that wait is over: the next attempt is being made. */
  readonly waited: boolean;
  readonly shard?: string;
}

export type OnRetry = (failed: FailedAttempt) => void;

/** Counts the failed attempts in a row of one call, those included that the SDK makes by itself, and tells each. */
export class AttemptCount {
  private attempts = 0;

  constructor(
    private readonly onRetry: OnRetry,
    private readonly call: Pick<FailedAttempt, 'operation' | 'shard'>,
  ) {}

  /** For an attempt that the SDK makes again by itself. */
  readonly onRetried: OnRetried = (error, delayMs) => this.tell(error, delayMs, true);

  /** For an attempt that its caller makes again after `delayMs`. */
  failed(error: unknown, delayMs: number): void {
    this.tell(error, delayMs, false);
  }

  answered(): void {
    this.attempts = 0;
  }

  private tell(error: unknown, delayMs: number, waited: boolean): void {
    this.attempts += 1;
    this.onRetry({ ...this.call, error, attempt: this.attempts, delayMs, waited });
  }
}

/** Tells of every attempt of one command but the last, whose error or answer the caller gets. */
export function observeAttempts<Input extends object, Output extends object>(
  stack: MiddlewareStack<Input, Output>,
  onRetried: OnRetried | undefined,
): void {
  if (onRetried === undefined) return;
  let failed: { readonly error: unknown; readonly at: number } | undefined;
  stack.add(
    (next) => async (args) => {
      if (failed !== undefined) {
        onRetried(failed.error, Math.round(performance.now() - failed.at));
        failed = undefined;
      }
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
