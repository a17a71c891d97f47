// What a reader of one shard is given, and what it gives back at its end.
import type { OnRetry } from '../api/observe-attempts.js';
import type { StreamApi } from '../api/stream-api.js';
import type { GapEvent, RecoveryEvent } from '../events.js';
import type { Ledger } from '../ledger/ledger.js';
import type { ReadPage } from '../records/read-page.js';
import type { Clock } from '../time/clock.js';
import type { WakeSleep } from '../time/wake-sleep.js';
import type { Lineage } from './lineage.js';
import type { Pace } from './pacing.js';
import type { PageSlots } from './page-slots.js';
import type { CursorStart } from './shard-cursor.js';
import type { ShardDirectory } from './shard-directory.js';

export interface ReaderContext {
  readonly api: StreamApi;
  readonly streamArn: string;
  readonly lineage: Lineage;
  readonly directory: ShardDirectory;
  readonly clock: Clock;
  readonly random: () => number;
  readonly pace: Pace;
  readonly follow: boolean;
  readonly startedAt: number;
  readonly retentionMs: number;
  readonly signal: AbortSignal;
  readonly slots: PageSlots;
  readonly idle: WakeSleep;
  /** Where those wait whose server does not answer. */
  readonly outage: WakeSleep;
  readonly ledger: Ledger;
  /** Takes over the page's slot. */
  readonly onPage: (page: ReadPage) => void;
  readonly onGap: (gap: GapEvent) => void;
  readonly onRetry: OnRetry;
  readonly onRecovery: (recovery: RecoveryEvent) => void;
  /** Called when records arrive after an idle time, so that the neighbours look at once too. */
  readonly onActivity: () => void;
}

export interface ReaderStart extends CursorStart {
  readonly cause?: ReadPage['cause'];
}

/**
 * - `drained`: closed and read to its end.
 * - `tip`: open, and all that was there at the start is read (`follow: false`).
 * - `range`: the end of the range is read.
 * - `gone`: the shard does not exist any more.
 * - `stopped`: the tail ends.
 */
export type ReaderEnd = 'drained' | 'tip' | 'range' | 'gone' | 'stopped';
