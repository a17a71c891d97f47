// Runs the command line in process over in-memory streams, as a shell would see it.
import { EventEmitter } from 'node:events';
import { Readable, Writable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { main } from '../../src/cli.js';

export interface CliResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** Called with what was written so far, on every write; `signal` sends a Ctrl-C, or the one that is named. */
  readonly onOutput?: (
    output: { stdout: string; stderr: string },
    signal: (name?: 'SIGINT' | 'SIGTERM') => void,
  ) => void;
  /** What every write to stdout fails with. */
  readonly stdoutError?: Error;
}

export async function runCli(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  const text = { stdout: '', stderr: '' };
  const signals = new EventEmitter();
  const sink = (name: 'stdout' | 'stderr'): Writable =>
    new Writable({
      write(chunk, _encoding, callback) {
        if (name === 'stdout' && options.stdoutError !== undefined) {
          callback(options.stdoutError);
          return;
        }
        text[name] += String(chunk);
        options.onOutput?.({ ...text }, (signal = 'SIGINT') => signals.emit(signal));
        callback();
      },
    });
  const host = {
    argv: ['node', 'ddbcdc', ...args],
    env: options.env ?? {},
    stdin: Readable.from([]),
    stdout: sink('stdout'),
    stderr: sink('stderr'),
    exitCode: undefined as number | undefined,
    cwd: () => options.cwd ?? process.cwd(),
    on: (event: string, listener: () => void) => signals.on(event, listener),
    off: (event: string, listener: () => void) => signals.off(event, listener),
  };
  await main(host);
  // A process ends when its streams have: the last write may fail after the command is done.
  await setImmediate();
  return { exitCode: host.exitCode ?? 0, ...text };
}
