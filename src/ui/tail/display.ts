// What a running tail writes, and holding it back while the display is paused or a question stands on the screen.
import { fold } from '../fold.js';
import { formatCount, plural } from '../format.js';
import type { Terminal } from '../terminal.js';
import { firstThatFits } from '../width.js';
import { createHoldBuffer, HOLD_LIMITS, type HoldLimits } from './hold-buffer.js';
import { createLineWriter } from './line-writer.js';
import type { TailLine } from './render-event.js';

export interface TailDisplay {
  /** Shows or holds the lines of one event. A promise means: read on only when it resolves; rejects when they are lost. */
  show(lines: readonly TailLine[], isChange: boolean): Promise<void> | undefined;
  /** Writes whole lines as they are, where nobody pauses. Read on when it resolves: the bytes are free then. */
  pass(lines: Uint8Array): Promise<void>;
  /** Holds lines back. With `status` a line at the bottom counts them; without, the screen is left alone. */
  pause(options: { readonly status: boolean }): void;
  resume(): void;
  readonly isPaused: boolean;
  /** Writes to stderr at once, also while paused. */
  aside(lines: readonly string[]): void;
  /** Empties the screen; what is held back stays. */
  clear(): void;
  /** Shows what is held back and resolves when everything is written. */
  close(): Promise<void>;
}

/** How often the count of a paused display is drawn again. */
const STATUS_INTERVAL_MS = 100;
const ERASE_LINE = '\r\u001b[2K';
const CLEAR_SCREEN = '\u001b[2J\u001b[3J\u001b[H';

export interface DisplayOptions {
  /** Writes every event out before the next is taken: with a checkpoint, what counts as taken must be out. */
  readonly immediate?: boolean;
  readonly limits?: HoldLimits;
}

export function createDisplay(terminal: Terminal, options: DisplayOptions = {}): TailDisplay {
  const { immediate = false, limits } = options;
  const writer = createLineWriter(terminal, immediate);
  // Held back means not shown: the reader waits then, and the checkpoint with it.
  const held = createHoldBuffer(immediate ? { ...HOLD_LIMITS, ...limits, changes: 1 } : limits);
  let paused: { readonly status: boolean } | undefined;
  let statusTimer: NodeJS.Timeout | undefined;
  let statusShown = false;
  let waiting: Deferred | undefined;

  function write(lines: readonly TailLine[]): Promise<void> | undefined {
    let behind: Promise<void> | undefined;
    for (const { stream, text } of lines) {
      if (stream === 'out') behind = writer.write(text);
      else {
        // In order with what stands before it, when both are one terminal.
        void writer.flush();
        note(text);
      }
    }
    return immediate ? writer.flush() : behind;
  }

  /** A person gets long lines folded between words, a log file gets them as they are. */
  function note(text: string): void {
    const { stderr, errColumns } = terminal;
    for (const line of stderr.isTTY === true ? fold(text, errColumns) : [text]) terminal.note(line);
  }

  function eraseStatus(): void {
    if (statusShown) terminal.stderr.write(ERASE_LINE);
    statusShown = false;
  }

  function drawStatus(): void {
    statusTimer = undefined;
    if (paused?.status !== true) return;
    const { err } = terminal;
    // A line as wide as the terminal wraps, and what is erased then is its last row only.
    const width = terminal.errColumns - 1;
    const text = held.isFull
      ? err.yellow(firstThatFits(fullTexts(held.changes), width))
      : err.cyan(firstThatFits(pausedTexts(held.changes), width));
    terminal.stderr.write(`${ERASE_LINE}${text}`);
    statusShown = true;
  }

  function resume(): void {
    if (paused === undefined) return;
    paused = undefined;
    clearTimeout(statusTimer);
    statusTimer = undefined;
    eraseStatus();
    void write(held.release());
    waiting?.resolve();
    waiting = undefined;
  }

  return {
    get isPaused() {
      return paused !== undefined;
    },
    show(lines, isChange) {
      if (paused === undefined) return write(lines);
      held.hold(lines, isChange);
      if (paused.status) statusTimer ??= setTimeout(drawStatus, STATUS_INTERVAL_MS);
      if (!held.isFull) return undefined;
      waiting ??= deferred();
      return waiting.promise;
    },
    pass: (lines) => writer.pass(lines),
    pause(mode) {
      void writer.flush();
      paused = mode;
      if (mode.status) drawStatus();
      else eraseStatus();
    },
    resume,
    aside(lines) {
      void writer.flush();
      const redraw = statusShown;
      eraseStatus();
      for (const line of lines) note(line);
      if (redraw) drawStatus();
    },
    clear() {
      void writer.flush();
      terminal.stdout.write(CLEAR_SCREEN);
      if (statusShown) drawStatus();
    },
    async close() {
      resume();
      // Whoever waited for the lines was told already.
      await writer.flush().catch(() => {});
    },
  };
}

/** What the status line says of changes that are held back, the longest first. */
function pausedTexts(changes: number): string[] {
  const text = `· paused, ${formatCount(changes)} held back`;
  return [`${text} · space resumes`, text, `· paused, ${formatCount(changes)}`];
}

function fullTexts(changes: number): string[] {
  return [
    `! paused, ${plural(changes, 'change')} held back: reading waits now, space resumes`,
    `! paused, ${formatCount(changes)} held back: reading waits`,
    `! paused, ${formatCount(changes)}: full`,
  ];
}

interface Deferred {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
}

/** `Promise.withResolvers`, which Node 20 lacks. */
function deferred(): Deferred {
  let resolve = (): void => {};
  const promise = new Promise<void>((fulfil) => {
    resolve = fulfil;
  });
  return { promise, resolve };
}
