// The account of a tail: everything that was read, left out, asked for or missed, counted where it happens.
import type { EndEvent, LedgerSnapshot } from '../events.js';
import type { ReadPage } from '../records/read-page.js';
import { QuantileSketch } from './quantile-sketch.js';

type ShardCounts = LedgerSnapshot['shards'];

/** Of one batch. */
export interface ChangeCounts {
  readonly shown: number;
  readonly filtered: number;
  readonly undecodable: number;
}

export class Ledger {
  private readonly lag = new QuantileSketch();
  private lagNow: number | null = null;
  private records = 0;
  private shown = 0;
  private filtered = 0;
  private undecodable = 0;
  private batches = 0;
  private duplicates = 0;
  private skipped = 0;
  private gaps = 0;
  private reads = 0;
  private throttles = 0;
  private retries = 0;
  private stalls = 0;

  constructor(private readonly startedAt: number) {}

  /** The number of the batch that comes next, from 1. */
  get nextBatch(): number {
    return this.batches + 1;
  }

  /** Counts a page that the consumer takes, as far as it was `read` (a limit may cut it). */
  batch(page: ReadPage, read: number): void {
    this.batches += 1;
    this.records += read;
    this.duplicates += page.duplicates;
    this.skipped += page.skipped;
    if (read > 0) {
      this.lag.add(page.lagMs, read);
      this.lagNow = page.lagMs;
    }
  }

  changes({ shown, filtered, undecodable }: ChangeCounts): void {
    this.shown += shown;
    this.filtered += filtered;
    this.undecodable += undecodable;
  }

  get shownCount(): number {
    return this.shown;
  }

  read(): void {
    this.reads += 1;
  }

  throttled(): void {
    this.throttles += 1;
  }

  retried(): void {
    this.retries += 1;
  }

  gap(): void {
    this.gaps += 1;
  }

  stalled(): void {
    this.stalls += 1;
  }

  snapshot(now: number, shards: ShardCounts): LedgerSnapshot {
    return {
      records: this.records,
      shown: this.shown,
      filtered: this.filtered,
      undecodable: this.undecodable,
      batches: this.batches,
      duplicates: this.duplicates,
      skipped: this.skipped,
      gaps: this.gaps,
      reads: this.reads,
      throttles: this.throttles,
      retries: this.retries,
      stalls: this.stalls,
      shards,
      lagMs: {
        now: this.lagNow,
        p50: rounded(this.lag.quantile(0.5)),
        p99: rounded(this.lag.quantile(0.99)),
      },
      elapsedMs: now - this.startedAt,
    };
  }

  end(reason: EndEvent['reason'], now: number, shards: ShardCounts): EndEvent {
    return { type: 'end', reason, ...this.snapshot(now, shards) };
  }
}

function rounded(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms);
}
