// Keeps the lineage up to date: pages through DescribeStream within one shared budget, joins requests that arrive
// together, keeps what it found when a page fails.

import { AttemptCount } from '../api/observe-attempts.js';
import { readErrorKind } from '../api/read-errors.js';
import { retryDelayMs } from '../api/retry-delay.js';
import type { ApiCall, DescribeRequest, ShardListing, StreamDescription } from '../api/stream-api.js';
import type { Lineage } from './lineage.js';
import { TableWatch, type TableWatchContext } from './table-watch.js';

/** A stream of more shards than this many pages of 100 does not exist; a server that pages in circles does. */
const MOST_PAGES = 1_000;
const PAGE_ATTEMPTS = 4;
const LONGEST_PAUSE_MS = 5_000;
/** Above one page of shards, asking for the children of one costs less than the whole list. */
const SHARDS_A_PAGE = 100;

export interface DirectoryContext extends TableWatchContext {
  readonly lineage: Lineage;
  /** The account has about ten DescribeStream a second for everyone: the least time between two of ours. */
  readonly describeGapMs: number;
  readonly onListed: () => void;
  readonly random: () => number;
}

/** A listing under way: what the pages so far had, and which page is next. */
interface Listing {
  readonly found: ShardListing[];
  readonly seen: Set<string>;
  request: DescribeRequest;
}

export class ShardDirectory {
  /** The stream's status as last seen; `GONE` once it is certain not to exist any more. */
  status = 'ENABLED';
  readonly table: TableWatch;
  viewType = '';
  private label: string | undefined;
  /** How long to wait before the listing that failed is asked for again; 0 when it did not fail. */
  pauseMs = 0;
  /** When the stream last answered for itself, in ms since the epoch. */
  listedAt = 0;
  /** False while the last listing lacks pages. */
  isComplete = false;
  private running: Promise<void> | undefined;
  private queued: Promise<void> | undefined;
  private readonly parents = new Set<string>();
  private nextDescribeAt = 0;
  private childrenFilterWorks = true;
  /** Listings that failed in a row. */
  private failures = 0;
  private readonly attempts: AttemptCount;
  private broken: Listing | undefined;
  private readonly call: ApiCall;

  constructor(private readonly context: DirectoryContext) {
    const { signal, onRetry } = context;
    this.table = new TableWatch(context);
    this.attempts = new AttemptCount(onRetry, { operation: 'DescribeStream' });
    this.call = { signal, onRetried: this.attempts.onRetried };
  }

  get isEnding(): boolean {
    return this.table.isReplaced || ['DISABLED', 'DISABLING', 'GONE'].includes(this.status);
  }

  /** Resolves after a listing that was begun after this call, also when it failed. Never rejects. */
  refresh(parent?: string): Promise<void> {
    if (parent !== undefined) this.parents.add(parent);
    this.queued ??= (this.running ?? Promise.resolve()).then(() => {
      this.running = this.queued;
      this.queued = undefined;
      return this.listQuietly();
    });
    return this.queued;
  }

  /**
   * Lists every page, going on where the last listing failed. Rejects when its first page fails; a later failure leaves
   * the listing incomplete, with what was found taken in.
   */
  async list(): Promise<void> {
    const { lineage, clock } = this.context;
    const listing: Listing = this.broken ?? { found: [], seen: new Set(), request: {} };
    const isFresh = listing.seen.size === 0;
    this.broken = undefined;
    this.isComplete = false;
    while (listing.seen.size < MOST_PAGES) {
      const answer = await this.describePage(listing.request, isFresh && listing.seen.size === 0);
      if (answer === undefined) {
        this.broken = listing;
        break;
      }
      this.noteStatus(answer.status);
      this.viewType = answer.viewType === '' ? this.viewType : answer.viewType;
      listing.found.push(...answer.shards);
      const after = answer.lastShard;
      if (after === undefined || listing.seen.has(after)) {
        this.isComplete = true;
        break;
      }
      listing.seen.add(after);
      listing.request = { after };
    }
    if (this.isComplete) {
      this.failures = 0;
      this.pauseMs = 0;
    }
    this.attempts.answered();
    this.listedAt = clock.now();
    const { found } = listing;
    lineage.merge(found, { complete: this.isComplete, isFresh, now: clock.now() });
    if (this.isComplete) lineage.forget(new Set(found.map(({ id }) => id)), clock.now());
    this.context.onListed();
  }

