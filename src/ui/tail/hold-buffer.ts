// Lines held back while the display is paused. Bounded: when it is full the reader is made to wait, so that memory stays
// flat and nothing is lost, because DynamoDB keeps what is not read yet.
import type { TailLine } from './render-event.js';

export interface HoldBuffer {
  /** Changes held back, which is the number shown; a change may have several lines. */
  readonly changes: number;
  readonly isFull: boolean;
  hold(lines: readonly TailLine[], isChange: boolean): void;
  /** Gives everything back in order, and is empty. */
  release(): TailLine[];
}

export interface HoldLimits {
  readonly changes: number;
  readonly characters: number;
}

export const HOLD_LIMITS: HoldLimits = { changes: 50_000, characters: 16_000_000 };

export function createHoldBuffer(limits: HoldLimits = HOLD_LIMITS): HoldBuffer {
  let held: TailLine[] = [];
  let changes = 0;
  let characters = 0;
  return {
    get changes() {
      return changes;
    },
    get isFull() {
      return changes >= limits.changes || characters >= limits.characters;
    },
    hold(lines, isChange) {
      for (const line of lines) {
        held.push(line);
        characters += line.text.length;
      }
      if (isChange) changes++;
    },
    release() {
      const released = held;
      held = [];
      changes = 0;
      characters = 0;
      return released;
    },
  };
}
