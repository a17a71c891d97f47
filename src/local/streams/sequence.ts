// Sequence numbers: 13 digits of epoch milliseconds, then 9 digits that count within the millisecond. They order
// all changes of the engine, and because the time comes first, "older than 24 hours" is a range of keys.

const COUNTER_DIGITS = 9;
const MAX_COUNTER = 10 ** COUNTER_DIGITS - 1;
/** Keeps every number at 22 digits, so that text order is number order, also under a test's clock. */
const MIN_MS = 10 ** 12;

/** A sequence number below all others. */
export const SEQUENCE_ZERO = '0'.repeat(13 + COUNTER_DIGITS);

/** Returns the first sequence number that can be given at `epochMs`. */
export function sequenceAt(epochMs: number): string {
  return format(Math.max(MIN_MS, Math.floor(epochMs)), 0);
}

/** Returns the epoch milliseconds in a sequence number of this engine. */
export function sequenceTimeMs(sequence: string): number {
  return Number(sequence.slice(0, -COUNTER_DIGITS));
}

/** Tells whether text has the form of this engine's sequence numbers. */
export function isSequence(text: string): boolean {
  return /^\d{22}$/.test(text);
}

/** Gives ever larger sequence numbers, also when the clock goes backwards or the engine restarts. */
export class SequenceClock {
  readonly #now: () => number;
  #ms: number;
  #counter: number;

  /** `last` is the newest number on disk. */
  constructor(now: () => number, last: string = SEQUENCE_ZERO) {
    this.#now = now;
    this.#ms = sequenceTimeMs(last);
    this.#counter = Number(last.slice(-COUNTER_DIGITS));
  }

  /** The newest number given. */
  get last(): string {
    return format(this.#ms, this.#counter);
  }

  next(): string {
    const now = Math.max(MIN_MS, Math.floor(this.#now()));
    if (now > this.#ms) {
      this.#ms = now;
      this.#counter = 0;
    } else if (this.#counter === MAX_COUNTER) {
      this.#ms += 1;
      this.#counter = 0;
    } else {
      this.#counter += 1;
    }
    return this.last;
  }
}

function format(ms: number, counter: number): string {
  return String(ms).padStart(13, '0') + String(counter).padStart(COUNTER_DIGITS, '0');
}

/** Returns the number before a sequence number, so that "at" can be read as "after". */
export function previousSequence(sequence: string): string {
  return (BigInt(sequence) - 1n).toString().padStart(SEQUENCE_ZERO.length, '0');
}
