// Runs this command line as a user's shell would: a new process for each command, in one folder, against the embedded
// engine whatever the environment says.
import { spawn } from 'node:child_process';
import { CliError } from '../errors.js';
import { commandLineFile } from '../package-files.js';

export interface ShellOptions {
  readonly folder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  /** Receives what a command writes to stdout and stderr, as it comes. */
  readonly onOutput: (text: string) => void;
}

export interface Shell {
  /** Runs a command for its output. Throws `demo.stepFailed` when it exits with anything but 0. */
  show(args: readonly string[]): Promise<void>;
  /** Runs a command with `--json` and gives its stdout, a value a line. */
  read(args: readonly string[]): Promise<Record<string, unknown>[]>;
}

export function createShell(options: ShellOptions): Shell {
  async function run(args: readonly string[], onStdout: (text: string) => void): Promise<void> {
    const child = spawn(process.execPath, [commandLineFile(), ...args], {
      cwd: options.folder,
      env: { ...options.env, DDBCDC_TARGET: 'local', DDBCDC_DATA_DIR: '' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let complaint = '';
    child.stdout.setEncoding('utf8').on('data', onStdout);
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaint = (complaint + text).slice(-2_000);
      if (!args.includes('--json')) options.onOutput(text);
    });
    const stop = (): void => void child.kill('SIGINT');
    options.signal.addEventListener('abort', stop, { once: true });
    const exitCode = await new Promise<number>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code) => resolve(code ?? 1));
    }).finally(() => options.signal.removeEventListener('abort', stop));
    options.signal.throwIfAborted();
    if (exitCode !== 0) {
      throw new CliError('demo.stepFailed', `ddbcdc ${args.join(' ')} ended with exit code ${exitCode}`, {
        hint: complaint.trim().split('\n').at(-1) ?? 'run it by itself to see why',
      });
    }
  }
  return {
    show: (args) => run(args, options.onOutput),
    async read(args) {
      let text = '';
      await run([...args, '--json'], (part) => {
        text += part;
      });
      // Our own command wrote it: every line is one JSON object.
      return text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Record<string, unknown>);
    },
  };
}
