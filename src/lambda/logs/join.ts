// Joins the handler's batch lines with Lambda's reports by request id. Pure, and tolerant of order: CloudWatch promises
// none between lines of one millisecond, and a page may end between a batch and its report.
import type { BatchNote, ChangeNote, ErrorNote, LogEvent, LogLine, Report } from './event.js';
import { parseLogMessage } from './parse.js';

/** One invocation: the handler's account and Lambda's, each null where it is not in the log. */
export interface BatchEntry {
  readonly type: 'batch';
  /** ms since the epoch. */
  readonly at: number;
  readonly requestId: string;
  /** 0 when the function ended before it could log its batch. */
  readonly records: number;
  readonly undecodable: number;
  readonly failures: number;
  /** Records that Lambda was told to deliver again: they are in a later batch, too. */
  readonly retried: number;
  readonly decodeMs: number | null;
  /** Only with a user's handler. */
  readonly handlerMs?: number;
  readonly batchMs: number | null;
  readonly iteratorAgeMs: number | null;
  readonly durationMs: number | null;
  readonly billedMs: number | null;
  readonly memoryMb: number | null;
  readonly maxMemoryMb: number | null;
  /** Only on a cold start. */
  readonly initMs?: number;
  /** Only when the invocation did not end well: `timeout`, `error`. */
  readonly status?: string;
  /** Lambda delivers again from here. */
  readonly retryFrom?: string;
}

export interface ErrorEntry extends ErrorNote {
  readonly type: 'error';
  readonly at: number;
}

export interface ChangeEntry extends ChangeNote {
  readonly type: 'change';
  readonly at: number;
  readonly requestId: string;
}

/** A line of the user's own code. */
export interface TextEntry {
  readonly type: 'log';
  readonly at: number;
  readonly requestId?: string;
  readonly message: string;
}

export type LogEntry = BatchEntry | ErrorEntry | ChangeEntry | TextEntry;

export interface Joiner {
  /** What this event, read at `readAt`, completes. A batch comes when both its line and its report were seen. */
  add(event: LogEvent, readAt?: number): LogEntry[];
  /** Gives up waiting for the other half of what was read before that time (default: everything). */
  flush(readBefore?: number): LogEntry[];
}

interface Half<T> {
  readonly at: number;
  readonly readAt: number;
  readonly value: T;
}

interface Pending {
  readonly notes: Half<BatchNote>[];
  readonly reports: Half<Report>[];
}

/**
 * `since` is the beginning of what is read: an invocation that began before it has its first lines outside, so its
 * report alone is no batch.
 */
export function createJoiner(since = 0): Joiner {
  const pending = new Map<string, Pending>();
  // Invocations whose bad end has its own line: the report's status would say it twice.
  const explained = new Set<string>();

  function add(event: LogEvent, readAt = 0): LogEntry[] {
    const line = parseLogMessage(event.message);
    switch (line.type) {
      case 'batch':
        return meet(line.batch.requestId, 'notes', { at: event.at, readAt, value: line.batch });
      case 'report':
        return meet(line.report.requestId, 'reports', { at: event.at, readAt, value: line.report });
      case 'error':
        return [errorOf(line, event.at)];
      case 'change':
        return [{ type: 'change', at: event.at, requestId: line.requestId, ...line.change }];
      case 'platform':
        return [];
      case 'text': {
        const { requestId, text } = line;
        const request = requestId === undefined ? {} : { requestId };
        return text === '' ? [] : [{ type: 'log', at: event.at, ...request, message: text }];
      }
    }
  }

  function errorOf(line: LogLine & { type: 'error' }, at: number): ErrorEntry {
    const { kind, requestId } = line.error;
    if (requestId !== undefined && (kind === 'timeout' || kind === 'crash' || kind === 'error')) {
      explained.add(requestId);
    }
    return { type: 'error', at, ...line.error };
  }

  function meet<K extends keyof Pending>(requestId: string, side: K, half: Pending[K][number]): LogEntry[] {
    const halves: Pending = pending.get(requestId) ?? { notes: [], reports: [] };
    pending.set(requestId, halves);
    // The side and the type of the half belong together, which a generic index cannot say.
    (halves[side] as Pending[K][number][]).push(half);
    const [note] = halves.notes;
    const [report] = halves.reports;
    if (note === undefined || report === undefined) return [];
    halves.notes.shift();
    halves.reports.shift();
    if (halves.notes.length + halves.reports.length === 0) pending.delete(requestId);
    return ended(joined(requestId, note, report));
  }

  function ended(batch: BatchEntry): LogEntry[] {
    if (batch.status === undefined || explained.has(batch.requestId)) return [batch];
    const kind = batch.status === 'timeout' ? 'timeout' : 'crash';
    const message = `the invocation ended with status ${batch.status}`;
    return [batch, { type: 'error', at: batch.at, kind, requestId: batch.requestId, message }];
  }

  function flush(readBefore = Number.POSITIVE_INFINITY): LogEntry[] {
    const entries: LogEntry[] = [];
    for (const [requestId, { notes, reports }] of pending) {
      while (notes[0] !== undefined && notes[0].readAt < readBefore) {
        entries.push(joined(requestId, notes.shift(), undefined));
      }
      while (reports[0] !== undefined && reports[0].readAt < readBefore) {
        const report = reports.shift();
        if (report !== undefined && report.at - report.value.durationMs >= since) {
          entries.push(...ended(joined(requestId, undefined, report)));
        }
      }
      if (notes.length + reports.length === 0) pending.delete(requestId);
    }
    return entries;
  }

  return { add, flush };
}

function joined(requestId: string, note?: Half<BatchNote>, report?: Half<Report>): BatchEntry {
  const { handlerMs, retryFrom } = note?.value ?? {};
  const { initMs, status } = report?.value ?? {};
  return {
    type: 'batch',
    at: note?.at ?? report?.at ?? 0,
    requestId,
    records: note?.value.records ?? 0,
    undecodable: note?.value.undecodable ?? 0,
    failures: note?.value.failures ?? 0,
    retried: note?.value.retried ?? 0,
    decodeMs: note?.value.decodeMs ?? null,
    ...(handlerMs === undefined ? {} : { handlerMs }),
    batchMs: note?.value.batchMs ?? null,
    iteratorAgeMs: note?.value.iteratorAgeMs ?? null,
    durationMs: report?.value.durationMs ?? null,
    billedMs: report?.value.billedMs ?? null,
    memoryMb: report?.value.memoryMb ?? null,
    maxMemoryMb: report?.value.maxMemoryMb ?? null,
    ...(initMs === undefined ? {} : { initMs }),
    ...(status === undefined ? {} : { status }),
    ...(retryFrom === undefined ? {} : { retryFrom }),
  };
}
