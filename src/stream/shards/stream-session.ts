// One stream, from its first listing until it has nothing more to give: begins each shard when its parent is done, and
// lists again when a shard ends, when something is missing, and every so often.

import { AttemptCount, type OnRetry } from '../api/observe-attempts.js';
import type { StreamApi } from '../api/stream-api.js';
import type { GapEvent, RecoveryEvent, ShardEvent } from '../events.js';
import type { Ledger } from '../ledger/ledger.js';
import type { ReadPage } from '../records/read-page.js';
import type { Clock } from '../time/clock.js';
import { Latch } from '../time/latch.js';
import { WakeSleep } from '../time/wake-sleep.js';
import { Lineage, type ShardNode } from './lineage.js';
import { AWS_PACE, LOOPBACK_PACE } from './pacing.js';
import type { PageSlots } from './page-slots.js';
import type { ReaderContext, ReaderStart } from './reader-context.js';
import { ShardDirectory } from './shard-directory.js';
import { shardCreatedAt } from './shard-id.js';
import { ShardReader } from './shard-reader.js';

export interface SessionContext {
  readonly api: StreamApi;
  readonly streamArn: string;
  readonly loopback: boolean;
  readonly follow: boolean;
  readonly startedAt: number;
  /** Until when an earlier tail of the same name accounted for the stream; else when this one began. */
  readonly accountedFrom: number;
  readonly retentionMs: number;
  /** False for the streams that take the place of the first: all that is in them is news. */
  readonly isFirst: boolean;
  readonly clock: Clock;
  readonly random: () => number;
  readonly signal: AbortSignal;
  readonly slots: PageSlots;
  readonly ledger: Ledger;
  /** Where to begin a shard; `atStart` for those of the first listing. */
  readonly plan: (lineage: Lineage, node: ShardNode, atStart: boolean) => ReaderStart | 'skip';
  /** Reads only this shard. */
  readonly onlyShard?: string;
  readonly onPage: (page: ReadPage) => void;
  readonly onNotice: (notice: ShardEvent | GapEvent | RecoveryEvent) => void;
  readonly onRetry: OnRetry;
  readonly onDefect: (error: unknown) => void;
}

/** The periodic listing finds what no event announced. */
const RELIST_MS = { aws: 60_000, loopback: 5_000 } as const;
/** While a shard waits for a parent that is not listed, or a listing is incomplete. */
const URGENT_RELIST_MS = { aws: 1_500, loopback: 100 } as const;
const DESCRIBE_GAP_MS = { aws: 250, loopback: 10 } as const;
/** How long an ended stream must show nothing new before it is left. */
const SETTLE_MS = { aws: 12_000, loopback: 1_200 } as const;
const ITERATORS_AT_ONCE = 16;
/** Waking hundreds of idle shards for one of them would be a storm. */
const MOST_WOKEN = 32;
const WAKE_AFTER_IDLE_MS = 1_000;
const WAKE_EVERY_MS = 5_000;

export class StreamSession {
  readonly lineage: Lineage;
  readonly readers = new Map<string, ShardReader>();
  readonly directory: ShardDirectory;
  private readonly changed = new Latch();
  private readonly idle: WakeSleep;
  private readonly outage: WakeSleep;
  private readonly relist: WakeSleep;
  private readonly readerContext: ReaderContext;
  private readonly missedParents = new Set<string>();
  private readonly starts = new Map<string, ReaderStart>();
  private readonly kind: 'aws' | 'loopback';
  private isBegun = false;
  private quietSince: number | undefined;
  private lastActivityAt = 0;
  private lastWakeAt = 0;

