// argv and streams in, exit code out: signals, a closed stdout, and errors turned into text and an exit code.
import { setMaxListeners } from 'node:events';
import { getSystemErrorMap } from 'node:util';
import { CliError, EXIT } from './errors.js';
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
  let isStdoutClosed = false;
  let stdoutError: CliError | undefined;
  let isOver = false;
  const onStdoutError = (error: NodeJS.ErrnoException): void => {
    // `| head` closes stdout: the reader has what it wanted, so stop quietly. Anything else loses what was to be read.
    isStdoutClosed ||= error.code === 'EPIPE';
    const isFirst = stdoutError === undefined;
    if (!isStdoutClosed) stdoutError ??= unwritable(error);
    abort.abort();
    // The last write of a command fails when the command is done.
    if (isOver && isFirst && stdoutError !== undefined) host.exitCode = renderError(stdoutError, terminal);
  };
  host.on('SIGINT', onInt);
  host.on('SIGTERM', onTerm);
  host.stdout.on('error', onStdoutError);
  // What is said on the side must not end the work, and there is nowhere left to complain.
  host.stderr.on('error', () => {});

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
    const exitCode = await buildProgram(context).run(args);
    // A command ends in order on either signal; only Ctrl-C is a person who has seen enough.
    const isTerminated = signalExit === EXIT.terminated && ENDED_BY_SIGNAL.includes(exitCode);
    host.exitCode = isTerminated ? EXIT.terminated : exitCode;
  } catch (error) {
    if (signalExit !== undefined && isAbort(error)) host.exitCode = signalExit;
    else if (isStdoutClosed && isAbort(error)) host.exitCode = EXIT.done;
    else if (stdoutError === undefined) host.exitCode = renderError(knownError(error) ?? error, terminal);
  } finally {
    isOver = true;
    host.off('SIGINT', onInt);
    host.off('SIGTERM', onTerm);
  }
  if (stdoutError !== undefined) host.exitCode = renderError(stdoutError, terminal);
  // What a stdout that nobody reads has not taken by now would keep an interrupted process alive for ever.
  if (signalExit !== undefined && host.stdout.writableLength > 0) process.exit(host.exitCode ?? signalExit);
}

/** What a command returns that a signal ended; a failure keeps its own code. */
const ENDED_BY_SIGNAL: readonly number[] = [EXIT.done, EXIT.interrupted];

const NO_ROOM = ['ENOSPC', 'EDQUOT'];

function unwritable(error: NodeJS.ErrnoException): CliError {
  const text = getSystemErrorMap().get(error.errno ?? 0)?.[1] ?? error.message;
  return new CliError('stdout.write', `stdout could not be written: ${text}`, {
    ...(NO_ROOM.includes(error.code ?? '') ? { hint: 'make room, then run the command again' } : {}),
    cause: error,
  });
}
