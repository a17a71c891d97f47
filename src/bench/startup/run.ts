// How fast the command line answers: `ddbcdc --help` against a bare `node -e 0`, in turn in one run, and a cold start of
// the embedded engine, from the command to an engine that serves.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { CliError } from '../../errors.js';
import { commandLineFile } from '../../package-files.js';
import { type Summary, summarize } from '../statistics.js';

export interface StartupOptions {
  readonly runs: number;
  readonly signal: AbortSignal;
}

export interface StartupResult {
  readonly bareNodeMs: Summary;
  readonly helpMs: Summary;
  /** Median of `--help` over median of bare node. */
  readonly helpToBareNode: number;
  /** From `ddbcdc local start` in an empty folder to its end, when the engine serves. */
  readonly engineStartMs: Summary;
}

export async function benchStartup({ runs, signal }: StartupOptions): Promise<StartupResult> {
  const bare: number[] = [];
  const help: number[] = [];
  const engine: number[] = [];
  for (let run = 0; run <= runs; run += 1) {
    const bareMs = await timeProcess(['-e', '0'], signal);
    const helpMs = await timeProcess([commandLineFile(), '--help'], signal);
    // The first round only warms the file cache.
    if (run > 0) bare.push(bareMs);
    if (run > 0) help.push(helpMs);
  }
  for (let run = 0; run < Math.min(runs, ENGINE_RUNS); run += 1) engine.push(await timeEngineStart(signal));
  const bareNodeMs = measured(bare);
  const helpMs = measured(help);
  return { bareNodeMs, helpMs, helpToBareNode: helpMs.p50 / bareNodeMs.p50, engineStartMs: measured(engine) };
}

const ENGINE_RUNS = 5;

async function timeEngineStart(signal: AbortSignal): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'ddbcdc-bench-'));
  const local = (verb: string): string[] => [
    commandLineFile(),
    'local',
    verb,
    '--data-dir',
    join(folder, 'data'),
  ];
  try {
    return await timeProcess(local('start'), signal);
  } finally {
    await timeProcess(local('stop'), new AbortController().signal).catch(() => {});
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function timeProcess(args: readonly string[], signal: AbortSignal): Promise<number> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, args, { stdio: 'ignore', signal });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', resolve);
  });
  if (code !== 0) {
    throw new CliError('bench.processFailed', `node ${args.join(' ')} ended with exit code ${code}`);
  }
  return performance.now() - startedAt;
}

function measured(sample: readonly number[]): Summary {
  const summary = summarize(sample);
  if (summary === undefined) throw new CliError('bench.noRuns', 'the startup stage needs at least one run');
  return summary;
}
