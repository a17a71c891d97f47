// The account of many entries of a log.
import type { BatchEntry, LogEntry } from './join.js';

export interface LogTotals {
  readonly batches: number;
  /** Exact: the sum of the batches' own counts. A record that was delivered twice counts twice. */
  readonly records: number;
  /** How many of them Lambda was told to deliver again. A batch that timed out is repeated without being in here. */
  readonly retried: number;
  readonly undecodable: number;
  readonly failures: number;
  /** Invocations that ended with a time-out or a crash: their records are delivered again, uncounted. */
  readonly unfinished: number;
  /** Lines that report an error which is in none of the other counts: of the user's code, or of what runs it. */
  readonly otherErrors: number;
  readonly coldStarts: number;
  /** ms. */
  readonly billedMs: number;
}

const NO_TOTALS: LogTotals = {
  batches: 0,
  records: 0,
  retried: 0,
  undecodable: 0,
  failures: 0,
  unfinished: 0,
  otherErrors: 0,
  coldStarts: 0,
  billedMs: 0,
};

export interface LogAccount {
  readonly totals: LogTotals;
  add(entry: LogEntry): void;
}

/** Counts entries in any order: the line about a bad end comes before its batch, or after. */
export function createLogAccount(): LogAccount {
  let totals = NO_TOTALS;
  /** Error lines by invocation, until its bad end stands for them. */
  const errorLines = new Map<string, number>();
  const unfinished = new Set<string>();
  return {
    get totals() {
      return totals;
    },
    add(entry) {
      if (entry.type === 'batch') {
        totals = addBatch(totals, entry);
        if (entry.status === undefined) return;
        unfinished.add(entry.requestId);
        const explained = errorLines.get(entry.requestId) ?? 0;
        errorLines.delete(entry.requestId);
        totals = { ...totals, otherErrors: totals.otherErrors - explained };
        return;
      }
      // Batches count the other two themselves.
      if (entry.type !== 'error' || entry.kind === 'undecodable' || entry.kind === 'handler') return;
      const { requestId } = entry;
      if (requestId !== undefined) {
        if (unfinished.has(requestId)) return;
        errorLines.set(requestId, (errorLines.get(requestId) ?? 0) + 1);
      }
      totals = { ...totals, otherErrors: totals.otherErrors + 1 };
    },
  };
}

function addBatch(totals: LogTotals, batch: BatchEntry): LogTotals {
  return {
    ...totals,
    batches: totals.batches + 1,
    records: totals.records + batch.records,
    retried: totals.retried + batch.retried,
    undecodable: totals.undecodable + batch.undecodable,
    failures: totals.failures + batch.failures,
    unfinished: totals.unfinished + (batch.status === undefined ? 0 : 1),
    coldStarts: totals.coldStarts + (batch.initMs === undefined ? 0 : 1),
    billedMs: totals.billedMs + (batch.billedMs ?? 0),
  };
}
