// Which stream a table has: at the start, where not having one is an error, and when the stream in use has ended.
import { CliError, EXIT } from '../../errors.js';
import { translateAwsError } from '../../target/translate-error.js';
import { AttemptCount, type OnRetry } from '../api/observe-attempts.js';
import { errorName, readErrorKind } from '../api/read-errors.js';
import { retryDelayMs } from '../api/retry-delay.js';
import type { StreamApi, TableStream } from '../api/stream-api.js';
import type { RunOptions } from '../tail-options.js';
import type { Clock } from '../time/clock.js';

export type TableStreamOptions = Pick<RunOptions, 'table' | 'position' | 'checkpoint' | 'range'> & {
  readonly clock: Clock;
  readonly random: () => number;
  readonly onRetry: OnRetry;
};

/** Before the first event there is nobody to tell of retries: few, then it is the command's error. */
const LOOK_UP_ATTEMPTS = 5;

/** A table that has a stream, with the ARN of its latest one. */
export type StreamingTable = TableStream & { readonly streamArn: string };

/** The table as it is at the start. Throws `CliError` (exit 3) when there is no table, no stream, or no access. */
export async function findTableStream(
  api: StreamApi,
  options: TableStreamOptions,
  signal: AbortSignal,
): Promise<StreamingTable> {
  const { table, position, checkpoint, range } = options;
  const found = await lookUp(api, options, signal);
  if (found === undefined) {
    throw new CliError('table.notFound', `there is no table ${table}`, {
      exitCode: EXIT.precondition,
      hint: `make it with its stream: ddbcdc init --table ${table}`,
    });
  }
  const { streamArn, enabled } = found;
  // A disabled stream takes no writes, but stays readable for a day.
  const wantsPast = position.type !== 'latest' || checkpoint !== undefined || range !== undefined;
  if (streamArn === undefined || (!enabled && !wantsPast)) {
    const state = streamArn === undefined ? 'has no stream' : 'has its stream disabled';
    throw new CliError('table.noStream', `table ${table} ${state}`, {
      exitCode: EXIT.precondition,
      hint: `enable it: ddbcdc init --table ${table} --adopt`,
    });
  }
  return { ...found, streamArn };
}

async function lookUp(
  api: StreamApi,
  { table, clock, random, onRetry }: TableStreamOptions,
  signal: AbortSignal,
): Promise<TableStream | undefined> {
  const attempts = new AttemptCount(onRetry, { operation: 'DescribeTable' });
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await api.table({ signal, onRetried: attempts.onRetried });
    } catch (error) {
      if (signal.aborted) throw error;
      const kind = readErrorKind(error);
      const mayPass = kind === 'throttled' || (kind === 'transient' && !isRefused(error));
      if (!mayPass || attempt >= LOOK_UP_ATTEMPTS) throw translateAwsError(error, `table ${table}`);
      const delayMs = retryDelayMs(attempt, random);
      attempts.failed(error, delayMs);
      await clock.sleep(delayMs, signal);
    }
  }
}

/** The stream could not be listed. A limit is one of requests here, not of what an account may have. */
export function explainStreamError(error: unknown, streamArn: string): CliError {
  const object = `stream ${streamArn}`;
  if (readErrorKind(error) !== 'throttled') return translateAwsError(error, object);
  return new CliError('aws.throttled', `${object}: too many requests (${errorName(error)})`, {
    hint: 'wait a moment, then run the command again: the account has about ten DescribeStream a second',
    cause: error,
  });
}

/** Nothing listens there, nobody answers, or there is no such host: that does not pass within a moment. */
function isRefused(error: unknown): boolean {
  return ['ECONNREFUSED', 'ENOTFOUND', 'TimeoutError'].includes(errorName(error));
}

export interface SuccessorOptions {
  readonly api: StreamApi;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly onRetry: OnRetry;
}

/** A table that is made again, or a stream that is toggled, takes this long at most before the tail gives up. */
const SUCCESSOR_WAIT_MS = 10_000;
const SUCCESSOR_LOOK_MS = 500;

/** The table with the stream that took `ended`'s place; undefined when none did within ten seconds. */
export async function findSuccessor(
  ended: string,
  options: SuccessorOptions,
): Promise<StreamingTable | undefined> {
  const { api, clock, signal, onRetry } = options;
  let until = clock.now() + SUCCESSOR_WAIT_MS;
  for (let attempt = 1; !signal.aborted; attempt += 1) {
    try {
      const found = await api.table({ signal });
      if (found?.enabled === true && found.streamArn !== undefined && found.streamArn !== ended) {
        return { ...found, streamArn: found.streamArn };
      }
      // A table on its way somewhere may yet get its stream.
      const isSettled = found === undefined || found.status === 'ACTIVE';
      if (!isSettled) until = clock.now() + SUCCESSOR_WAIT_MS;
    } catch (error) {
      if (signal.aborted) return undefined;
      until = clock.now() + SUCCESSOR_WAIT_MS;
      const delayMs = SUCCESSOR_LOOK_MS;
      onRetry({ operation: 'DescribeTable', error, attempt, delayMs, waited: false });
    }
    if (clock.now() >= until) return undefined;
    await clock.sleep(SUCCESSOR_LOOK_MS, signal);
  }
  return undefined;
}

/** The label of a stream is the time at which it was enabled. */
const LABEL = /\/stream\/(\d{4}-\d\d-\d\dT[\d:.]+)$/;

/**
 * The streams that a table had between two others of its, oldest first, as far as they can still be read: AWS keeps a
 * disabled stream for a day. Empty where the server, or the user's rights, do not tell.
 */
export async function findStreamsBetween(
  older: string,
  newer: string,
  { api, signal }: { readonly api: StreamApi; readonly signal: AbortSignal },
): Promise<readonly string[]> {
  const [from, to] = [labelOf(older), labelOf(newer)];
  if (from === undefined || to === undefined) return [];
  try {
    const arns = await api.streams({ signal });
    const between = arns.filter((arn) => {
      const label = labelOf(arn);
      return label !== undefined && label > from && label < to;
    });
    return between.sort();
  } catch {
    return [];
  }
}

function labelOf(streamArn: string): string | undefined {
  return LABEL.exec(streamArn)?.[1];
}

/** Why a tail goes on at the stream of `next`, in words. `status` is what the old stream said last. */
export function switchReason(next: TableStream, before: TableStream, status: string): string {
  const isOther =
    next.tableId !== undefined && before.tableId !== undefined && next.tableId !== before.tableId;
  if (isOther) return 'the table was made again';
  if (status === 'GONE') return 'the stream is gone';
  return status.startsWith('DISABL') ? 'the stream was disabled' : 'the table has another stream';
}
