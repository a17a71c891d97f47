// What each key of a running tail does: the display, the filter question, the ledger.
import { CliError } from '../../errors.js';
import { editLine } from '../edit-line.js';
import { sanitize } from '../sanitize.js';
import { alignRows } from '../table.js';
import type { Terminal } from '../terminal.js';
import { firstThatFits } from '../width.js';
import type { TailDisplay } from './display.js';
import { type Keyboard, openKeyboard } from './keyboard.js';
import { KEY_HELP, type KeyEffect } from './keys.js';

export interface InteractiveOptions {
  readonly terminal: Terminal;
  readonly display: TailDisplay;
  /** The filter patterns in force. */
  readonly patterns: () => readonly string[];
  /** Puts patterns in force, given as one line. Throws a CliError when they cannot be. */
  readonly applyFilter: (line: string) => void;
  /** Checks patterns without putting them in force: true, or what is wrong. */
  readonly checkFilter: (line: string) => true | string;
  /** The lines that show the ledger and the shards now, on so many columns. */
  readonly ledger: (width: number) => readonly string[];
  readonly quit: () => void;
  readonly signal: AbortSignal;
}

/** Starts listening to keys; closing gives the terminal back. */
export function startInteractive(options: InteractiveOptions): Pick<Keyboard, 'close'> {
  const { terminal, display } = options;
  const keyboard = openKeyboard(terminal, act);
  // Ends a question that is still open when the tail ends.
  const closing = new AbortController();

  function act(effect: KeyEffect): void {
    switch (effect) {
      case 'pause':
        display.pause({ status: true });
        return;
      case 'resume':
        display.resume();
        return;
      case 'clear':
        display.clear();
        return;
      case 'showLedger':
        display.aside(options.ledger(terminal.errColumns));
        return;
      case 'showKeys':
        display.aside(keyLines(terminal));
        return;
      case 'editFilter':
        void editFilter();
        return;
      case 'quit':
        options.quit();
        return;
    }
  }

  async function editFilter(): Promise<void> {
    keyboard.suspend();
    const wasPaused = display.isPaused;
    display.pause({ status: false });
    try {
      const line = await editLine(
        terminal,
        {
          message: 'filter (Lambda patterns, empty for none, Esc leaves it):',
          line: options.patterns().join(' '),
          validate: options.checkFilter,
        },
        AbortSignal.any([options.signal, closing.signal]),
      );
      options.applyFilter(line);
      display.aside([terminal.err.dim(filterLine(options.patterns()))]);
    } catch (error) {
      // Ctrl-C in the question takes back the question, not the tail.
      if (!(error instanceof CliError)) throw error;
      display.aside([terminal.err.dim('· the filter stays as it was')]);
    } finally {
      if (wasPaused) display.pause({ status: true });
      else display.resume();
      keyboard.listen();
    }
  }

  return {
    close() {
      closing.abort();
      keyboard.close();
    },
  };
}

/** The one line of keys after the ready line. */
export function keyHint(terminal: Terminal): string {
  return terminal.err.dim(firstThatFits(KEY_HINTS, terminal.errColumns));
}

const KEY_HINTS = [
  '  space pauses · f edits the filter · s shows the ledger · q quits · ? lists the keys',
  '  space pauses · f filter · s ledger · q quits · ? keys',
  '  space pauses · q quits · ? keys',
  '  ? lists the keys',
];

function keyLines(terminal: Terminal): string[] {
  return alignRows(
    KEY_HELP.map(([key, meaning]) => [terminal.err.bold(key), terminal.err.dim(meaning)]),
    { indent: 2 },
  );
}

function filterLine(patterns: readonly string[]): string {
  return patterns.length === 0 ? '· no filter' : `· filter ${patterns.map(sanitize).join(' or ')}`;
}
