// The newest errors in the function's log, for `status`.
import { parseLogMessage } from '../lambda/logs/parse.js';
import { readLogEvents } from '../lambda/logs/read.js';
import { orAbsent, type ResourceContext } from './resources/context.js';

export interface RecentError {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly message: string;
}

const WINDOW_MS = 3_600_000;
const SHOWN = 5;
/** Enough to see what goes wrong; a function that fails on every record must not hold `status` up. */
const ENOUGH_EVENTS = 500;

/** The server picks out lines that may tell of an error; what they are, the parser decides. */
const ERROR_PATTERN = '?"ERROR" ?"WARN" ?"Task timed out" ?"Runtime exited"';

/** At most five of the last hour, newest first. */
export async function readRecentErrors(
  context: ResourceContext,
  logGroup: string,
  now: number,
): Promise<RecentError[]> {
  const logs = await context.clients.logs();
  const errors: RecentError[] = [];
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
        if (line.type === 'error') errors.push({ at: event.at, message: line.error.message });
      }
      events += page.length;
      if (events >= ENOUGH_EVENTS) return;
    }
  }
  await orAbsent(read(), 'ResourceNotFoundException');
  return errors.sort((a, b) => b.at - a.at).slice(0, SHOWN);
}
