// The only way to the terminal: stdout for data and results, stderr for everything a person reads on the side.
// Decides colour once per stream. Knows nothing of commands.
import type { Readable, Writable } from 'node:stream';
import { Chalk, type ChalkInstance } from 'chalk';
import { sanitizeJson } from './sanitize.js';

/** A stdio stream as far as a terminal needs to know it; a `tty.WriteStream`, or a plain stream in tests. */
export type OutputStream = Writable & { readonly isTTY?: boolean; readonly columns?: number };
export type InputStream = Readable & { readonly isTTY?: boolean; setRawMode?(on: boolean): unknown };

export interface TerminalOptions {
  readonly stdin: InputStream;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `--json`: stdout carries JSON only, and nothing is asked. */
  readonly json: boolean;
  /** `--no-color`. */
  readonly noColor: boolean;
}

export interface Terminal {
  readonly json: boolean;
  readonly stdin: InputStream;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  /** Colours for text that goes to stdout. */
  readonly out: ChalkInstance;
  /** Colours for text that goes to stderr. */
  readonly err: ChalkInstance;
  /** True when a person can be asked: stdin and stderr are TTYs, and not `--json` and not CI. */
  readonly canPrompt: boolean;
  /** Width of stdout in columns; 80 when it is not a TTY, or does not know. */
  readonly columns: number;
  /** The same of stderr. */
  readonly errColumns: number;
  /** Writes one line to stdout. Resolves when the stream can take more: await it in loops. */
  print(line: string): Promise<void>;
  /**
   * Writes one line to stdout. Resolves when the operating system has it, so that a kill cannot take it back. Rejects
   * when it does not take it: the reader went away, the disk is full.
   */
  commit(line: string): Promise<void>;
  /** As `commit`, of bytes as they are: once it resolves they may be written over. */
  pass(bytes: Uint8Array): Promise<void>;
  /** Writes one JSON document, on one line, to stdout; on a TTY without characters that the terminal would obey. */
  printJson(value: unknown): Promise<void>;
  /** Writes one line to stderr. */
  note(line: string): void;
  /** Writes one JSON document to stderr, as `printJson` does to stdout. */
  noteJson(value: unknown): void;
}

/** Colour level of one stream, in the order `--no-color`, NO_COLOR, FORCE_COLOR, TERM=dumb, TTY. */
export function colorLevel(
  stream: OutputStream,
  env: TerminalOptions['env'],
  noColor: boolean,
): 0 | 1 | 2 | 3 {
  if (noColor) return 0;
  // https://no-color.org: present and not empty.
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return 0;
  if (env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '') {
    if (env.FORCE_COLOR === '0' || env.FORCE_COLOR === 'false') return 0;
    if (env.FORCE_COLOR === '2') return 2;
    return env.FORCE_COLOR === '3' ? 3 : 1;
  }
  if (env.TERM === 'dumb') return 0;
  return stream.isTTY === true ? 1 : 0;
}

export function createTerminal(options: TerminalOptions): Terminal {
  const { stdin, stdout, stderr, env, json, noColor } = options;
  function print(line: string): Promise<void> {
    if (stdout.destroyed || !stdout.writable || stdout.write(`${line}\n`)) return Promise.resolve();
    // A reader that goes away while we wait for it never drains: `close` ends the wait too.
    return new Promise((resolve) => {
      const done = (): void => {
        stdout.off('drain', done);
        stdout.off('close', done);
        resolve();
      };
      stdout.on('drain', done);
      stdout.on('close', done);
    });
  }
  function pass(chunk: string | Uint8Array): Promise<void> {
    if (stdout.destroyed || !stdout.writable) return Promise.reject(new Error('stdout is closed'));
    // On a full pipe Node keeps up to 16 kB in the process although `write` returns true: only the callback tells.
    return new Promise((resolve, reject) => {
      stdout.write(chunk, (error) => (error ? reject(error) : resolve()));
    });
  }
  function note(line: string): void {
    if (stderr.writable) stderr.write(`${line}\n`);
  }
  return {
    json,
    stdin,
    stdout,
    stderr,
    out: new Chalk({ level: colorLevel(stdout, env, noColor) }),
    err: new Chalk({ level: colorLevel(stderr, env, noColor) }),
    canPrompt: !json && stdin.isTTY === true && stderr.isTTY === true && !env.CI,
    get columns() {
      return columnsOf(stdout);
    },
    get errColumns() {
      return columnsOf(stderr);
    },
    print,
    commit: (line) => pass(`${line}\n`),
    pass,
    printJson: (value) => print(jsonFor(stdout, value)),
    note,
    noteJson: (value) => note(jsonFor(stderr, value)),
  };
}

const DEFAULT_COLUMNS = 80;

/** A terminal that was never given a size (`script`, some containers) says 0. */
function columnsOf({ columns }: OutputStream): number {
  return columns === undefined || columns === 0 ? DEFAULT_COLUMNS : columns;
}

/** Programs get the bytes as they are; only a terminal obeys control characters. */
function jsonFor(stream: OutputStream, value: unknown): string {
  const json = JSON.stringify(value);
  return stream.isTTY === true ? sanitizeJson(json) : json;
}
