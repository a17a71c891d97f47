// The function that runs in Lambda: decodes a batch record by record, logs it as structured lines with metrics, hands
// it to the user's handler, and answers with what failed. Imports nothing but the model, so that the bundle stays small.
import { decodeRecord, type Model } from '../../model/index.js';
import type { StreamRecord } from '../../model/wire.js';
import type { Consumer, Outcome } from './consumer.js';
import { elapsedSince } from './elapsed.js';
import { batchLine, changeLine, changeStart, undecodableLine } from './format.js';
import type { BatchResponse, LambdaContext, StreamBatch } from './types.js';

export interface HandlerOptions {
  /** The model of a record; undefined for generic decoding. */
  readonly modelFor: (record: StreamRecord) => Model | undefined;
  /** The user's handler: see `consumerOf`. */
  readonly consume?: Consumer;
  /** Defaults to the function's environment. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Writes whole lines to the function's log. Defaults to stdout. */
  readonly write?: (text: string) => Promise<void>;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

export type BatchHandler = (event: StreamBatch, context: LambdaContext) => Promise<BatchResponse>;

/**
 * Makes the Lambda handler. Each change is logged when `DDBCDC_LOG_MODELS` is `true`, or is not set and there is no
 * user's handler: what a consumer in production receives does not belong in its log unasked.
 */
export function createHandler(options: HandlerOptions): BatchHandler {
  const { modelFor, consume, env = process.env, write = writeToStdout, now = Date.now } = options;
  const logModels = (env.DDBCDC_LOG_MODELS ?? String(consume === undefined)) !== 'false';

  return async function handler(event, context) {
    const receivedAt = now();
    const { awsRequestId, functionName } = context;
    const start = changeStart(receivedAt, awsRequestId);
    const started = performance.now();
    const records = event.Records ?? [];
    const changes = records.map((record) => decodeRecord(record, modelFor(record)));
    const decodeMs = elapsedSince(started);

    let lines = '';
    let undecodable = 0;
    for (const change of changes) {
      if (change.issues !== undefined) {
        undecodable++;
        lines += undecodableLine(receivedAt, awsRequestId, change);
      } else if (logModels) {
        lines += changeLine(start, change);
      }
    }

    let failed: readonly string[] = [];
    let outcome: Outcome = { failures: 0 };
    if (consume !== undefined) {
      // Written before the user's code runs: it may exit or run into the time limit.
      if (lines !== '') await write(lines);
      ({ failed, lines, outcome } = await consume(changes, context, now));
    }

    lines += batchLine(now(), awsRequestId, functionName, {
      records: changes.length,
      undecodable,
      ...outcome,
      decodeMs,
      batchMs: elapsedSince(started),
      iteratorAgeMs: iteratorAge(records, receivedAt),
      firstSeq: changes[0]?.seq,
      lastSeq: changes.at(-1)?.seq,
    });
    await write(lines);
    return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
  };
}

function iteratorAge(records: readonly StreamRecord[], now: number): number {
  const created = records.at(-1)?.dynamodb?.ApproximateCreationDateTime;
  // Whole seconds on AWS: a record of this second can seem to come from the future.
  return typeof created === 'number' ? Math.max(0, now - created * 1000) : 0;
}

// Awaited, because what is still in a buffer when the handler answers is lost if Lambda freezes the process. Not
// console.log: in Lambda's text format that puts a prefix before the line, and the metrics in it would not be found.
function writeToStdout(text: string): Promise<void> {
  return new Promise((resolve) => {
    process.stdout.write(text, () => resolve());
  });
}