  /** A page behind the first is asked for a few times: starting over would cost all pages before it again. */
  private async describePage(
    request: DescribeRequest,
    isFirst: boolean,
  ): Promise<StreamDescription | undefined> {
    const { api, streamArn, signal, clock, random } = this.context;
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.spend();
        const answer = await api.describe(streamArn, request, this.call);
        this.refuseOther(answer);
        return answer;
      } catch (error) {
        if (isFirst || signal.aborted) throw error;
        const isLast = attempt >= PAGE_ATTEMPTS;
        // The last one waits for the listing after this.
        const delayMs = isLast ? this.nextPauseMs() : retryDelayMs(attempt, random);
        this.attempts.failed(error, delayMs);
        if (isLast) return undefined;
        await clock.sleep(delayMs, signal);
      }
    }
  }

  private async listQuietly(): Promise<void> {
    const parents = [...this.parents];
    this.parents.clear();
    if (this.context.signal.aborted) return;
    try {
      if (await this.foundAllChildren(parents)) return;
      await this.list();
    } catch (error) {
      if (this.context.signal.aborted) return;
      this.isComplete = false;
      if (readErrorKind(error) === 'notFound' && (await this.table.hasLost())) {
        this.status = 'GONE';
        this.context.onListed();
        this.context.onEnding();
      } else {
        this.attempts.failed(error, this.nextPauseMs());
      }
    }
  }

  private nextPauseMs(): number {
    this.failures += 1;
    this.pauseMs = Math.min(LONGEST_PAUSE_MS, retryDelayMs(this.failures, this.context.random));
    return this.pauseMs;
  }

  /** A server that finds streams by their table answers for the present one, whichever was asked for. */
  private refuseOther({ label }: StreamDescription): void {
    this.label ??= label === this.table.otherLabel ? undefined : label;
    if (label === undefined || label === this.label) return;
    throw Object.assign(new Error(`the server answers for the stream ${label}`), {
      name: 'ResourceNotFoundException',
    });
  }

  /** What is gone does not come back: a server that makes streams anew under an old name has made another one. */
  private noteStatus(status: string): void {
    if (this.status !== 'GONE') this.status = status;
  }

  /** In a stream of many shards, one call for each of few parents; false when the whole list is needed. */
  private async foundAllChildren(parents: readonly string[]): Promise<boolean> {
    const { api, streamArn, lineage, clock } = this.context;
    const pages = lineage.size / SHARDS_A_PAGE;
    if (!this.childrenFilterWorks || parents.length === 0 || parents.length >= pages) return false;
    for (const parent of parents) {
      try {
        await this.spend();
        const answer = await api.describe(streamArn, { childrenOf: parent }, this.call);
        this.refuseOther(answer);
        this.noteStatus(answer.status);
        lineage.merge(answer.shards, { complete: false, isFresh: false, now: clock.now() });
      } catch (error) {
        if (readErrorKind(error) !== 'invalid') throw error;
        this.childrenFilterWorks = false;
        return false;
      }
      if (lineage.childrenOf(parent).length === 0) return false;
    }
    this.context.onListed();
    return true;
  }

  private async spend(): Promise<void> {
    const { clock, describeGapMs, signal } = this.context;
    const now = clock.now();
    const at = Math.max(now, this.nextDescribeAt);
    this.nextDescribeAt = at + describeGapMs;
    if (at > now) await clock.sleep(at - now, signal);
  }
}
