// The account of many batches. Pure.
import type { BatchEntry } from './join.js';

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
  readonly coldStarts: number;
  /** ms. */
  readonly billedMs: number;
}

export const NO_TOTALS: LogTotals = {
  batches: 0,
  records: 0,
  retried: 0,
  undecodable: 0,
  failures: 0,
  unfinished: 0,
  coldStarts: 0,
  billedMs: 0,
};

/** The totals with one more batch. */
export function addBatch(totals: LogTotals, batch: BatchEntry): LogTotals {
  return {
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
