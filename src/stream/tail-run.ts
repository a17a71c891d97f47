// One tail at work: the stream sessions one after the other (a table may get a new stream), the queue between readers
// and consumer, and the conditions under which it all ends.
import { setMaxListeners } from 'node:events';
import { translateAwsError } from '../target/translate-error.js';
import { type Clock, systemClock } from './clock.js';
import type { EndEvent, GapEvent, LedgerSnapshot, RetryEvent, TailEvent } from './events.js';
import { Ledger } from './ledger.js';
import { type Lineage, RETENTION_MS, type ShardNode } from './lineage.js';
import { type Decode, toPageEvents } from './page-events.js';
import { PageSlots } from './page-slots.js';
import { errorName, readErrorKind } from './read-errors.js';
import { retryDelayMs } from './retry-delay.js';
import type { ReaderStart } from './shard-reader.js';
import { planShardStart } from './shard-start.js';
import { type ShardView, shardViews } from './shard-view.js';
import type { StreamApi } from './stream-api.js';
import { StreamSession } from './stream-session.js';
import { findSuccessor, findTableStream } from './table-stream.js';
import type { RunOptions } from './tail-options.js';
import { TailQueue } from './tail-queue.js';

/** Pages of up to 1 MB that are read and not yet taken, over all shards: with decoding, some tens of MB. */
const MOST_PAGES = { aws: 16, loopback: 4 } as const;
/** Before the first event, a failure that may pass is tried again this often; then it is the command's error. */
const START_ATTEMPTS = 5;

export class TailRun<T> {
  private readonly clock: Clock;
  private readonly random: () => number;
  private readonly queue = new TailQueue();
  private readonly slots: PageSlots;
  private readonly stop = new AbortController();
  private readonly account: Ledger;
  private readonly startedAt: number;
  private session: StreamSession | undefined;
  private work: Promise<void> | undefined;
  private endReason: EndEvent['reason'] | undefined;
  private isDone = false;
  private tellGap: (gap: GapEvent) => void = (gap) => this.queue.notice(gap);

  constructor(
    private readonly api: StreamApi,
    private readonly decode: Decode<T>,
    private readonly options: RunOptions<T>,
  ) {
    // Every shard waits on this one signal; Node would take that many listeners for a leak.
    setMaxListeners(0, this.stop.signal);
    this.clock = options.clock ?? systemClock;
    this.random = options.random ?? Math.random;
    this.startedAt = this.clock.now();
    this.account = new Ledger(this.startedAt);
    this.slots = new PageSlots(options.loopback ? MOST_PAGES.loopback : MOST_PAGES.aws);
  }

  ledger(): LedgerSnapshot {
    const shards = this.session?.lineage.counts() ?? { open: 0, closed: 0, waiting: 0 };
    return this.account.snapshot(this.clock.now(), shards);
  }

  shards(): readonly ShardView[] {
    return this.session === undefined ? [] : shardViews(this.session);
  }

  iterate(): AsyncIterator<TailEvent<T>, undefined> {
    let events: readonly TailEvent<T>[] = [];
    let next = 0;
    const refill = async (): Promise<IteratorResult<TailEvent<T>, undefined>> => {
      for (;;) {
        const event = events[next];
        if (event !== undefined) {
          next += 1;
          return { done: false, value: event };
        }
        if (this.isDone) {
          await this.close();
          return { done: true, value: undefined };
        }
        events = await this.takeEvents();
        next = 0;
      }
    };
    return {
      next: () => {
        const event = events[next];
        if (event === undefined) return refill();
        next += 1;
        return Promise.resolve({ done: false, value: event });
      },
      return: async () => {
        this.isDone = true;
        events = [];
        await this.close();
        return { done: true, value: undefined };
      },
    };
  }

  /** The events of the next item in the queue; the last ones end with `end`. */
  private async takeEvents(): Promise<readonly TailEvent<T>[]> {
    this.work ??= this.begin();
    const { signal } = this.options;
    try {
      const item = signal?.aborted ? undefined : await this.queue.take();
      if (signal?.aborted) this.endReason = 'interrupted';
      if (item === undefined || signal?.aborted) return this.endNow(this.endReason ?? 'interrupted');
      if (item.kind === 'notice') {
        const { notice } = item;
        if (notice.type !== 'gap') return [notice];
        this.account.gap();
        return this.options.failOnGap ? [notice, ...this.endNow('gap')] : [notice];
      }
      const { options, account } = this;
      const { page } = item;
      const limit = Math.min(
        options.limit ?? Number.POSITIVE_INFINITY,
        options.expect ?? Number.POSITIVE_INFINITY,
      );
      const { changes, batch } = toPageEvents(page, {
        decode: this.decode,
        model: options.model,
        select: options.select,
        ledger: account,
        most: limit - account.shownCount,
      });
      this.slots.release();
      if (account.shownCount < limit) return [...changes, batch];
      const reason =
        account.shownCount >= (options.expect ?? Number.POSITIVE_INFINITY) ? 'expected' : 'limit';
      return [...changes, batch, ...this.endNow(reason)];
    } catch (error) {
      this.isDone = true;
      await this.close();
      throw error;
    }
  }

  /** The last events: gaps that are known and not yet told, and the account. */
  private endNow(reason: EndEvent['reason']): TailEvent<T>[] {
    this.isDone = true;
    const gaps: GapEvent[] = [];
    this.tellGap = (gap) => gaps.push(gap);
    this.session?.reportPendingGaps();
    for (let i = 0; i < gaps.length; i += 1) this.account.gap();
    this.shutDown();
    return [...gaps, this.account.end(reason, this.clock.now(), this.ledger().shards)];
  }

