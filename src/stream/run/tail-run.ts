// One tail at work: the stream sessions one after the other (a table may get a new stream), and the conditions under
// which it all ends. What the sessions find goes through the queue to the consumer.
import { setMaxListeners } from 'node:events';
import { CliError, EXIT } from '../../errors.js';
import type { OnRetry } from '../api/observe-attempts.js';
import { errorName, readErrorKind } from '../api/read-errors.js';
import { retryDelayMs } from '../api/retry-delay.js';
import type { StreamApi } from '../api/stream-api.js';
import { Checkpoint } from '../checkpoint/checkpoint.js';
import type { ContentEvent, EndEvent, GapEvent, LedgerSnapshot, NoticeEvent } from '../events.js';
import { Ledger } from '../ledger/ledger.js';
import { RETENTION_MS } from '../shards/lineage.js';
import { PageSlots } from '../shards/page-slots.js';
import { type ShardView, shardViews } from '../shards/shard-view.js';
import { StreamSession } from '../shards/stream-session.js';
import type { RunOptions } from '../tail-options.js';
import { type Clock, systemClock } from '../time/clock.js';
import { reportLostShards } from './lost-shards.js';
import type { OpenPage } from './open-page.js';
import { planReader } from './plan-reader.js';
import { STALL_MS, watchStalls } from './stall-watch.js';
import {
  explainStreamError,
  findStreamsBetween,
  findSuccessor,
  findTableStream,
  type StreamingTable,
  switchReason,
} from './table-stream.js';
import { TailConsumer } from './tail-consumer.js';
import { TailQueue } from './tail-queue.js';

/** Pages of up to 1 MB that are read and not yet taken, over all shards: with decoding, some tens of MB. */
const MOST_PAGES = { aws: 16, loopback: 4 } as const;
/** Before the first event, a failure that may pass is tried again this often; then it is the command's error. */
const START_ATTEMPTS = 5;

export class TailRun<Content extends ContentEvent> {
  private readonly clock: Clock;
  private readonly random: () => number;
  private readonly queue = new TailQueue();
  private readonly slots: PageSlots;
  private readonly stop = new AbortController();
  private readonly account: Ledger;
  private readonly startedAt: number;
  private readonly retentionMs: number;
  private session: StreamSession | undefined;
  private checkpoint: Checkpoint | undefined;
  private work: Promise<void> | undefined;
  private readonly watchers: Promise<void>[] = [];
  private endReason: EndEvent['reason'] | undefined;
  private onSwitched = (): void => {};
  /** Shards of streams that were left behind. */
  private closedBefore = 0;
  private tellGap: (gap: GapEvent) => void = (gap) => this.queue.notice(gap);

  constructor(
    private readonly api: StreamApi,
    private readonly openPage: OpenPage<Content>,
    private readonly options: RunOptions,
  ) {
    // Every shard waits on this one signal; Node would take that many listeners for a leak.
    setMaxListeners(0, this.stop.signal);
    this.clock = options.clock ?? systemClock;
    this.random = options.random ?? Math.random;
    this.startedAt = this.clock.now();
    this.retentionMs = options.retentionMs ?? RETENTION_MS;
    this.account = new Ledger(this.startedAt);
    this.slots = new PageSlots(options.loopback ? MOST_PAGES.loopback : MOST_PAGES.aws);
  }

  ledger(): LedgerSnapshot {
    const { open, closed, waiting } = this.session?.lineage.counts() ?? { open: 0, closed: 0, waiting: 0 };
    return this.account.snapshot(this.clock.now(), { open, closed: closed + this.closedBefore, waiting });
  }

  shards(): readonly ShardView[] {
    return this.session === undefined ? [] : shardViews(this.session);
  }

  iterate(): AsyncIterator<Content | NoticeEvent, undefined> {
    return new TailConsumer({
      queue: this.queue,
      ledger: this.account,
      openPage: this.openPage,
      options: this.options,
      clock: this.clock,
      checkpoint: () => this.checkpoint,
      begin: () => {
        this.work ??= this.begin();
      },
      onSwitched: () => this.onSwitched(),
      reason: () => this.endReason ?? 'interrupted',
      end: (reason) => this.endNow(reason),
      close: (isComplete) => this.close(isComplete),
    });
  }

