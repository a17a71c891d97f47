// A function's log as entries: batches with their reports, errors, changes and the function's own lines.
import { setTimeout as sleep } from 'node:timers/promises';
import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import { CHANGE } from '../handler/lines.js';
import type { LogEvent } from './event.js';
import { configuredLogGroup, defaultLogGroup, isResourceNotFound } from './find-log-group.js';
import { createJoiner, type LogEntry } from './join.js';
import { followLogEvents, readLogEvents } from './read.js';

export type { LogEvent } from './event.js';
export { functionNameOf } from './find-log-group.js';
export type { BatchEntry, ChangeEntry, ErrorEntry, LogEntry, TextEntry } from './join.js';

export interface FunctionLogOptions {
  readonly logs: CloudWatchLogsClient;
  readonly lambda: () => Promise<LambdaClient>;
  readonly functionName: string;
  /** ms since the epoch. */
  readonly since: number;
  readonly follow: boolean;
  /** Changes are most of the log: unless asked for, they are left out by the server. */
  readonly changes: boolean;
  readonly loopback: boolean;
  readonly signal: AbortSignal;
  readonly now: () => number;
}

/** `exists` is false for a function that is there and has not logged yet: its log has no events. */
export type LogPage<T> =
  | { readonly type: 'start'; readonly logGroup: string; readonly exists: boolean }
  | { readonly type: 'page'; readonly items: readonly T[] };

/** How long a batch waits for its report while following. */
const REPORT_PATIENCE_MS = 15_000;
/** How often a function that has not logged yet is looked at again while following. */
const ABSENT_POLL_MS = { loopback: 250, remote: 3000 };

/**
 * The events of a function's log: first a `start`, then pages. Ends at what there is now, or with `follow` when aborted
 * (then it throws the abort). Throws `logs.noFunction` when there is neither log nor function.
 */
export async function* functionLogEvents(options: FunctionLogOptions): AsyncGenerator<LogPage<LogEvent>> {
  const { logs, functionName, since, follow, loopback, signal } = options;
  let logGroup = defaultLogGroup(functionName);
  let started = false;
  for (;;) {
    const reading = {
      logs,
      logGroup,
      since,
      loopback,
      signal,
      ...(options.changes ? {} : { filterPattern: `-"${CHANGE}"` }),
    };
    try {
      for await (const items of follow ? followLogEvents(reading) : readLogEvents(reading)) {
        if (!started) yield { type: 'start', logGroup, exists: true };
        started = true;
        yield { type: 'page', items };
      }
      return;
    } catch (error) {
      if (!isResourceNotFound(error)) throw error;
    }
    const configured = await configuredLogGroup(await options.lambda(), functionName, signal);
    if (configured !== logGroup) {
      logGroup = configured;
      continue;
    }
    if (!started) yield { type: 'start', logGroup, exists: false };
    started = true;
    if (!follow) return;
    await sleep(loopback ? ABSENT_POLL_MS.loopback : ABSENT_POLL_MS.remote, undefined, { signal });
  }
}

/** As `functionLogEvents`, parsed and joined. Without `follow` the last page holds what waited for its other half. */
export async function* functionLogEntries(options: FunctionLogOptions): AsyncGenerator<LogPage<LogEntry>> {
  const joiner = createJoiner(options.since);
  for await (const page of functionLogEvents(options)) {
    if (page.type === 'start') {
      yield page;
      continue;
    }
    const readAt = options.now();
    const items = page.items.flatMap((event) => joiner.add(event, readAt));
    if (options.follow) items.push(...joiner.flush(readAt - REPORT_PATIENCE_MS));
    yield { type: 'page', items: options.changes ? items : items.filter(({ type }) => type !== 'change') };
  }
  yield { type: 'page', items: joiner.flush() };
}
