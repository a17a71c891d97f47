// The main module of a function's child process: loads the handler, then serves one invocation at a time.
// See frames.ts for the pipes. Everything it needs to know about the function is in Lambda's environment variables.
import { writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { Worker } from 'node:worker_threads';
import { patchConsole } from './console.js';
import {
  CHILD_FD,
  encodeFrame,
  FRAME,
  type FunctionFailure,
  type InvocationHeader,
  requestReader,
} from './frames.js';
import { type Handler, loadHandler, RuntimeError } from './load-handler.js';

const MAX_RESULT_BYTES = 6_291_556;
/** What Lambda's runtime exits with after an error outside the handler. */
const FATAL_EXIT_CODE = 129;

interface Running {
  readonly header: InvocationHeader;
  /** What a callback gave while it waits for the event loop to be empty. */
  held?: { readonly value: unknown };
}

let running: Running | undefined;

function send(kind: number, payload: Uint8Array): void {
  const frame = encodeFrame(kind, payload);
  // The engine's end never blocks for long; writing at once keeps every line when this process is killed.
  for (let offset = 0; offset < frame.length; ) offset += writeSync(CHILD_FD.answers, frame, offset);
}

const log = patchConsole({
  json: process.env.AWS_LAMBDA_LOG_FORMAT === 'JSON',
  level: process.env.AWS_LAMBDA_LOG_LEVEL ?? 'INFO',
  write: (message) => send(FRAME.log, Buffer.from(message)),
  requestId: () => running?.header.requestId,
});

function withMemory(json: string): Buffer {
  const body = Buffer.from(json);
  const payload = Buffer.allocUnsafe(4 + body.length);
  payload.writeUInt32LE(process.resourceUsage().maxRSS, 0);
  payload.set(body, 4);
  return payload;
}

function toFailure(error: unknown): FunctionFailure {
  if (error instanceof Error) {
    const errorType = error instanceof RuntimeError ? error.errorType : error.name;
    return { errorType, errorMessage: error.message, trace: (error.stack ?? '').split('\n') };
  }
  return { errorType: typeof error, errorMessage: String(error), trace: [] };
}

function logFailure(what: string, error: unknown, failure: FunctionFailure): void {
  const { errorType, errorMessage, trace } = failure;
  const own = error instanceof Error ? Object.fromEntries(Object.entries(error)) : {};
  try {
    log.failure(what, { errorType, errorMessage, ...own, stack: trace });
  } catch {
    // The error's own members cannot be JSON.
    log.failure(what, { errorType, errorMessage, stack: trace });
  }
}

function sendFailure(what: string, error: unknown, kind: number = FRAME.failure): void {
  const failure = toFailure(error);
  logFailure(what, error, failure);
  log.flush();
  send(kind, withMemory(JSON.stringify(failure)));
}

function fatal(what: string, error: unknown): never {
  sendFailure(what, error, FRAME.fatal);
  process.exit(FATAL_EXIT_CODE);
}

function finish(requests: Socket, end: () => void): void {
  end();
  running = undefined;
  requests.ref();
}

function sendResult(value: unknown): void {
  let json: string;
  try {
    json = JSON.stringify(value) ?? 'null';
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    sendFailure(
      'Invoke Error',
      new RuntimeError('Runtime.MarshalError', `Unable to stringify response body: ${reason}`),
    );
    return;
  }
  if (Buffer.byteLength(json) > MAX_RESULT_BYTES) {
    sendFailure(
      'Invoke Error',
      new RuntimeError(
        'Function.ResponseSizeTooLarge',
        `Response payload size exceeded maximum allowed payload size (${MAX_RESULT_BYTES} bytes).`,
      ),
    );
    return;
  }
  log.flush();
  send(FRAME.result, withMemory(json));
}

function serve(handler: Handler): void {
  const requests = new Socket({ fd: CHILD_FD.requests, readable: true, writable: false });
  const succeed = (mine: Running, value: unknown): void => {
    if (running === mine) finish(requests, () => sendResult(value));
  };
  const fail = (mine: Running, error: unknown): void => {
    if (running === mine) finish(requests, () => sendFailure('Invoke Error', error));
  };

  const invoke = (header: InvocationHeader, event: Buffer): void => {
    const mine: Running = { header };
    running = mine;
    // Until the handler is done only its own work keeps the loop alive: `beforeExit` then means that it never will be.
    requests.unref();
    const context = {
      callbackWaitsForEmptyEventLoop: true,
      functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
      functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
      memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
      logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
      logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
      invokedFunctionArn: header.invokedFunctionArn,
      awsRequestId: header.requestId,
      clientContext: header.clientContext,
      identity: undefined,
      getRemainingTimeInMillis: () => Math.max(0, header.deadline - Date.now()),
      done: (error: unknown, value?: unknown) => callback(error, value),
      fail: (error: unknown) => callback(error),
      succeed: (value: unknown) => callback(null, value),
    };
    const callback = (error: unknown, value?: unknown): void => {
      if (error !== null && error !== undefined) fail(mine, error);
      else if (context.callbackWaitsForEmptyEventLoop) mine.held ??= { value };
      else succeed(mine, value);
    };
    try {
      const returned = handler(JSON.parse(event.toString('utf8')), context, callback);
      if (isThenable(returned)) {
        returned.then(
          (value) => succeed(mine, value),
          (error) => fail(mine, error),
        );
      }
    } catch (error) {
      fail(mine, error);
    }
  };

  process.on('beforeExit', () => {
    if (running !== undefined) succeed(running, running.held?.value);
  });
  requests.on('data', requestReader(invoke));
  requests.on('close', () => process.exit(0));
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}

process.on('uncaughtException', (error) => fatal('Uncaught Exception', error));
process.on('unhandledRejection', (reason) =>
  fatal(
    'Unhandled Promise Rejection',
    new RuntimeError('Runtime.UnhandledPromiseRejection', String(reason), { cause: reason }),
  ),
);

new Worker(new URL('./lifeline.js', import.meta.url), {
  execArgv: [],
  resourceLimits: { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 1 },
}).unref();

try {
  const handler = await loadHandler(process.cwd(), process.env._HANDLER ?? '');
  send(FRAME.ready, new Uint8Array());
  serve(handler);
} catch (error) {
  fatal('Uncaught Exception', error);
}
