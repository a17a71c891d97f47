// The handler's log: one JSON document a line, in the form of Lambda's JSON log format (`timestamp`, `level`,
// `requestId`, `message`). `ddbcdc logs` reads these lines back, so fields are only ever added.
// A field that is undefined is not written.
import type { Issue } from '../../model/change.js';

// One constant each, so that a bundle holds only those that it writes.
export const BATCH = 'ddbcdc.batch';
export const CHANGE = 'ddbcdc.change';
export const UNDECODABLE = 'ddbcdc.undecodable';
export const FAILURE = 'ddbcdc.failure';

interface Line {
  /** ISO time, so that Lambda takes it and the level as they are. */
  readonly timestamp: string;
  readonly level: 'INFO' | 'WARN' | 'ERROR';
  readonly requestId: string;
  readonly message: string;
  /** In place of its values when the line would be longer than CloudWatch takes. */
  readonly omittedBytes?: number | undefined;
}

/** The account of one invocation. It is an embedded-metric document too: see `metricDirective`. */
export interface BatchLine extends Line {
  readonly type: typeof BATCH;
  /** Records in the batch, undecodable ones and redelivered ones included. */
  readonly records: number;
  /** Records, or their models, that could not be decoded. They are logged, not failed. */
  readonly undecodable: number;
  /** Sequence numbers reported to Lambda as failed. */
  readonly failures: number;
  readonly decodeMs: number;
  /** The user's own handler; absent when there is none. */
  readonly handlerMs?: number | undefined;
  /** Decoding, the user's handler and the making of the log lines. */
  readonly batchMs: number;
  /** Age of the newest record when the batch came in; ≈, as creation times have whole seconds. */
  readonly iteratorAgeMs: number;
  readonly firstSeq?: string | undefined;
  readonly lastSeq?: string | undefined;
  /** Lambda will deliver again from here, the first of the failed ones. */
  readonly retryFrom?: string | undefined;
  /** How many records of the batch that is; absent without a user's handler. */
  readonly retried?: number | undefined;
}

/** One decoded change. */
export interface ChangeLine extends Line {
  readonly type: typeof CHANGE;
  readonly event: string;
  readonly seq: string;
  readonly modelName?: string | undefined;
  /** Of a change with a new image through a model; any other carries its keys and images instead, as plain JSON. */
  readonly model?: unknown;
  readonly keys?: unknown;
  readonly new?: unknown;
  readonly old?: unknown;
  readonly ttl?: true | undefined;
}

/** One record that could not be decoded. */
export interface UndecodableLine extends Line {
  readonly type: typeof UNDECODABLE;
  readonly event: string;
  readonly seq: string;
  readonly eventId: string;
  /** Absent when they were too long to log. */
  readonly issues?: readonly Issue[];
  readonly keys?: unknown;
}

/** The user's handler threw, or answered with a sequence number that is not of the batch. */
export interface FailureLine extends Line {
  readonly type: typeof FAILURE;
  readonly errorType: string;
  readonly errorMessage: string;
  readonly stackTrace?: readonly string[] | undefined;
  readonly retryFrom?: string | undefined;
}

export type HandlerLine = BatchLine | ChangeLine | UndecodableLine | FailureLine;
