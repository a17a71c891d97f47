// GetLogEvents and FilterLogEvents: bounded answers over the stored log, continued by tokens that are places in it.
import type { FieldReader } from '../functions/fields.js';
import { ServiceError } from '../service.js';
import { compileFilterPattern } from './filter-pattern.js';
import type { LogGroup, LogPosition, StoredEvent } from './log-group.js';

const MAX_EVENTS = 10_000;
const MAX_ANSWER_BYTES = 1024 * 1024;
/** What CloudWatch counts per event beside its text. */
const EVENT_OVERHEAD_BYTES = 26;
/** A call that matches little gives a token after this many lines, so that no call blocks the engine for long. */
const MAX_SCANNED_EVENTS = 100_000;

/** Answers FilterLogEvents on one group, oldest first. */
export async function filterLogEvents(group: LogGroup, input: FieldReader): Promise<Record<string, unknown>> {
  const matches = compileFilterPattern(input.text('filterPattern'));
  const limit = input.integer('limit', 1, MAX_EVENTS) ?? MAX_EVENTS;
  const startTime = input.integer('startTime', 0, Number.MAX_SAFE_INTEGER) ?? 0;
  const endTime = input.integer('endTime', 0, Number.MAX_SAFE_INTEGER) ?? Infinity;
  const names = input.texts('logStreamNames');
  const prefix = input.text('logStreamNamePrefix');
  if (names !== undefined && prefix !== undefined) {
    throw new ServiceError(
      'InvalidParameterException',
      'logStreamNames and logStreamNamePrefix exclude each other',
    );
  }
  const streams = names === undefined ? undefined : new Set(names);
  const token = input.text('nextToken');
  const wanted = (event: StoredEvent): boolean =>
    event.timestamp >= startTime &&
    (streams === undefined || streams.has(event.stream)) &&
    (prefix === undefined || event.stream.startsWith(prefix)) &&
    matches(event.message);

  const page = new Page(limit);
  let scanned = 0;
  let end = token === undefined ? undefined : parseToken(token);
  scan: for await (const events of group.read(end ?? { time: startTime })) {
    for (const event of events) {
      if (event.timestamp > endTime) break scan;
      scanned += 1;
      if (wanted(event) && !page.add(event)) return page.filtered(formatToken(event.position));
      end = event.next;
      if (page.full || scanned >= MAX_SCANNED_EVENTS) return page.filtered(formatToken(end));
    }
  }
  return page.filtered(undefined);
}

/** Answers GetLogEvents on one stream of a group. */
export async function getLogEvents(group: LogGroup, input: FieldReader): Promise<Record<string, unknown>> {
  const stream = input.requiredText('logStreamName');
  if (!group.segments().some((segment) => segment.streams[stream] !== undefined)) {
    throw new ServiceError('ResourceNotFoundException', 'The specified log stream does not exist.');
  }
  const limit = input.integer('limit', 1, MAX_EVENTS) ?? MAX_EVENTS;
  const startTime = input.integer('startTime', 0, Number.MAX_SAFE_INTEGER) ?? 0;
  const endTime = input.integer('endTime', 0, Number.MAX_SAFE_INTEGER) ?? Infinity;
  const token = input.text('nextToken');
  const backward = token === undefined ? input.boolean('startFromHead') !== true : token.startsWith('b/');
  const place = token === undefined ? undefined : parseToken(token.slice(2));

  const page = new Page(limit, backward);
  let end = place ?? { segment: 0, offset: 0 };
  const from = place === undefined || backward ? { time: startTime } : place;
  scan: for await (const events of group.read(from)) {
    for (const event of events) {
      if (
        event.timestamp >= endTime ||
        (backward && place !== undefined && !isBefore(event.position, place))
      ) {
        break scan;
      }
      if (event.stream === stream && event.timestamp >= startTime && !page.add(event)) break scan;
      if (!backward || place === undefined) end = event.next;
      if (page.full && !backward) break scan;
    }
  }
  const first = page.events[0]?.position ?? place ?? end;
  return {
    events: page.events.map((event) => ({
      timestamp: event.timestamp,
      message: event.message,
      ingestionTime: event.timestamp,
    })),
    nextForwardToken: `f/${formatToken(backward && place !== undefined ? (page.events.at(-1)?.next ?? place) : end)}`,
    nextBackwardToken: `b/${formatToken(first)}`,
  };
}

/** Up to `limit` events and about 1 MB; a sliding one keeps the last of what it is given. */
class Page {
  readonly events: StoredEvent[] = [];
  #bytes = 0;

  constructor(
    private readonly limit: number,
    private readonly sliding = false,
  ) {}

  get full(): boolean {
    return this.events.length >= this.limit;
  }

  /** False when the event no longer fits. */
  add(event: StoredEvent): boolean {
    const bytes = Buffer.byteLength(event.message) + EVENT_OVERHEAD_BYTES;
    const overflows = (): boolean =>
      this.events.length > 0 && (this.full || this.#bytes + bytes > MAX_ANSWER_BYTES);
    while (this.sliding && overflows()) {
      const dropped = this.events.shift();
      this.#bytes -= Buffer.byteLength(dropped?.message ?? '') + EVENT_OVERHEAD_BYTES;
    }
    if (overflows()) return false;
    this.events.push(event);
    this.#bytes += bytes;
    return true;
  }

  filtered(nextToken: string | undefined): Record<string, unknown> {
    return {
      events: this.events.map((event) => ({
        logStreamName: event.stream,
        timestamp: event.timestamp,
        message: event.message,
        ingestionTime: event.timestamp,
        eventId: eventId(event.position),
      })),
      searchedLogStreams: [],
      ...(nextToken === undefined ? {} : { nextToken }),
    };
  }
}

/** Unique in the group, stable, and growing in stored order, as CloudWatch's 56 digits are. */
function eventId(position: LogPosition): string {
  return `${String(position.segment).padStart(28, '0')}${String(position.offset).padStart(28, '0')}`;
}

function isBefore(a: LogPosition, b: LogPosition): boolean {
  return a.segment < b.segment || (a.segment === b.segment && a.offset < b.offset);
}

function formatToken(position: LogPosition): string {
  return `${position.segment}.${position.offset}`;
}

function parseToken(token: string): LogPosition {
  const match = /^(\d{1,12})\.(\d{1,15})$/.exec(token);
  if (match === null) {
    throw new ServiceError('InvalidParameterException', 'The specified nextToken is invalid.');
  }
  return { segment: Number(match[1]), offset: Number(match[2]) };
}
