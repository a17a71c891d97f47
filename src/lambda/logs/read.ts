// Reads a function's log events from CloudWatch: page by page, once each, and on as they come. CloudWatch makes events
// visible late and out of order, so a follower reads the recent past again and again and knows events by their id.
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type CloudWatchLogsClient,
  FilterLogEventsCommand,
  type FilterLogEventsCommandOutput,
} from '@aws-sdk/client-cloudwatch-logs';
import type { LogEvent } from './event.js';

export interface ReadLogOptions {
  readonly logs: CloudWatchLogsClient;
  readonly logGroup: string;
  /** ms since the epoch, inclusive. */
  readonly since: number;
  /** CloudWatch's filter pattern for text. */
  readonly filterPattern?: string;
  /** A server on this machine has no request quota. */
  readonly loopback: boolean;
  readonly signal: AbortSignal;
}

export interface FollowLogOptions extends ReadLogOptions {
  /** Resolves after that many ms, rejects when aborted. For tests. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** FilterLogEvents is allowed 5 to 10 times a second in an account and region. */
const PAGE_INTERVAL_MS = 250;
const POLL_INTERVAL_MS = { loopback: 200, remote: 1000 };

const BASE_OVERLAP_MS = 10_000;
/** Also how long the ids of events are remembered. */
const MAX_OVERLAP_MS = 120_000;
/** A busy log never grows its overlap, so every so often it is read as deep as it goes. */
const DEEP_POLL_EVERY = 15;

/** All events from `since` until now, as pages come; each event once. */
export async function* readLogEvents(options: ReadLogOptions): AsyncGenerator<LogEvent[]> {
  const seen = new Set<string>();
  for await (const page of pages(options, options.since)) {
    const fresh = page.filter(({ id }) => !seen.has(id));
    for (const { id } of fresh) seen.add(id);
    yield fresh;
  }
}

/** Polls in a row that may fail for a passing reason before following is given up. */
const MAX_FAILURES = 8;
const MAX_BACKOFF_MS = 30_000;

/**
 * As `readLogEvents`, without end: yields once a poll, new events in time order, perhaps none. A poll that fails for a
 * passing reason (throttling, 5xx, a cut connection) is repeated, ever more slowly.
 */
export async function* followLogEvents(options: FollowLogOptions): AsyncGenerator<LogEvent[]> {
  const { since, loopback, signal } = options;
  const wait = options.wait ?? ((ms, abort) => sleep(ms, undefined, { signal: abort }));
  const seen = new Map<string, number>();
  let newest = since;
  let overlap = BASE_OVERLAP_MS;
  let leastOverlap = BASE_OVERLAP_MS;
  let failures = 0;
  for (let poll = 1; ; poll++) {
    const depth = poll % DEEP_POLL_EVERY === 0 ? MAX_OVERLAP_MS : overlap;
    const fresh: LogEvent[] = [];
    const known = newest;
    try {
      for await (const page of pages(options, Math.max(since, newest - depth))) {
        for (const event of page) {
          if (seen.has(event.id)) continue;
          seen.set(event.id, event.at);
          fresh.push(event);
        }
      }
      failures = 0;
    } catch (error) {
      // What the pages before gave is passed on all the same.
      if (++failures > MAX_FAILURES || !isPassing(error)) throw error;
    }
    for (const { at } of fresh) {
      // Not after a failure: what it left unread may be older than what was read.
      if (failures === 0) newest = Math.max(newest, at);
      // An event that came late tells how late others may come.
      leastOverlap = Math.min(MAX_OVERLAP_MS, Math.max(leastOverlap, 2 * (known - at)));
    }
    // Nothing new costs little to read: look deeper each time, until something comes.
    overlap = fresh.length > 0 ? leastOverlap : Math.min(MAX_OVERLAP_MS, overlap * 2);
    for (const [id, at] of seen) if (at < newest - MAX_OVERLAP_MS) seen.delete(id);
    yield fresh.sort((a, b) => a.at - b.at);
    const interval = loopback ? POLL_INTERVAL_MS.loopback : POLL_INTERVAL_MS.remote;
    await wait(Math.min(MAX_BACKOFF_MS, interval * 2 ** failures), signal);
  }
}

async function* pages(options: ReadLogOptions, startTime: number): AsyncGenerator<LogEvent[]> {
  const { logs, logGroup, filterPattern, loopback, signal } = options;
  let nextToken: string | undefined;
  do {
    const answer: FilterLogEventsCommandOutput = await logs.send(
      new FilterLogEventsCommand({
        logGroupName: logGroup,
        startTime,
        ...(filterPattern === undefined ? {} : { filterPattern }),
        ...(nextToken === undefined ? {} : { nextToken }),
      }),
      { abortSignal: signal },
    );
    yield (answer.events ?? []).map(({ eventId, timestamp = 0, logStreamName = '', message = '' }) => ({
      id: eventId ?? `${logStreamName}/${timestamp}/${message}`,
      at: timestamp,
      stream: logStreamName,
      message,
    }));
    // A token that does not move would be read for ever.
    nextToken = answer.nextToken === nextToken ? undefined : answer.nextToken;
    if (nextToken !== undefined && !loopback) await sleep(PAGE_INTERVAL_MS, undefined, { signal });
  } while (nextToken !== undefined);
}

function isPassing(error: unknown): boolean {
  if (!(error instanceof Error) || error.name === 'AbortError') return false;
  if (/Throttl|TooManyRequests|LimitExceeded|ServiceUnavailable|InternalFailure/.test(error.name))
    return true;
  if (/^(ECONN|ETIMEDOUT|EPIPE|EAI_AGAIN)/.test(String((error as NodeJS.ErrnoException).code))) return true;
  // The SDK's errors carry what the server answered.
  const { $metadata } = error as { $metadata?: { httpStatusCode?: number } };
  return ($metadata?.httpStatusCode ?? 0) >= 500;
}
