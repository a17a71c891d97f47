// Keeps the lineage up to date: pages through DescribeStream within one shared budget, joins requests that arrive
// together, keeps what it found when a page fails.
import type { Clock } from './clock.js';
import type { Lineage, ShardListing } from './lineage.js';
import { readErrorKind } from './read-errors.js';
import type { DescribeRequest, StreamApi, StreamDescription } from './stream-api.js';

/** A stream of more shards than this many pages of 100 does not exist; a server that pages in circles does. */
const MOST_PAGES = 1_000;
/** Above one page of shards, asking for the children of one costs less than the whole list. */
const SHARDS_A_PAGE = 100;

export interface DirectoryContext {
  readonly api: StreamApi;
  readonly streamArn: string;
  readonly lineage: Lineage;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** The account has about ten DescribeStream a second for everyone: the least time between two of ours. */
  readonly describeGapMs: number;
  readonly onListed: () => void;
  readonly onError: (operation: string, error: unknown) => void;
}

export class ShardDirectory {
  /** The stream's status as last seen; `GONE` when it does not exist any more. */
  status = 'ENABLED';
  viewType = '';
  /** False while the last listing lacks pages. */
  isComplete = false;
  private running: Promise<void> | undefined;
  private queued: Promise<void> | undefined;
  private readonly parents = new Set<string>();
  private nextDescribeAt = 0;
  private childrenFilterWorks = true;

  constructor(private readonly context: DirectoryContext) {}

  get isEnding(): boolean {
    return this.status === 'DISABLED' || this.status === 'DISABLING' || this.status === 'GONE';
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

  /** Lists every page once. Rejects when the first page fails; later failures leave the listing incomplete. */
  async list(): Promise<void> {
    const { api, streamArn, signal, lineage, clock } = this.context;
    const found: ShardListing[] = [];
    const seen = new Set<string>();
    let request: DescribeRequest = {};
    let complete = false;
    for (let page = 0; page < MOST_PAGES; page += 1) {
      let answer: StreamDescription;
      try {
        await this.spend();
        answer = await api.describe(streamArn, request, signal);
      } catch (error) {
        if (page === 0) throw error;
        this.context.onError('DescribeStream', error);
        break;
      }
      this.status = answer.status;
      this.viewType = answer.viewType === '' ? this.viewType : answer.viewType;
      found.push(...answer.shards);
      const after = answer.lastShard;
      if (after === undefined || seen.has(after)) {
        complete = true;
        break;
      }
      seen.add(after);
      request = { after };
    }
    this.isComplete = complete;
    lineage.merge(found, { complete, now: clock.now() });
    if (complete) lineage.forget(new Set(found.map(({ id }) => id)), clock.now());
    this.context.onListed();
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
      if (readErrorKind(error) === 'notFound') {
        this.status = 'GONE';
        this.context.onListed();
      } else {
        this.context.onError('DescribeStream', error);
      }
    }
  }

  /** In a stream of many shards, one call for each of few parents; false when the whole list is needed. */
  private async foundAllChildren(parents: readonly string[]): Promise<boolean> {
    const { api, streamArn, lineage, clock, signal } = this.context;
    const pages = lineage.size / SHARDS_A_PAGE;
    if (!this.childrenFilterWorks || parents.length === 0 || parents.length >= pages) return false;
    for (const parent of parents) {
      try {
        await this.spend();
        const answer = await api.describe(streamArn, { childrenOf: parent }, signal);
        this.status = answer.status;
        lineage.merge(answer.shards, { complete: false, now: clock.now() });
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
