// How fast a backlog is read: the tail's pipeline from the response body to JSON Lines, against the loop that people
// write with the SDK, in turn in one run, over a loopback server of canned pages. Every run is a process of its own.
import { type ChildProcess, fork } from 'node:child_process';
import { CliError } from '../../errors.js';
import { compiledFile } from '../../package-files.js';
import { RECORDS_A_PAGE } from './canned-pages.js';
import type { WorkerResult } from './worker.js';

export interface IngestOptions {
  /** Records in the backlog; rounded to whole pages of 1,000. */
  readonly records: number;
  /** How often each reader runs; its best run counts. */
  readonly rounds: number;
  readonly signal: AbortSignal;
}

export interface ReaderFigures {
  readonly recordsPerSecond: number;
  readonly elapsedMs: number;
  /** The process's largest resident set, Node itself included. */
  readonly peakMemoryMb: number;
}

export interface IngestResult {
  readonly records: number;
  readonly tail: ReaderFigures;
  /** GetRecords, unmarshall, JSON.stringify. */
  readonly sdk: ReaderFigures;
  /** Records a second of the tail over those of the loop. */
  readonly speedup: number;
}

/** Throws `bench.ingest` when a reader fails or loses a record. */
export async function benchIngest({ records, rounds, signal }: IngestOptions): Promise<IngestResult> {
  const backlog = Math.max(1, Math.round(records / RECORDS_A_PAGE)) * RECORDS_A_PAGE;
  const server = forkFile('server.js', [String(backlog)], signal);
  try {
    const { port } = await firstMessage<{ port: number }>(server);
    const endpoint = `http://127.0.0.1:${port}`;
    const tail: WorkerResult[] = [];
    const sdk: WorkerResult[] = [];
    for (let round = 0; round < rounds; round += 1) {
      tail.push(await runReader('tail', endpoint, backlog, signal));
      sdk.push(await runReader('sdk', endpoint, backlog, signal));
    }
    const best = { tail: figures(tail), sdk: figures(sdk) };
    return { records: backlog, ...best, speedup: best.tail.recordsPerSecond / best.sdk.recordsPerSecond };
  } finally {
    server.kill();
  }
}

async function runReader(
  reader: 'tail' | 'sdk',
  endpoint: string,
  backlog: number,
  signal: AbortSignal,
): Promise<WorkerResult> {
  const result = await firstMessage<WorkerResult>(forkFile('worker.js', [endpoint, reader], signal));
  if (result.records === backlog) return result;
  throw new CliError('bench.ingest', `The ${reader} reader saw ${result.records} of ${backlog} records`);
}

function figures(runs: readonly WorkerResult[]): ReaderFigures {
  const elapsedMs = Math.min(...runs.map((run) => run.elapsedMs));
  const records = runs[0]?.timedRecords ?? 0;
  return {
    recordsPerSecond: Math.round(records / (elapsedMs / 1_000)),
    elapsedMs: Math.round(elapsedMs),
    peakMemoryMb: Math.round(Math.max(...runs.map((run) => run.peakRssBytes)) / 1_048_576),
  };
}

function forkFile(name: string, args: readonly string[], signal: AbortSignal): ChildProcess {
  return fork(compiledFile(`bench/ingest/${name}`), args, {
    signal,
    env: { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
  });
}

/** The first message of a child; rejects when it ends without one. */
function firstMessage<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    // A cast at a process boundary: the children are this folder's own.
    child.once('message', (message) => resolve(message as T));
    child.once('error', reject);
    child.once('exit', (code) => reject(new CliError('bench.ingest', `A reader ended with code ${code}`)));
  });
}
