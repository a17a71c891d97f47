// argv and streams in, exit code out: signals, a closed stdout, and errors turned into text and an exit code.
import { setMaxListeners } from 'node:events';
import { EXIT } from './errors.js';
import { buildProgram } from './program.js';
import { isAbort, knownError } from './target/translate-error.js';
import { renderError } from './ui/error.js';
import { createTerminal, type InputStream, type OutputStream } from './ui/terminal.js';

/** The parts of `process` that a run needs; tests pass their own. */
export interface ProcessLike {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: InputStream;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  exitCode?: number | string | null | undefined;
  cwd(): string;
  on(event: 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
  off(event: 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
}

/** Runs one command and sets `process.exitCode`. Never calls `process.exit`, so that pipes are drained. */
export async function main(host: ProcessLike): Promise<void> {
  const abort = new AbortController();
  // Every request in flight listens: many at once are no leak.
  setMaxListeners(0, abort.signal);
  let signalExit: number | undefined;
  const onSignal = (exitCode: number) => (): void => {
    if (abort.signal.aborted && signalExit !== undefined) process.exit(exitCode); // a second Ctrl-C does not wait
    signalExit = exitCode;
    abort.abort();
  };
  const onInt = onSignal(EXIT.interrupted);
  const onTerm = onSignal(EXIT.terminated);
  // `| head` closes stdout: the reader has what it wanted, so stop quietly.
  const onStdoutError = (error: NodeJS.ErrnoException): void => {
    if (error.code !== 'EPIPE') throw error;
    abort.abort();
  };
  host.on('SIGINT', onInt);
  host.on('SIGTERM', onTerm);
  host.stdout.on('error', onStdoutError);

  const args = host.argv.slice(2);
  const terminal = createTerminal({
    stdin: host.stdin,
    stdout: host.stdout,
    stderr: host.stderr,
    env: host.env,
    json: args.includes('--json'),
    noColor: args.includes('--no-color'),
  });
  try {
    const context = { cwd: host.cwd(), env: host.env, terminal, signal: abort.signal, now: Date.now };
    host.exitCode = await buildProgram(context).run(args);
  } catch (error) {
    if (signalExit !== undefined && isAbort(error)) host.exitCode = signalExit;
    else host.exitCode = renderError(knownError(error) ?? error, terminal);
  } finally {
    host.off('SIGINT', onInt);
    host.off('SIGTERM', onTerm);
  }
}
