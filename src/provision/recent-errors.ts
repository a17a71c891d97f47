// The newest errors in the function's log, for `status`.
import { parseLogMessage } from '../lambda/logs/parse.js';
import { readLogEvents } from '../lambda/logs/read.js';
import { orAbsent, type ResourceContext } from './resources/context.js';

export interface RecentError {
  /** Of the newest one: milliseconds since the epoch. */
  readonly at: number;
  readonly message: string;
  /** How often it was logged. A batch that is retried says the same again and again. */
  readonly count: number;
}

const WINDOW_MS = 3_600_000;
const SHOWN = 5;
/** Enough to see what goes wrong; a function that fails on every record must not hold `status` up. */
const ENOUGH_EVENTS = 500;

/** The server picks out lines that may tell of an error; what they are, the parser decides. */
const ERROR_PATTERN = '?"ERROR" ?"WARN" ?"Task timed out" ?"Runtime exited"';

/** At most five different ones of the last hour, newest first. */
export async function readRecentErrors(
  context: ResourceContext,
  logGroup: string,
  now: number,
): Promise<RecentError[]> {
  const logs = await context.clients.logs();
  const errors = new Map<string, RecentError>();
  async function read(): Promise<void> {
    let events = 0;
    const pages = readLogEvents({
      logs,
      logGroup,
      since: now - WINDOW_MS,
      filterPattern: ERROR_PATTERN,
      loopback: true,
      signal: context.signal,
    });
    for await (const page of pages) {
      for (const event of page) {
        const line = parseLogMessage(event.message);
        if (line.type !== 'error') continue;
        const { message } = line.error;
        const known = errors.get(message);
        const at = Math.max(event.at, known?.at ?? 0);
        errors.set(message, { at, message, count: (known?.count ?? 0) + 1 });
      }
      events += page.length;
      if (events >= ENOUGH_EVENTS) return;
    }
  }
  await orAbsent(read(), 'ResourceNotFoundException');
  return [...errors.values()].sort((a, b) => b.at - a.at).slice(0, SHOWN);
}