  private shutDown(): void {
    this.stop.abort();
    this.slots.close();
    this.queue.end();
    this.queue.clear();
  }

  private async close(): Promise<void> {
    this.shutDown();
    await this.work;
  }

  /** Ends after what is queued has been taken. */
  private finish(reason: EndEvent['reason']): void {
    this.endReason ??= reason;
    this.stop.abort();
    this.queue.end();
  }

  private async begin(): Promise<void> {
    const { signal, forMs } = this.options;
    const interrupt = () => {
      this.endReason = 'interrupted';
      this.shutDown();
    };
    signal?.addEventListener('abort', interrupt, { once: true });
    const timer =
      forMs === undefined
        ? undefined
        : this.clock.sleep(forMs, this.stop.signal).then(() => this.finish('time'));
    try {
      await this.tail();
    } catch (error) {
      if (!this.stop.signal.aborted) this.queue.fail(error);
    } finally {
      this.stop.abort();
      signal?.removeEventListener('abort', interrupt);
      await timer;
    }
  }

  private async tail(): Promise<void> {
    const { options, stop, queue, api, clock } = this;
    const { signal } = stop;
    let streamArn = await findTableStream(api, options, signal);
    for (let isFirst = true; !signal.aborted; isFirst = false) {
      const session = this.openSession(streamArn, isFirst);
      await this.beginSession(session, streamArn, isFirst);
      if (signal.aborted) return;
      if (isFirst) this.announce(session, streamArn);
      await session.run();
      if (signal.aborted) return;
      if (options.range !== undefined) return this.finish('range');
      if (!options.follow) return this.finish('drained');
      const successor = await findSuccessor(streamArn, {
        api,
        clock,
        signal,
        onError: (error, attempt, delayMs) =>
          this.noteRetry('DescribeTable', errorName(error), attempt, delayMs),
      });
      if (successor === undefined) return this.finish('streamEnded');
      const reason = session.directory.status === 'GONE' ? 'the stream is gone' : 'the stream was disabled';
      queue.notice({ type: 'switch', from: streamArn, to: successor, reason });
      streamArn = successor;
    }
  }

  private openSession(streamArn: string, isFirst: boolean): StreamSession {
    const { api, clock, random, stop, slots, account, queue, options, startedAt } = this;
    this.session = new StreamSession({
      api,
      streamArn,
      loopback: options.loopback,
      follow: options.follow,
      startedAt,
      retentionMs: options.retentionMs ?? RETENTION_MS,
      isFirst,
      clock,
      random,
      signal: stop.signal,
      slots,
      ledger: account,
      plan: (lineage, node, atStart) => this.planStart(lineage, node, atStart),
      ...(options.range === undefined ? {} : { onlyShard: options.range.shard }),
      onPage: (page) => queue.page(page),
      onNotice: (notice) => (notice.type === 'gap' ? this.tellGap(notice) : queue.notice(notice)),
      onRetry: (operation, error, attempt, delayMs, shard) =>
        this.noteRetry(operation, error, attempt, delayMs, shard),
      onDefect: (error) => {
        queue.fail(error);
        stop.abort();
      },
    });
    return this.session;
  }

  private planStart(lineage: Lineage, node: ShardNode, atStart: boolean): ReaderStart | 'skip' {
    const { position, range, follow, retentionMs = RETENTION_MS } = this.options;
    if (range !== undefined) {
      const until = range.toSeq === undefined ? {} : { until: range.toSeq };
      if (range.fromSeq === undefined) return { from: { type: 'horizon' }, ...until };
      return { from: { type: 'at', seq: range.fromSeq }, ...until };
    }
    return planShardStart(lineage, node, {
      position,
      startedAt: this.startedAt,
      atStart,
      follow,
      retentionMs,
    });
  }

  private announce(session: StreamSession, streamArn: string): void {
    const { table, position } = this.options;
    const from = position.type === 'since' ? `since ${new Date(position.at).toISOString()}` : position.type;
    const { viewType } = session.directory;
    this.queue.notice({ type: 'start', table, streamArn, viewType, from, shards: session.openShards });
  }

  /** The first listing. What may pass is tried again; at the very start, what does not is the command's error. */
  private async beginSession(session: StreamSession, streamArn: string, isFirst: boolean): Promise<void> {
    const { signal } = this.stop;
    for (let attempt = 1; !signal.aborted; attempt += 1) {
      try {
        return await session.begin();
      } catch (error) {
        if (signal.aborted) return;
        const kind = readErrorKind(error);
        if (!isFirst && kind === 'notFound') {
          session.directory.status = 'GONE';
          return;
        }
        const mayPass = kind === 'throttled' || kind === 'transient';
        if (isFirst && (!mayPass || attempt >= START_ATTEMPTS)) {
          throw translateAwsError(error, `stream ${streamArn}`);
        }
        if (kind === 'throttled') this.account.throttled();
        else this.account.retried(1);
        const delayMs = retryDelayMs(attempt, this.random);
        this.noteRetry('DescribeStream', errorName(error), attempt, delayMs);
        await this.clock.sleep(delayMs, signal);
      }
    }
  }

  private noteRetry(operation: string, error: string, attempt: number, delayMs: number, shard = ''): void {
    const event: RetryEvent = {
      type: 'retry',
      operation,
      error,
      attempt,
      delayMs,
      ...(shard === '' ? {} : { shard }),
    };
    this.queue.notice(event);
  }
}
