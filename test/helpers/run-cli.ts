// Runs the command line in process over in-memory streams, as a shell would see it.
import { EventEmitter } from 'node:events';
import { Readable, Writable } from 'node:stream';
import { main } from '../../src/cli.js';

export interface CliResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** Called with what was written so far, on every write; `interrupt` sends a Ctrl-C. */
  readonly onOutput?: (output: { stdout: string; stderr: string }, interrupt: () => void) => void;
}

export async function runCli(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  const text = { stdout: '', stderr: '' };
  const signals = new EventEmitter();
  const sink = (name: 'stdout' | 'stderr'): Writable =>
    new Writable({
      write(chunk, _encoding, callback) {
        text[name] += String(chunk);
        options.onOutput?.({ ...text }, () => signals.emit('SIGINT'));
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
  return { exitCode: host.exitCode ?? 0, ...text };
}
