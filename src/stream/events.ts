// What a tail emits: the core speaks in these, renderers print them. Fields are only ever added.
import type { Change } from '../model/change.js';
import type { StreamRecord } from '../model/wire.js';

export interface StartEvent {
  readonly type: 'start';
  readonly table: string;
  readonly streamArn: string;
  readonly viewType: string;
  readonly from: string;
  readonly shards: number;
}

export interface ChangeEvent<T = unknown> {
  readonly type: 'change';
  readonly change: Change<T>;
  /** The record as read, for printing images without a second encoding. */
  readonly record: StreamRecord;
  readonly shard: string;
  readonly streamArn: string;
  /** Number of the batch that it came in, from 1. */
  readonly batch: number;
  /** The tail before this one was killed with this change in hand: whether it showed it, nobody knows. */
  readonly maybeRepeated?: true;
}

/** All changes of a batch as lines, with their line ends. The bytes are written over once the next event is asked for. */
export interface LinesEvent {
  readonly type: 'lines';
  readonly bytes: Uint8Array;
  readonly lines: number;
}

export interface BatchEvent {
  readonly type: 'batch';
  readonly batch: number;
  readonly shard: string;
  /** Distinct records in the batch, filtered-out ones included. */
  readonly records: number;
  readonly duplicates: number;
  readonly filtered: number;
  readonly fetchMs: number;
  readonly decodeMs: number;
  /** ≈: now minus the newest record's creation time, which has whole seconds. */
  readonly lagMs: number;
  /** Write-to-seen from the millisecond stamp in seeded items, where there is one: the batch's worst. */
  readonly writeToSeenMs?: number;
  /** Why lag jumped, when it did. */
  readonly cause?: 'roll' | 'throttle' | 'retry' | 'backlog';
}

export interface ShardEvent {
  readonly type: 'shard';
  readonly shard: string;
  readonly state: 'opened' | 'closed';
  readonly parent?: string;
  /** On `closed`: what was known of its children then. */
  readonly children?: readonly string[];
}

/**
 * Records that were in the stream and can no longer be read: between `lastSeen` and `firstAvailable`, or, without the
 * latter, all that came after, in the shard and in children of it that are never opened.
 */
export interface GapEvent {
  readonly type: 'gap';
  readonly shard: string;
  readonly lastSeen?: string;
  readonly firstAvailable?: string;
  readonly reason: string;
}

export interface RetryEvent {
  readonly type: 'retry';
  readonly operation: string;
  readonly shard?: string;
  readonly error: string;
  /** How many have failed in a row. */
  readonly attempt: number;
  /** The wait before the next. */
  readonly delayMs: number;
  /** The wait is over: so it is with attempts that the SDK makes by itself. */
  readonly waited?: true;
}

/** A shard that failed several times in a row is being read again. */
export interface RecoveryEvent {
  readonly type: 'recovery';
  readonly shard: string;
  /** Since its first failure. */
  readonly afterMs: number;
  /** How often it was tried in vain. */
  readonly attempts: number;
}

/** The table's stream was replaced: the old one is drained, reading goes on at the new one. */
export interface SwitchEvent {
  readonly type: 'switch';
  readonly from: string;
  readonly to: string;
  readonly reason: string;
  /** The new stream's, which need not be the old one's. */
  readonly viewType?: string;
}

export interface StallEvent {
  readonly type: 'stall';
  readonly shard: string;
  readonly sinceMs: number;
}

/** The account of a whole tail. */
export interface LedgerSnapshot {
  readonly records: number;
  readonly shown: number;
  readonly filtered: number;
  readonly undecodable: number;
  readonly batches: number;
  readonly duplicates: number;
  /** Older than the position that the tail was asked to start at. */
  readonly skipped?: number;
  readonly gaps: number;
  readonly reads: number;
  readonly throttles: number;
  readonly retries: number;
  readonly stalls: number;
  readonly shards: { readonly open: number; readonly closed: number; readonly waiting: number };
  readonly lagMs: { readonly now: number | null; readonly p50: number | null; readonly p99: number | null };
  readonly elapsedMs: number;
}

export interface EndEvent extends LedgerSnapshot {
  readonly type: 'end';
  readonly reason:
    | 'limit'
    | 'expected'
    | 'drained'
    | 'time'
    | 'range'
    | 'interrupted'
    | 'streamEnded'
    | 'gap'
    | 'stall';
}

/** What a tail says beside its changes. */
export type NoticeEvent =
  | StartEvent
  | BatchEvent
  | ShardEvent
  | GapEvent
  | RetryEvent
  | RecoveryEvent
  | SwitchEvent
  | StallEvent
  | EndEvent;

export type TailEvent<T = unknown> = ChangeEvent<T> | NoticeEvent;

/** What the changes of a page become: an event each, or their lines. */
export type ContentEvent = ChangeEvent | LinesEvent;
