// Time as an argument: everything in the reader that waits or stamps goes through one of these, so that a day of a
// stream's life runs in virtual milliseconds in the tests.
import { setTimeout as delay, setImmediate as immediate } from 'node:timers/promises';

/** A source of time. `sleep` resolves after `ms`, or at once when the signal aborts; it never rejects. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Resolves when everything else that is due has had its turn. */
  turn(): Promise<void>;
}

/** The wall clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  turn: () => immediate(),
  async sleep(ms, signal) {
    try {
      await delay(ms, undefined, signal === undefined ? {} : { signal });
    } catch {
      // An abort only ends the sleep early; whoever sleeps looks at the signal next.
    }
  },
};
