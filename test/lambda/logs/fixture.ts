// The captured text log as events, one a millisecond.
import { readFileSync } from 'node:fs';
import type { LogEvent } from '../../../src/lambda/logs/event.js';

export const LOG_START = Date.parse('2026-11-23T12:00:00.000Z');

/** A fresh copy, in the order in which Lambda wrote it. */
export function logFixture(): LogEvent[] {
  const { events } = JSON.parse(
    readFileSync(new URL('../../fixtures/lambda-log-text.json', import.meta.url), 'utf8'),
  );
  return events.map((message: string, index: number) => ({
    id: `event-${index}`,
    at: LOG_START + index,
    stream: '2026/11/23/[$LATEST]aa',
    message,
  }));
}
