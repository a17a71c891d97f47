// A terminal over in-memory streams, for tests of what a renderer writes.
import { PassThrough, Writable } from 'node:stream';
import { createTerminal, type Terminal } from '../../src/ui/terminal.js';

export interface TestTerminal {
  readonly terminal: Terminal;
  /** What was written so far. */
  readonly text: { stdout: string; stderr: string };
  readonly stdin: PassThrough & { isTTY: boolean; isRaw: boolean };
}

export interface TestTerminalOptions {
  /** Which streams are TTYs; default none. */
  readonly tty?: boolean;
  readonly json?: boolean;
  readonly columns?: number;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Called after every write. */
  readonly onWrite?: (text: { stdout: string; stderr: string }) => void;
}

export function makeTerminal(options: TestTerminalOptions = {}): TestTerminal {
  const { tty = false, json = false, columns = 80, env = {}, onWrite } = options;
  const text = { stdout: '', stderr: '' };
  const sink = (name: 'stdout' | 'stderr') =>
    Object.assign(
      new Writable({
        write(chunk, _encoding, callback) {
          text[name] += String(chunk);
          onWrite?.(text);
          callback();
        },
      }),
      // ora asks a TTY for these.
      { isTTY: tty, columns, cursorTo: () => true, clearLine: () => true, moveCursor: () => true },
    );
  const stdin = Object.assign(new PassThrough(), {
    isTTY: tty,
    isRaw: false,
    setRawMode(on: boolean): void {
      stdin.isRaw = on;
    },
  });
  const terminal = createTerminal({
    stdin,
    stdout: sink('stdout'),
    stderr: sink('stderr'),
    env: { NO_COLOR: '1', ...env },
    json,
    noColor: false,
  });
  return { terminal, text, stdin };
}
