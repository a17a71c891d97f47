// One warm child process of a function, as Lambda's execution environment: started cold, serves one invocation at a
// time, is killed at a time-out, when it takes more memory than the function has, or when it is no longer wanted.
import { type ChildProcess, spawn } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import type { Duplex, Readable, Writable } from 'node:stream';
import { compiledFile } from '../../../package-files.js';
import type { FunctionRecord } from '../function-record.js';
import { type ChildPlace, childFlags, childVariables } from './child-environment.js';
import { describeExit } from './conclusion.js';
import { encodeRequest, FRAME, type FunctionFailure, frameReader, type InvocationHeader } from './frames.js';
import { residentBytes } from './resident-memory.js';

const INIT_LIMIT_MS = 10_000;
const MEMORY_CHECK_MS = 200;
const MEGABYTE = 1024 * 1024;
/** Output that comes later than this after the end of the process is from something that outlived it. */
const LATE_OUTPUT_MS = 500;
const OWN_GROUP = process.platform !== 'win32';

/** How one invocation ended. */
export type ChildOutcome =
  | { readonly type: 'result'; readonly payload: Uint8Array }
  | { readonly type: 'failure'; readonly failure: FunctionFailure; readonly payload?: Uint8Array }
  | { readonly type: 'timeout' }
  | { readonly type: 'stopped' };

export interface ExecutionEnvironmentOptions {
  readonly record: FunctionRecord;
  readonly place: ChildPlace;
  /** Log events of the function, in order. */
  readonly onLog: (messages: string[]) => void;
}

export class ExecutionEnvironment {
  /** Known once the handler is loaded. */
  initDurationMs: number | undefined;
  /** When the handler was loaded, by `performance.now`: an invocation that waited for that has run since then only. */
  readyAt: number | undefined;
  maxMemoryUsedMb = 0;
  /** False once the process is gone or going. */
  usable = true;
  readonly record: FunctionRecord;
  readonly logStream: string;
  readonly exited: Promise<void>;
  readonly #child: ChildProcess;
  readonly #startedAt = performance.now();
  readonly #ready: Promise<void>;
  #onReady: () => void = () => undefined;
  #settle: ((outcome: ChildOutcome) => void) | undefined;
  #fatal: ChildOutcome | undefined;
  #stopped = false;
  #outOfMemory = false;
  #timedOut = false;

