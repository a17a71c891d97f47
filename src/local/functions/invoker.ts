// Runs functions: finds or starts an execution environment for each concurrent invocation, writes Lambda's own lines
// around it into the log, keeps environments warm for a while, and leaves none behind.
import { randomBytes, randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import type { LogGroup } from '../logs/log-group.js';
import type { LogStore } from '../logs/log-store.js';
import { type EngineContext, ServiceError } from '../service.js';
import { Admission } from './admission.js';
import { functionArn } from './function-name.js';
import type { FunctionRecord } from './function-record.js';
import type { FunctionStore } from './function-store.js';
import { conclude } from './runtime/conclusion.js';
import { ExecutionEnvironment } from './runtime/execution-environment.js';
import { LogTail } from './runtime/log-tail.js';
import { platformLog } from './runtime/platform-log.js';
import { Wakeup } from './wakeup.js';

const IDLE_MS = 60_000;
/** A batch that is about to end does so: it would only run again after the restart. */
const CLOSE_GRACE_MS = 500;
const NEVER = new AbortController().signal;
const RUNTIME_VERSION = `nodejs:${process.versions.node}`;

export interface Invocation {
  readonly requestId: string;
  /** JSON: the returned value or the failure. */
  readonly payload: Uint8Array;
  /** Present when the function failed. */
  readonly functionError?: 'Unhandled';
  /** Base64 of the last 4 kB of the invocation's log. */
  readonly logTail: () => string;
}

export interface InvokeOptions {
  readonly qualifier?: string | undefined;
  readonly clientContext?: unknown;
}

interface Warm {
  readonly environment: ExecutionEnvironment;
  /** Looked up again for each invocation: it may have been deleted and made anew. */
  log: LogGroup;
  tail: LogTail;
  reaper?: NodeJS.Timeout;
  /** True until its first invocation is reported. */
  cold: boolean;
}

interface Pool {
  readonly idle: Warm[];
  readonly busy: Set<Warm>;
  readonly starting: Set<Promise<Warm>>;
  readonly admission: Admission;
}

export interface InvokerOptions {
  readonly context: EngineContext;
  readonly functions: FunctionStore;
  readonly logs: LogStore;
  /** Where the engine listens, when it does already. */
  readonly endpoint: () => Promise<string | undefined>;
  readonly idleMs?: number;
}

export class Invoker {
  readonly #pools = new Map<string, Pool>();
  readonly #living = new Set<ExecutionEnvironment>();
  /** Notified when the last running invocation has ended. */
  readonly #quiet = new Wakeup();
  #closed = false;

  constructor(private readonly options: InvokerOptions) {}

  /**
   * Invokes the function once. Resolves also when the function fails (`functionError`). Throws ServiceError
   * TooManyRequestsException over a reserved concurrency, and ServiceException when the engine stops meanwhile.
   */
  async invoke(record: FunctionRecord, event: Uint8Array, options: InvokeOptions = {}): Promise<Invocation> {
    const pool = this.#poolOf(record.name);
    await pool.admission.enter(record.reservedConcurrency);
    try {
      const warm = await this.#acquire(record, pool);
      try {
        return await this.#run(warm, event, options);
      } finally {
        this.#release(warm, pool);
      }
    } finally {
      pool.admission.leave();
      if (!this.busy) this.#quiet.notify();
    }
  }

  /** True while any function is at work, for a caller or for a mapping. */
  get busy(): boolean {
    return [...this.#pools.values()].some((pool) => pool.admission.active > 0);
  }

  /**
   * Ends the children of a function whose code or configuration changed: warm ones now, busy ones after their
   * invocation. Resolves when all of them are gone.
   */
  async recycle(name: string): Promise<void> {
    const pool = this.#pools.get(name);
    if (pool === undefined) return;
    const idle = pool.idle.splice(0);
    for (const warm of idle) this.#retire(warm);
    const starting = await Promise.allSettled(pool.starting);
    const started = starting.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []));
    const busy = new Set([...pool.busy, ...started]);
    for (const warm of busy) warm.environment.usable = false;
    await Promise.all([...idle, ...busy].map((warm) => warm.environment.exited));
  }

  /** Lets running invocations end for a moment, then kills every child; resolves when all are gone. */
  async close(): Promise<void> {
    this.#closed = true;
    const pools = [...this.#pools.values()];
    for (const pool of pools) {
      pool.admission.open();
      for (const warm of pool.idle.splice(0)) this.#retire(warm);
    }
    if (this.busy) await this.#quiet.changedSince(this.#quiet.version, NEVER, CLOSE_GRACE_MS);
    const living = [...this.#living];
    for (const environment of living) environment.stop();
    await Promise.all(living.map((environment) => environment.exited));
  }

  #poolOf(name: string): Pool {
    let pool = this.#pools.get(name);
    if (pool === undefined) {
      pool = { idle: [], busy: new Set(), starting: new Set(), admission: new Admission() };
      this.#pools.set(name, pool);
    }
    return pool;
  }

  async #acquire(record: FunctionRecord, pool: Pool): Promise<Warm> {
    this.#assertOpen();
    for (let warm = pool.idle.pop(); warm !== undefined; warm = pool.idle.pop()) {
      clearTimeout(warm.reaper);
      if (warm.environment.usable && warm.environment.record.revisionId === record.revisionId) {
        pool.busy.add(warm);
        return warm;
      }
      this.#retire(warm);
    }
    const starting = this.#start(record);
    pool.starting.add(starting);
    try {
      const warm = await starting;
      pool.busy.add(warm);
      return warm;
    } finally {
      pool.starting.delete(starting);
    }
  }

  async #start(record: FunctionRecord): Promise<Warm> {
    const { context, functions, logs } = this.options;
    const log = await logs.ensure(record.settings.logging.LogGroup);
    const endpoint = await this.options.endpoint();
    this.#assertOpen();
    const day = new Date(context.now()).toISOString().slice(0, 10).replaceAll('-', '/');
    const logStream = `${day}/[$LATEST]${randomBytes(16).toString('hex')}`;
    log.append(logStream, [platformLog(record.settings.logging, context.now).initStart(RUNTIME_VERSION)]);
    const environment = new ExecutionEnvironment({
      record,
      place: {
        context,
        taskRoot: functions.codeDir(record),
        scratchDir: functions.scratchDir(record),
        logStream,
        endpoint,
      },
      onLog: (lines) => {
        warm.log.append(logStream, lines);
        warm.tail.add(lines);
      },
    });
    const warm: Warm = { environment, log, tail: new LogTail(), cold: true };
    this.#living.add(environment);
    void environment.exited.then(() => this.#living.delete(environment));
    return warm;
  }

  async #run(warm: Warm, event: Uint8Array, options: InvokeOptions): Promise<Invocation> {
    const { environment } = warm;
    const { settings, name } = environment.record;
    const { context } = this.options;
    const lines = platformLog(settings.logging, context.now);
    const requestId = randomUUID();
    const log = await this.options.logs.ensure(settings.logging.LogGroup);
    const tail = new LogTail();
    const write = (messages: readonly string[]): void => {
      log.append(environment.logStream, messages);
      tail.add(messages);
    };
    warm.log = log;
    warm.tail = tail;
    write([lines.start(requestId)]);

    const arn = functionArn(context, name);
    const began = performance.now();
    const outcome = await environment.invoke(
      {
        requestId,
        invokedFunctionArn: options.qualifier === undefined ? arn : `${arn}:${options.qualifier}`,
        clientContext: options.clientContext,
      },
      event,
    );
    if (outcome.type === 'stopped') {
      throw new ServiceError('ServiceException', 'The embedded engine is stopping', 500, { Type: 'Service' });
    }
    const initDurationMs = warm.cold ? environment.initDurationMs : undefined;
    warm.cold = false;
    const elapsed = performance.now() - Math.max(began, environment.readyAt ?? began);
    const { status, payload, errorType, note } = conclude(outcome, requestId, settings.timeout);
    if (note !== undefined) write([lines.note(requestId, note)]);
    write(
      lines.end({
        requestId,
        durationMs: status === 'timeout' ? settings.timeout * 1000 : Math.max(0.01, elapsed),
        memorySizeMb: settings.memorySize,
        maxMemoryUsedMb: environment.maxMemoryUsedMb,
        ...(initDurationMs === undefined ? {} : { initDurationMs }),
        status,
        ...(errorType === undefined ? {} : { errorType }),
      }),
    );
    return {
      requestId,
      payload,
      ...(status === 'success' ? {} : { functionError: 'Unhandled' as const }),
      logTail: () => tail.toBase64(),
    };
  }

  #release(warm: Warm, pool: Pool): void {
    pool.busy.delete(warm);
    if (this.#closed || !warm.environment.usable) {
      this.#retire(warm);
      return;
    }
    warm.reaper = setTimeout(() => {
      pool.idle.splice(pool.idle.indexOf(warm), 1);
      this.#retire(warm);
    }, this.options.idleMs ?? IDLE_MS);
    warm.reaper.unref();
    pool.idle.push(warm);
  }

  #retire(warm: Warm): void {
    clearTimeout(warm.reaper);
    warm.environment.stop();
  }

  #assertOpen(): void {
    if (this.#closed) throw new ServiceError('ServiceException', 'The embedded engine is stopping', 500);
  }
}