  private endNow(reason: EndEvent['reason']): readonly (GapEvent | EndEvent)[] {
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

  private async close(isComplete: boolean): Promise<void> {
    this.shutDown();
    await this.work;
    const { checkpoint } = this;
    this.checkpoint = undefined;
    await checkpoint?.close(isComplete);
  }

  /** Ends after what is queued has been taken. */
  private finish(reason: EndEvent['reason']): void {
    this.endReason ??= reason;
    this.stop.abort();
    this.queue.end();
  }

  private async begin(): Promise<void> {
    const { clock, stop } = this;
    const { signal, forMs } = this.options;
    const interrupt = () => {
      this.endReason = 'interrupted';
      this.shutDown();
    };
    signal?.addEventListener('abort', interrupt, { once: true });
    if (forMs !== undefined) {
      this.watchers.push(clock.sleep(forMs, stop.signal).then(() => this.finish('time')));
    }
    try {
      await this.tail();
    } catch (error) {
      if (!stop.signal.aborted) this.queue.fail(error);
    } finally {
      stop.abort();
      signal?.removeEventListener('abort', interrupt);
      await Promise.all(this.watchers);
    }
  }

  private async tail(): Promise<void> {
    const { options, stop } = this;
    const { signal } = stop;
    const atStart = await this.findTable(signal);
    let table = atStart;
    let streamArn = await this.openCheckpoint(atStart);
    for (let isFirst = true; !signal.aborted; isFirst = false) {
      const session = this.openSession(streamArn, isFirst);
      if (isFirst && streamArn !== atStart.streamArn) {
        session.directory.table.noteReplaced(atStart.streamLabel);
      }
      await this.beginSession(session, streamArn, isFirst);
      if (signal.aborted) return;
      if (isFirst) this.refuseUnknownShard(session);
      if (isFirst) this.announce(session, streamArn);
      if (isFirst && this.checkpoint !== undefined) {
        await reportLostShards(session, this.checkpoint, (gap) => this.tellGap(gap));
      }
      if (signal.aborted) return;
      if (isFirst) this.watchers.push(this.watchForStalls());
      await session.run();
      if (signal.aborted) return;
      if (options.range !== undefined) return this.finish('range');
      const successor = await this.findNext(streamArn, atStart);
      if (signal.aborted) return;
      if (successor === undefined) return this.finish(options.follow ? 'streamEnded' : 'drained');
      await this.switchTo(successor, { session, from: streamArn, table });
      table = successor;
      streamArn = successor.streamArn;
    }
  }

  private async findTable(signal: AbortSignal): Promise<StreamingTable> {
    const { api, options, clock, random } = this;
    const { range } = options;
    // A stream is readable for a day after its table is gone.
    if (range?.streamArn !== undefined) {
      return { status: 'ACTIVE', enabled: true, streamArn: range.streamArn };
    }
    return await findTableStream(api, { ...options, clock, random, onRetry: this.noteRetry }, signal);
  }

  /** The stream to begin with: the table's, or the one that the checkpoint or the range is in. */
  private async openCheckpoint({ streamArn }: StreamingTable): Promise<string> {
    const { options, clock, startedAt, stop } = this;
    const { position, checkpoint, range } = options;
    if (range !== undefined || checkpoint === undefined || stop.signal.aborted) return streamArn;
    const base = position.type === 'latest' ? startedAt : position.type === 'since' ? position.at : 0;
    this.checkpoint = await Checkpoint.open({ ...checkpoint, streamArn, base, clock });
    return this.checkpoint.streamArn;
  }

  /** The stream that follows: one that came and went meanwhile, as long as it can be read, else the table's present one. */
  private async findNext(ended: string, atStart: StreamingTable): Promise<StreamingTable | undefined> {
    const { api, stop } = this;
    const successor = await this.findSuccessor(ended, atStart);
    if (successor === undefined) return undefined;
    const [missed] = await findStreamsBetween(ended, successor.streamArn, { api, signal: stop.signal });
    if (missed === undefined) return successor;
    // Nobody says now which view it had.
    const { viewType: _, ...table } = successor;
    return { ...table, streamArn: missed };
  }

  /** The stream to go on with. A tail that does not follow goes as far as the stream that the table had at its start. */
  private async findSuccessor(ended: string, atStart: StreamingTable): Promise<StreamingTable | undefined> {
    const { api, clock, stop, options } = this;
    if (!options.follow) return ended === atStart.streamArn ? undefined : atStart;
    return await findSuccessor(ended, {
      api,
      clock,
      signal: stop.signal,
      onRetry: this.noteRetry,
    });
  }

  /** Goes on at another stream once the consumer has taken all of the old one: a checkpoint knows one stream only. */
  private async switchTo(
    next: StreamingTable,
    {
      session,
      from,
      table,
    }: { readonly session: StreamSession; readonly from: string; readonly table: StreamingTable },
  ): Promise<void> {
    const { queue, stop } = this;
    const { closed } = session.lineage.counts();
    this.closedBefore += closed;
    const { streamArn: to, viewType } = next;
    const reason = switchReason(next, table, session.directory.status);
    queue.notice({ type: 'switch', from, to, reason, ...(viewType === undefined ? {} : { viewType }) });
    await new Promise<void>((resolve) => {
      this.onSwitched = resolve;
      if (stop.signal.aborted) resolve();
      stop.signal.addEventListener('abort', () => resolve(), { once: true });
    });
    if (!stop.signal.aborted) await this.checkpoint?.switchTo(to);
  }

  private openSession(streamArn: string, isFirst: boolean): StreamSession {
    const { api, clock, random, stop, slots, account, queue } = this;
    const { options, startedAt, checkpoint, retentionMs } = this;
    this.session = new StreamSession({
      api,
      streamArn,
      loopback: options.loopback,
      follow: options.follow,
      startedAt,
      accountedFrom: checkpoint?.accountedTo ?? startedAt,
      retentionMs,
      isFirst,
      clock,
      random,
      signal: stop.signal,
      slots,
      ledger: account,
      plan: (lineage, node, atStart) =>
        planReader(lineage, node, { atStart, options, checkpoint, startedAt, retentionMs }),
      ...(options.range === undefined ? {} : { onlyShard: options.range.shard }),
      onPage: (page) => queue.page(page),
      onNotice: (notice) => (notice.type === 'gap' ? this.tellGap(notice) : queue.notice(notice)),
      onRetry: this.noteRetry,
      onDefect: (error) => {
        queue.fail(error);
        stop.abort();
      },
    });
    if (isFirst && checkpoint !== undefined) this.session.lineage.assumeDone(checkpoint.finished());
    return this.session;
  }

  private watchForStalls(): Promise<void> {
    return watchStalls({
      clock: this.clock,
      signal: this.stop.signal,
      afterMs: Math.min(STALL_MS, this.options.failOnStallMs ?? STALL_MS),
      readers: () => this.session?.readers.values() ?? [],
      onStall: (stall) => this.queue.notice(stall),
    });
  }

  private refuseUnknownShard({ lineage }: StreamSession): void {
    const { range, table } = this.options;
    if (range === undefined || lineage.get(range.shard) !== undefined) return;
    throw new CliError('stream.noShard', `the stream of table ${table} has no shard ${range.shard}`, {
      exitCode: EXIT.precondition,
      hint: 'a shard stays for 24 hours after its last record; ddbcdc status lists those that are there',
    });
  }

  private announce(session: StreamSession, streamArn: string): void {
    const { table } = this.options;
    const { viewType } = session.directory;
    this.queue.notice({
      type: 'start',
      table,
      streamArn,
      viewType,
      from: this.from,
      shards: session.openShards,
    });
  }

  private get from(): string {
    const { position, range } = this.options;
    if (range !== undefined) return `shard ${range.shard}`;
    if (this.checkpoint?.resumed !== undefined) return `checkpoint ${this.checkpoint.resumed.name}`;
    return position.type === 'since' ? `since ${new Date(position.at).toISOString()}` : position.type;
  }

  /** The first listing. What may pass is tried again; at the very start, what does not is the command's error. */
  private async beginSession(session: StreamSession, streamArn: string, isFirst: boolean): Promise<void> {
    const { signal } = this.stop;
    for (let attempt = 1; !signal.aborted; attempt += 1) {
      try {
        await session.begin();
        break;
      } catch (error) {
        if (signal.aborted) return;
        const kind = readErrorKind(error);
        const isResumed = this.checkpoint?.resumed !== undefined;
        if (kind === 'notFound' && (!isFirst || isResumed)) {
          session.directory.status = 'GONE';
          break;
        }
        const mayPass = kind === 'throttled' || kind === 'transient';
        if (isFirst && (!mayPass || attempt >= START_ATTEMPTS)) {
          throw explainStreamError(error, streamArn);
        }
        const delayMs = retryDelayMs(attempt, this.random);
        this.noteRetry({ operation: 'DescribeStream', error, attempt, delayMs, waited: false });
        await this.clock.sleep(delayMs, signal);
      }
    }
  }

  /** Every attempt that failed and is made again goes through here, to be counted and told. */
  private readonly noteRetry: OnRetry = ({ error, waited, ...failed }) => {
    if (readErrorKind(error) === 'throttled') this.account.throttled();
    else this.account.retried();
    const isOver = waited ? ({ waited } as const) : {};
    this.queue.notice({ type: 'retry', ...failed, error: errorName(error), ...isOver });
  };
}