  constructor(private readonly options: ExecutionEnvironmentOptions) {
    const { record, place } = options;
    this.record = record;
    this.logStream = place.logStream;
    this.#child = spawn(
      process.execPath,
      [...childFlags(record.settings.memorySize), compiledFile('local/functions/runtime/runner.js')],
      {
        cwd: place.taskRoot,
        env: childVariables(record, place),
        // Its own pipes for requests, answers and the lifeline: see frames.ts.
        stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe', 'pipe'],
        // A process group of its own: what the function starts ends with it.
        detached: OWN_GROUP,
        windowsHide: true,
      },
    );
    this.#ready = new Promise((resolve) => {
      this.#onReady = resolve;
    });
    this.#requests.on('error', () => undefined);
    this.#pipe(5).on('error', () => undefined);
    this.#answers.on('error', () => undefined);
    this.#answers.on('data', this.#batchedFrames());
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      // Only what native code or a grandchild writes comes here: the runner sends console and stream writes as frames.
      stream?.on('data', (chunk: Buffer) => options.onLog(splitLines(chunk.toString())));
      stream?.on('error', () => undefined);
    }
    this.exited = new Promise((resolve) => {
      this.#child.once('error', (error) => {
        this.#end({
          errorType: 'Runtime.ExitError',
          errorMessage: `The child process cannot start: ${error.message}`,
        });
        resolve();
      });
      this.#child.once('exit', () => {
        this.#killGroup();
        setTimeout(() => {
          for (const stream of this.#child.stdio) stream?.destroy();
        }, LATE_OUTPUT_MS).unref();
      });
      // `close`, not `exit`: what the process wrote before it ended must be in the log first.
      this.#child.once('close', (code, signal) => {
        this.#end({
          errorType: this.#outOfMemory ? 'Runtime.OutOfMemory' : 'Runtime.ExitError',
          errorMessage: describeExit(code, signal),
        });
        resolve();
      });
    });
  }

  /** Runs one event. Never rejects; the environment must not be busy. */
  async invoke(header: Omit<InvocationHeader, 'deadline'>, event: Uint8Array): Promise<ChildOutcome> {
    const timeoutMs = this.record.settings.timeout * 1000;
    let timer = setTimeout(() => this.#timeOut(), Math.max(INIT_LIMIT_MS, timeoutMs));
    const ended = new Promise<ChildOutcome>((resolve) => {
      this.#settle = resolve;
    });
    if (this.#fatal !== undefined) this.#settle?.(this.#fatal);
    const memory = setInterval(() => void this.#checkMemory(), MEMORY_CHECK_MS);
    try {
      const early = await Promise.race([this.#ready, ended]);
      if (early !== undefined) return early;
      clearTimeout(timer);
      timer = setTimeout(() => this.#timeOut(), timeoutMs);
      this.#requests.write(encodeRequest({ ...header, deadline: Date.now() + timeoutMs }, event));
      return await ended;
    } finally {
      clearTimeout(timer);
      clearInterval(memory);
      this.#settle = undefined;
    }
  }

  /** Kills the process. A running invocation ends as `stopped`. */
  stop(): void {
    this.#stopped = true;
    this.#kill();
  }

  get #requests(): Writable {
    return this.#pipe(3);
  }

  get #answers(): Readable {
    return this.#pipe(4);
  }

  #pipe(fd: 3 | 4 | 5): Duplex {
    // `stdio` above makes every one of these a duplex pipe; Node's types do not know the index.
    return (this.#child.stdio as unknown as Readonly<Record<number, Duplex>>)[fd] as Duplex;
  }

  /** Gives the log lines of one chunk to the log together: a busy function writes hundreds of them. */
  #batchedFrames(): (chunk: Buffer) => void {
    let lines: string[] = [];
    const flush = (): void => {
      if (lines.length === 0) return;
      const batch = lines;
      lines = [];
      this.options.onLog(batch);
    };
    const read = frameReader((kind, payload) => {
      if (kind === FRAME.log) {
        lines.push(payload.toString('utf8'));
        return;
      }
      flush();
      this.#onFrame(kind, payload);
    });
    return (chunk) => {
      read(chunk);
      flush();
    };
  }

  #onFrame(kind: number, payload: Buffer): void {
    if (kind === FRAME.ready) {
      this.readyAt = performance.now();
      this.initDurationMs = this.readyAt - this.#startedAt;
      this.#onReady();
      return;
    }
    this.#sawMemory(payload.readUInt32LE(0) * 1024);
    const body = Buffer.from(payload.subarray(4));
    if (kind === FRAME.result) {
      this.#settle?.({ type: 'result', payload: body });
      return;
    }
    // A cast at a parsing boundary: written by the runner.
    const failure = JSON.parse(body.toString('utf8')) as FunctionFailure;
    const outcome: ChildOutcome = { type: 'failure', failure, payload: body };
    if (kind === FRAME.fatal) {
      // The process ends now. A failure to load the handler is the answer to the invocation that started it.
      this.usable = false;
      this.#fatal = outcome;
    }
    this.#settle?.(outcome);
  }

  /** The invocation ends when the process has, so that its last lines come before the platform's. */
  #timeOut(): void {
    this.#timedOut = true;
    this.#kill();
  }

  #kill(): void {
    this.usable = false;
    this.#child.kill('SIGKILL');
    this.#killGroup();
  }

  #killGroup(): void {
    const { pid } = this.#child;
    if (!OWN_GROUP || pid === undefined) return;
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // Nothing of the group is left.
    }
  }

  #end(failure: FunctionFailure): void {
    this.usable = false;
    this.#fatal ??= this.#stopped
      ? { type: 'stopped' }
      : this.#timedOut
        ? { type: 'timeout' }
        : { type: 'failure', failure };
    this.#settle?.(this.#fatal);
  }

  async #checkMemory(): Promise<void> {
    const bytes = await residentBytes(this.#child.pid);
    if (bytes === undefined) return;
    this.#sawMemory(bytes);
    if (bytes > this.record.settings.memorySize * MEGABYTE) {
      this.#outOfMemory = true;
      this.#kill();
    }
  }

  #sawMemory(bytes: number): void {
    this.maxMemoryUsedMb = Math.max(this.maxMemoryUsedMb, Math.round(bytes / MEGABYTE));
  }
}

function splitLines(text: string): string[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines.map((line) => `${line}\n`);
}