  constructor(private readonly context: SessionContext) {
    const { api, streamArn, clock, random, signal, follow, startedAt, slots, ledger } = context;
    const { onPage, onRetry, onNotice, loopback } = context;
    this.lineage = new Lineage(context.retentionMs);
    this.kind = loopback ? 'loopback' : 'aws';
    this.idle = new WakeSleep(clock);
    this.outage = new WakeSleep(clock);
    this.relist = new WakeSleep(clock);
    this.directory = new ShardDirectory({
      api,
      streamArn,
      lineage: this.lineage,
      clock,
      signal,
      describeGapMs: DESCRIBE_GAP_MS[this.kind],
      // Somewhat less, so that the jitter of the listings does not skip every second look.
      tableGapMs: RELIST_MS[this.kind] * 0.8,
      random,
      onListed: () => this.changed.notify(),
      onEnding: () => {
        this.idle.wake();
        this.changed.notify();
      },
      onRetry,
    });
    this.readerContext = {
      api,
      streamArn,
      lineage: this.lineage,
      directory: this.directory,
      clock,
      random,
      pace: loopback ? LOOPBACK_PACE : AWS_PACE,
      follow,
      startedAt,
      retentionMs: context.retentionMs,
      signal,
      slots,
      idle: this.idle,
      outage: this.outage,
      ledger,
      onPage,
      onGap: onNotice,
      onRetry,
      onRecovery: onNotice,
      onActivity: () => this.wakeNeighbours(),
    };
  }

  /** Lists the stream and fixes where each of its shards is begun. Rejects with AWS's error when it cannot be listed. */
  async begin(): Promise<void> {
    await this.directory.list();
    const nodes = [...this.lineage.all()];
    const { onlyShard } = this.context;
    const parent = onlyShard === undefined ? undefined : this.lineage.get(onlyShard)?.parent;
    // One shard by itself has no order to keep.
    if (parent !== undefined) this.lineage.assumeDone([parent]);
    const queue = nodes.flatMap((node) => {
      const start = this.planFor(node, true);
      if (start === 'skip') {
        this.lineage.finish(node.id, this.context.clock.now());
        return [];
      }
      this.starts.set(node.id, start);
      return start.from.type === 'latest' ? [{ shard: node.id, start }] : [];
    });
    // LATEST means now: these are opened before anything is announced.
    const openers = Array.from({ length: Math.min(ITERATORS_AT_ONCE, queue.length) }, async () => {
      for (let next = queue.pop(); next !== undefined; next = queue.pop()) await this.openLatest(next);
    });
    await Promise.all(openers);
    this.isBegun = true;
  }

  /** Shards that can take writes now, as far as is known. */
  get openShards(): number {
    let open = 0;
    for (const node of this.lineage.all()) if (!this.lineage.isClosed(node.id)) open += 1;
    return open;
  }

  /** Reports what is known to be missing and waits for its far end: the tail ends before that shows. */
  reportPendingGaps(): void {
    for (const reader of this.readers.values()) reader.reportPendingGap();
  }

  /** Resolves when nothing is left to read here, or at the signal. */
  async run(): Promise<void> {
    const { signal, clock } = this.context;
    const stop = () => {
      this.idle.close();
      this.outage.close();
      this.relist.close();
      this.changed.notify();
    };
    signal.addEventListener('abort', stop, { once: true });
    const listing = this.keepListing();
    try {
      while (!signal.aborted) {
        this.launchReady();
        if (this.isOver()) break;
        await this.changed.wait();
      }
    } finally {
      signal.removeEventListener('abort', stop);
      stop();
      await listing;
      await clock.sleep(0);
    }
  }

  private isOver(): boolean {
    const { waiting } = this.lineage.counts();
    const { onlyShard, follow, clock } = this.context;
    if (this.readers.size > 0) {
      this.quietSince = undefined;
      return false;
    }
    if (onlyShard !== undefined || this.directory.status === 'GONE') return true;
    if (waiting > 0) return false;
    if (!follow) return true;
    if (!this.directory.isEnding) return false;
    // The listing may lag: shards that were written to just before the end can still appear.
    this.quietSince ??= clock.now();
    return this.directory.isComplete && clock.now() - this.quietSince >= SETTLE_MS[this.kind];
  }

  private launchReady(): void {
    for (let ready = this.lineage.ready(); ready.length > 0; ready = this.lineage.ready()) {
      for (const node of ready) {
        const start = this.starts.get(node.id) ?? this.planFor(node, false);
        this.starts.delete(node.id);
        if (start === 'skip') this.lineage.finish(node.id, this.context.clock.now());
        else this.launch(node, start);
      }
    }
  }

  private planFor(node: ShardNode, atStart: boolean): ReaderStart | 'skip' {
    const { plan, onlyShard, isFirst } = this.context;
    if (onlyShard !== undefined && node.id !== onlyShard) return 'skip';
    const start = plan(this.lineage, node, atStart && isFirst);
    if (start === 'skip') return start;
    return atStart ? start : { ...start, cause: 'roll' };
  }

