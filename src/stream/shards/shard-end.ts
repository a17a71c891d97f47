// When a shard is read to its end. The service says it with a missing iterator, in listings, with an end number and by
// children, not always all of them and not always truly: only what cannot be a slip ends a reader.
import { retryDelayMs } from '../api/retry-delay.js';
import { CREATION_TIME_STEP_MS } from '../records/creation-time.js';
import { compareSequences } from '../records/sequence.js';
import type { ReaderContext, ReaderEnd } from './reader-context.js';
import type { ShardCursor } from './shard-cursor.js';
import { shardCreatedAt } from './shard-id.js';

/** A closed shard without children is asked for them again at this pace at most. */
const LONGEST_CHILD_WAIT_MS = 5_000;
const SHORTER_CHILD_WAIT_MS = 500;
/** A shard with something newer than this may have been closed just now. */
const RECENT_MS = 10 * 60_000;
/** An open shard of a disabled stream takes no writes: its end is its tip, for servers that never close it. */
const ENDING_TIP_FACTOR = 3;

export class ShardEnd {
  /** Empty answers in a row. */
  emptyReads = 0;
  /** The creation time of the newest record read, in ms since the epoch. */
  lastRecordAt: number | undefined;
  /** Empty answers in a row since the stream was seen to end. */
  private endingReads = 0;
  private nullIterators = 0;
  /** When its end was first met, in ms since the epoch. */
  private endedAt: number | undefined;
  /** What was known of the shard's end before the read in hand: what is learnt later says nothing about its answer. */
  private knownClosed: 'no' | 'byEnd' | 'byChildren' = 'no';

  constructor(
    private readonly context: ReaderContext,
    private readonly shard: string,
    private readonly cursor: ShardCursor,
    private readonly isRange: boolean,
  ) {}

  beforeRead(): void {
    this.knownClosed = this.closedAsListed();
  }

  noteAnswer(records: number): void {
    this.emptyReads = records > 0 ? 0 : this.emptyReads + 1;
    this.endingReads = records > 0 || !this.context.directory.isEnding ? 0 : this.endingReads + 1;
    if (records > 0) this.nullIterators = 0;
  }

  /** What an answer with a next iterator says. */
  afterIterator(): ReaderEnd | undefined {
    this.nullIterators = 0;
    if (this.isAtEnd()) return 'drained';
    return this.isAtTip() ? 'tip' : undefined;
  }

  /**
   * The iterator is at its end. So is the shard, if the listing says so; otherwise reading goes on after the last number,
   * with a wait of `delayMs` where that is other than usual.
   */
  async afterNullIterator(): Promise<ReaderEnd | { readonly delayMs?: number }> {
    const { directory, follow, random } = this.context;
    this.nullIterators += 1;
    if (this.knownClosed === 'byChildren') return 'drained';
    const wasEnding = directory.isEnding;
    await directory.refresh(this.shard);
    if (directory.status === 'GONE') return 'drained';
    if (this.knownClosed === 'byEnd') {
      // Nothing can follow: no stream to have children in, or no wish to see what they hold.
      const isLast = wasEnding || this.isRange || (!follow && !this.mayHaveLateChild());
      if (isLast && this.nullIterators >= 2) return 'drained';
    } else if (this.isAtTip()) return 'tip';
    const nowClosed = this.closedAsListed();
    // Closed since: what was written until then is still to be read. The next null iterator is the last.
    if (nowClosed !== this.knownClosed) return { delayMs: 0 };
    // Closed without a child is a listing that lags behind.
    if (nowClosed !== 'byEnd') return {};
    const longest = follow ? LONGEST_CHILD_WAIT_MS : SHORTER_CHILD_WAIT_MS;
    return { delayMs: Math.min(longest, retryDelayMs(this.nullIterators + 1, random)) };
  }

  /**
   * A shard of a living stream closes when its child is made, and listings show that some seconds later. Not every server
   * makes children: there, one that was closed lately is waited for, and no other.
   */
  private mayHaveLateChild(): boolean {
    const { clock, pace } = this.context;
    const now = clock.now();
    this.endedAt ??= now;
    if (now - this.endedAt >= pace.lateChildMs) return false;
    const latest = Math.max(this.lastRecordAt ?? 0, shardCreatedAt(this.shard) ?? 0);
    return pace.makesChildren || latest > now - RECENT_MS;
  }

  /** Read to the end number of a shard that is certainly closed: some servers report one on open shards too. */
  isAtEnd(): boolean {
    const end = this.context.lineage.get(this.shard)?.finalEnd;
    const { last } = this.cursor;
    return end !== undefined && last !== undefined && compareSequences(last, end) >= 0;
  }

  /** All that was there when the tail began is read, as far as an open shard can tell. */
  private isAtTip(): boolean {
    const { follow, startedAt, pace } = this.context;
    if (this.endingReads >= pace.tipReads * ENDING_TIP_FACTOR) return true;
    if (follow) return false;
    if (this.emptyReads >= pace.tipReads) return true;
    return this.lastRecordAt !== undefined && this.lastRecordAt >= startedAt + CREATION_TIME_STEP_MS;
  }

  private closedAsListed(): 'no' | 'byEnd' | 'byChildren' {
    const { lineage } = this.context;
    if (lineage.childrenOf(this.shard).length > 0) return 'byChildren';
    return lineage.isClosed(this.shard) ? 'byEnd' : 'no';
  }
}
