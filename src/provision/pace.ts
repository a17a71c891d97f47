// Waiting: for a state to be reached, and for an error that is known to pass. Every wait is bounded, can be aborted, and
// says what it waits for. Time is an argument.
import { setTimeout as sleep } from 'node:timers/promises';
import { CliError } from '../errors.js';

export interface Pace {
  /** Milliseconds on any clock that only goes forward. */
  now(): number;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

export const REAL_PACE: Pace = {
  now: () => performance.now(),
  sleep: async (ms, signal) => {
    await sleep(ms, undefined, { signal });
  },
};

/** Something that is not finished yet, and why. */
export interface Waiting {
  readonly type: 'waiting';
  readonly reason: string;
  readonly waitedMs: number;
}

export interface WaitOptions {
  readonly pace: Pace;
  readonly signal: AbortSignal;
  /** What is being waited for, for the error when it takes too long. */
  readonly what: string;
  readonly limitMs: number;
}

const FIRST_DELAY_MS = 50;
const LAST_DELAY_MS = 3_000;

/** Reads until `reasonToWait` has none. Throws `provision.timeout` after `limitMs`. */
export async function* pollUntil<T>(
  read: () => Promise<T>,
  reasonToWait: (value: T) => string | undefined,
  options: WaitOptions,
): AsyncGenerator<Waiting, T> {
  return yield* repeat(async () => {
    const value = await read();
    const reason = reasonToWait(value);
    return reason === undefined ? { done: true, value } : { done: false, reason };
  }, options);
}

/**
 * Calls until it works. An error is waited out only where `reasonToWait` knows it as one that passes; any other is thrown
 * at once, and so is the last one after `limitMs`.
 */
export async function* retryWhile<T>(
  call: () => Promise<T>,
  reasonToWait: (error: unknown) => string | undefined,
  options: WaitOptions,
): AsyncGenerator<Waiting, T> {
  return yield* repeat(async () => {
    try {
      return { done: true, value: await call() };
    } catch (error) {
      const reason = reasonToWait(error);
      if (reason === undefined) throw error;
      return { done: false, reason, error };
    }
  }, options);
}

type Attempt<T> =
  | { readonly done: true; readonly value: T }
  | { readonly done: false; readonly reason: string; readonly error?: unknown };

async function* repeat<T>(
  attempt: () => Promise<Attempt<T>>,
  { pace, signal, what, limitMs }: WaitOptions,
): AsyncGenerator<Waiting, T> {
  const start = pace.now();
  for (let delayMs = FIRST_DELAY_MS; ; delayMs = Math.min(delayMs * 1.6, LAST_DELAY_MS)) {
    signal.throwIfAborted();
    const result = await attempt();
    if (result.done) return result.value;
    const waitedMs = pace.now() - start;
    if (waitedMs >= limitMs) {
      if (result.error !== undefined) throw result.error;
      throw new CliError(
        'provision.timeout',
        `${what} was still not ready after ${Math.round(limitMs / 1000)} s: ${result.reason}`,
        { hint: 'run the command again: it goes on from here' },
      );
    }
    yield { type: 'waiting', reason: result.reason, waitedMs };
    await pace.sleep(delayMs, signal);
  }
}
