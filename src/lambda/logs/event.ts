// What the reader of a function's log finds in it, after parsing. Pure types.

/** One CloudWatch Logs event of a function's log group. */
export interface LogEvent {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly stream: string;
  readonly message: string;
}

/** Lambda's account of one invocation, from a `REPORT` line or a `platform.report` document. */
export interface Report {
  readonly requestId: string;
  readonly durationMs: number;
  readonly billedMs: number;
  readonly memoryMb: number;
  readonly maxMemoryMb: number;
  /** Only on a cold start. */
  readonly initMs?: number;
  /** `error`, `timeout`, `failure`; absent on success and in old text reports. */
  readonly status?: string;
  readonly errorType?: string;
}

/** The handler's account of one batch. */
export interface BatchNote {
  readonly requestId: string;
  readonly records: number;
  readonly undecodable: number;
  readonly failures: number;
  readonly decodeMs: number;
  readonly handlerMs?: number;
  readonly batchMs: number;
  readonly iteratorAgeMs: number;
  readonly retryFrom?: string;
  /** Records from there on: they are delivered, and counted, again. */
  readonly retried: number;
}

/** A line that reports something wrong. */
export interface ErrorNote {
  readonly kind: 'undecodable' | 'handler' | 'timeout' | 'crash' | 'error';
  readonly requestId?: string;
  /** The record it is about. */
  readonly seq?: string;
  readonly message: string;
}

/** One log line, understood. */
export type LogLine =
  | { readonly type: 'batch'; readonly batch: BatchNote }
  | { readonly type: 'report'; readonly report: Report }
  | { readonly type: 'error'; readonly error: ErrorNote }
  | { readonly type: 'change'; readonly requestId: string; readonly change: ChangeNote }
  /** Lambda's own lines about the life of an invocation. */
  | { readonly type: 'platform'; readonly name: string; readonly requestId?: string }
  | { readonly type: 'text'; readonly requestId?: string; readonly text: string };

/** One change as the handler logged it: plain JSON. */
export interface ChangeNote {
  readonly event: string;
  readonly seq: string;
  readonly modelName?: string;
  readonly model?: unknown;
  readonly keys?: unknown;
  readonly new?: unknown;
  readonly old?: unknown;
}
