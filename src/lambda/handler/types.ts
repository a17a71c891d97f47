// What Lambda gives to a handler and expects back, and the contract of a user's own handler. Types only.
import type { Change } from '../../model/change.js';
import type { StreamRecord } from '../../model/wire.js';

/** A batch as Lambda's event source mapping for DynamoDB Streams delivers it. */
export interface StreamBatch {
  readonly Records?: readonly StreamRecord[];
}

/** The parts of Lambda's context that the handler reads; a user's handler is given the whole of it. */
export interface LambdaContext {
  readonly awsRequestId: string;
  readonly functionName: string;
  readonly invokedFunctionArn?: string;
  getRemainingTimeInMillis?(): number;
}

export interface BatchItemFailure {
  /** A sequence number of the batch. Lambda delivers again from the lowest one. */
  readonly itemIdentifier: string;
}

/** The answer of a function with `ReportBatchItemFailures`. Empty: the whole batch is done. */
export interface BatchResponse {
  readonly batchItemFailures: readonly BatchItemFailure[];
}

/**
 * A user's own consumer: the default export of the file given to `--handler`. Called once a batch, after decoding, in
 * stream order, with undecodable records among the changes (`issues` set). Answers with nothing (all done), with the
 * sequence numbers of the changes that failed, or with Lambda's own `{ batchItemFailures }`; anything else counts as
 * all done. A throw fails the batch from its first change, or from the one whose `sequenceNumber` the error carries.
 */
export type ChangeHandler<T = unknown> = (
  changes: readonly Change<T>[],
  context: LambdaContext,
) => Promise<readonly string[] | BatchResponse | undefined> | Promise<void>;
