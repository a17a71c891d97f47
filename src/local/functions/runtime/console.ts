// The console and the standard streams of a function, in Lambda's two log formats. Every console call is one log
// event, also when its text has several lines; raw writes to stdout or stderr are one event a line.
import { format } from 'node:util';

const LEVELS = {
  trace: 'TRACE',
  debug: 'DEBUG',
  log: 'INFO',
  info: 'INFO',
  warn: 'WARN',
  error: 'ERROR',
} as const;
const RANKS = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];

export interface ConsoleOptions {
  readonly json: boolean;
  /** Lowest level that is written, in the JSON format only. */
  readonly level: string;
  readonly write: (message: string) => void;
  /** The running invocation. */
  readonly requestId: () => string | undefined;
}

export interface FunctionConsole {
  /** Writes an unfinished line of stdout and stderr. */
  flush(): void;
  /** Logs a failure as the runtime itself does. */
  failure(what: string, detail: Readonly<Record<string, unknown>>): void;
}

export function patchConsole(options: ConsoleOptions): FunctionConsole {
  const minimum = RANKS.indexOf(options.level);
  const emit = (level: string, args: readonly unknown[]): void => {
    if (!options.json) {
      const prefix = `${new Date().toISOString()}\t${options.requestId()}\t${level}\t`;
      options.write(`${prefix}${format(...args)}\n`);
    } else if (RANKS.indexOf(level) >= minimum) {
      options.write(`${formatJson(level, options.requestId(), args)}\n`);
    }
  };
  for (const [name, level] of Object.entries(LEVELS)) {
    // The keys of LEVELS are methods of console.
    console[name as keyof typeof LEVELS] = (...args: unknown[]) => emit(level, args);
  }
  const flushes = [process.stdout, process.stderr].map((stream) => patchStream(stream, options.write));
  return {
    flush: () => {
      for (const flush of flushes) flush();
    },
    failure: (what, detail) => {
      if (options.json) emit('ERROR', [detail]);
      else emit('ERROR', [`${what} \t${JSON.stringify(detail)}`]);
    },
  };
}

/** One value is logged as it is; several become text, with the first error's parts beside it. */
function formatJson(level: string, requestId: string | undefined, args: readonly unknown[]): string {
  const head = {
    timestamp: new Date().toISOString(),
    level,
    ...(requestId === undefined ? {} : { requestId }),
  };
  if (args.length === 1) {
    const [message] = args;
    try {
      return JSON.stringify(
        { ...head, message: message === undefined ? 'undefined' : message },
        errorReplacer,
      );
    } catch {
      return JSON.stringify({ ...head, message: format(message) });
    }
  }
  const error = args.find((argument) => argument instanceof Error);
  return JSON.stringify({
    ...head,
    message: format(...args),
    ...(error === undefined ? {} : errorParts(error)),
  });
}

function errorReplacer(_key: string, value: unknown): unknown {
  return value instanceof Error ? errorParts(value) : value;
}

function errorParts(error: Error): Readonly<Record<string, unknown>> {
  return { errorType: error.name, errorMessage: error.message, stackTrace: error.stack?.split('\n') ?? [] };
}

function patchStream(stream: NodeJS.WriteStream, write: (message: string) => void): () => void {
  let rest = '';
  const patched = (chunk: unknown, ...args: readonly unknown[]): boolean => {
    const encoding = typeof args[0] === 'string' ? (args[0] as BufferEncoding) : 'utf8';
    const text =
      typeof chunk === 'string'
        ? Buffer.from(chunk, encoding).toString()
        : Buffer.from(chunk as Uint8Array).toString();
    const lines = `${rest}${text}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) write(`${line}\n`);
    const done = args.find((argument) => typeof argument === 'function');
    if (typeof done === 'function') process.nextTick(done as () => void);
    return true;
  };
  stream.write = patched as typeof stream.write;
  return () => {
    if (rest !== '') write(`${rest}\n`);
    rest = '';
  };
}