  private launch(node: ShardNode, start: ReaderStart): void {
    const { onNotice, onDefect } = this.context;
    if (this.context.onlyShard === undefined) this.reportMissedParent(node);
    const reader = new ShardReader(this.readerContext, node.id, start);
    this.readers.set(node.id, reader);
    this.lineage.begin(node.id);
    const parent = node.parent === undefined ? {} : { parent: node.parent };
    onNotice({ type: 'shard', shard: node.id, state: 'opened', ...parent });
    reader
      .run()
      .then((end) => {
        this.readers.delete(node.id);
        this.lineage.finish(node.id, this.context.clock.now());
        if (end === 'drained' || end === 'gone') {
          const children = this.lineage.childrenOf(node.id);
          onNotice({ type: 'shard', shard: node.id, state: 'closed', ...parent, children });
        }
      })
      .catch(onDefect)
      .finally(() => {
        // Nothing is left to read: what comes next is in the listing, and a minute is too long to wait for it.
        if (this.isWithoutWork()) this.relist.wake();
        this.changed.notify();
      });
  }

  /** A parent that was open while we tailed, and that no listing ever showed: it came and went while we could not look. */
  private reportMissedParent({ id, parent }: ShardNode): void {
    const { accountedFrom, retentionMs, clock, onNotice } = this.context;
    const closedAt = shardCreatedAt(id);
    if (parent === undefined || closedAt === undefined || closedAt < accountedFrom) return;
    if (this.lineage.isDone(parent)) return;
    if (closedAt > clock.now() - retentionMs) return;
    if (this.lineage.get(parent) !== undefined || this.missedParents.has(parent)) return;
    this.missedParents.add(parent);
    onNotice({ type: 'gap', shard: parent, reason: 'the shard was gone before it could be read' });
  }

  private async openLatest({ shard, start }: { shard: string; start: ReaderStart }): Promise<void> {
    const { api, streamArn, signal, onRetry } = this.context;
    const attempts = new AttemptCount(onRetry, { operation: 'GetShardIterator', shard });
    const { onRetried } = attempts;
    try {
      const iterator = await api.iterator(streamArn, shard, { type: 'latest' }, { signal, onRetried });
      if (iterator !== undefined) {
        this.starts.set(shard, { ...start, iterator });
        return;
      }
    } catch (error) {
      attempts.failed(error, 0);
    }
    // Later, LATEST would be too late: from the beginning, without what is older than this.
    this.starts.set(shard, { ...start, from: { type: 'horizon' } });
  }

  private async keepListing(): Promise<void> {
    const { signal, random } = this.context;
    for (let urgent = 0; !signal.aborted; ) {
      const isUrgent =
        !this.directory.isComplete || this.lineage.hasUnconfirmedParents || this.isWithoutWork();
      urgent = isUrgent ? urgent + 1 : 0;
      const pause = isUrgent
        ? Math.min(RELIST_MS[this.kind], URGENT_RELIST_MS[this.kind] * 1.3 ** Math.max(0, urgent - 4))
        : RELIST_MS[this.kind];
      const { pauseMs } = this.directory;
      await this.relist.sleep(pauseMs > 0 ? pauseMs : Math.round(pause * (0.9 + 0.2 * random())));
      if (this.isClosing || signal.aborted) return;
      await this.directory.refresh();
      if (this.isClosing) return;
      await this.directory.table.check();
      if (this.isClosing) return;
    }
  }

  /** Every shard is done, yet the stream lives: its children must be about to appear. */
  private isWithoutWork(): boolean {
    return this.readers.size === 0 && this.isBegun;
  }

  private get isClosing(): boolean {
    return this.context.signal.aborted || this.relist.isClosed;
  }

  private wakeNeighbours(): void {
    const now = this.context.clock.now();
    const wasIdle = now - this.lastActivityAt > WAKE_AFTER_IDLE_MS;
    this.lastActivityAt = now;
    if (!wasIdle || now - this.lastWakeAt < WAKE_EVERY_MS || this.readers.size > MOST_WOKEN) return;
    this.lastWakeAt = now;
    this.idle.wake();
  }
}
