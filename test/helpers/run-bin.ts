// Runs the built command line as a process of its own, as a user does.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const BIN = fileURLToPath(new URL('../../bin/ddbcdc.js', import.meta.url));

export interface BinResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface BinOptions {
  readonly cwd: string;
  /** Another executable than this checkout's, such as an installed one. */
  readonly bin?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Called with everything on stdout so far. */
  readonly onStdout?: (text: string, kill: (signal: NodeJS.Signals) => void) => void;
}

/** No target, region or colour of the machine that runs the tests may reach the command. */
function cleanEnvironment(): Record<string, string> {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(AWS_|DDBCDC_|NO_COLOR|FORCE_COLOR|CI$)/.test(name),
  );
  return Object.fromEntries(kept.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

export async function runBin(args: readonly string[], options: BinOptions): Promise<BinResult> {
  const child = spawn(process.execPath, [options.bin ?? BIN, ...args], {
    cwd: options.cwd,
    env: { ...cleanEnvironment(), ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    options.onStdout?.(stdout, (signal) => child.kill(signal));
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  return { exitCode, stdout, stderr };
}

/** The one JSON document that a finite command prints. */
export function parseDocument(result: BinResult): Record<string, unknown> {
  return JSON.parse(result.stdout) as Record<string, unknown>;
}

/** Every line of JSON Lines. */
export function parseLines(result: BinResult): Record<string, unknown>[] {
  return result.stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

export interface TemporaryProject extends AsyncDisposable {
  readonly folder: string;
}

/** An empty folder whose engine is stopped, and which is removed, at the end. */
export async function temporaryProject(): Promise<TemporaryProject> {
  const folder = await mkdtemp(join(tmpdir(), 'ddbcdc-test-'));
  return {
    folder,
    async [Symbol.asyncDispose]() {
      await runBin(['local', 'stop'], { cwd: folder });
      await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
    },
  };
}
