// Reads one shard from its start to its end, whatever happens to iterators, connections and the shard itself.
import type { RecordsPage } from '../api/stream-api.js';
import { CREATION_TIME_STEP_MS } from '../records/creation-time.js';
import { type ReadPage, siftRecords } from '../records/read-page.js';
import { NO_RECORDS } from '../records/record-list.js';
import { nextReadDelayMs } from './pacing.js';
import { PendingGap } from './pending-gap.js';
import { ReadFailures } from './read-failures.js';
import type { ReaderContext, ReaderEnd, ReaderStart } from './reader-context.js';
import { ShardCursor } from './shard-cursor.js';
import { ShardEnd } from './shard-end.js';
import { likelyCreatedAt } from './shard-id.js';

/** A shard whose tip was read so recently, and that is gone now, was deleted with its stream, not trimmed. */
const RECENT_ANSWER_MS = 30_000;
/** The stream is gone: an iterator would be one of another stream, if any. */
const GONE = 'gone';

export class ShardReader {
  /** The last time that an answer came, in ms since the epoch. */
  lastAnswerAt: number;
  lagMs: number | undefined;
  /** True while the consumer, not the server, is what this reader waits for. */
  isHeldBack = false;
  /** Since when it has been trying to read without an answer, in ms since the epoch; not while it waits on purpose. */
  tryingSince: number | undefined;

  private readonly cursor: ShardCursor;
  private readonly end: ShardEnd;
  private readonly failures: ReadFailures;
  /** The wait before the next read, when this one succeeds. */
  private delayMs = 0;
  private isRetry = false;
  private untilTaken: Promise<void> | undefined;
  private readStartedAt = Number.NEGATIVE_INFINITY;
  private readonly gap: PendingGap;
  private cause: ReadPage['cause'];

  constructor(
    private readonly context: ReaderContext,
    readonly shard: string,
    private readonly start: ReaderStart,
  ) {
    this.gap = new PendingGap(shard, context.onGap);
    this.cursor = new ShardCursor(start);
    this.end = new ShardEnd(context, shard, this.cursor, start.until !== undefined);
    this.failures = new ReadFailures(context, shard, this.cursor, this.gap);
    this.cause = start.cause;
    this.lastAnswerAt = context.clock.now();
  }

  /** The creation time of the newest record read, in ms since the epoch. */
  get lastRecordAt(): number | undefined {
    return this.end.lastRecordAt;
  }

  get lastError(): string | undefined {
    return this.failures.lastError;
  }

  /** Rejects only on a defect: every error of the stream is handled here. */
  async run(): Promise<ReaderEnd> {
    const { clock, signal, outage } = this.context;
    while (!signal.aborted) {
      await this.waitForTurn();
      const answer = await this.readOnce();
      if (signal.aborted || answer === undefined) break;
      if (answer === GONE) return this.finish('gone');
      if ('page' in answer) {
        const end = await this.afterAnswer(answer.page, answer.records, answer.passedEnd);
        if (end !== undefined) return this.finish(end);
      } else {
        const retry = await this.failures.afterError(answer.error, this.tryingSince ?? clock.now());
        if (typeof retry === 'string') return this.finish(retry);
        this.cause = retry.cause;
        if (retry.isOutage) await outage.sleep(retry.delayMs);
        else if (retry.delayMs > 0) await clock.sleep(retry.delayMs, signal);
        this.isRetry = true;
      }
    }
    return 'stopped';
  }

  private async waitForTurn(): Promise<void> {
    const { idle, clock, pace, signal } = this.context;
    if (!this.isRetry) await idle.sleep(this.delayMs);
    this.isRetry = false;
    const early = this.readStartedAt + pace.minGapMs - clock.now();
    if (early > 0) await clock.sleep(early, signal);
  }

  /** One read within one slot; the slot goes on with the page, when there is something in it. */
  private async readOnce(): Promise<
    | { readonly page: RecordsPage; readonly records: number; readonly passedEnd: boolean }
    | { readonly error: unknown }
    | typeof GONE
    | undefined
  > {
    const { slots, signal, clock, directory, onPage } = this.context;
    this.isHeldBack = true;
    await this.untilTaken;
    const isOurs = await slots.acquire();
    this.isHeldBack = false;
    if (!isOurs) return undefined;
    this.tryingSince ??= clock.now();
    const { cursor } = this;
    let isPassedOn = false;
    try {
      if (cursor.iterator === undefined && directory.status === 'GONE') return GONE;
      cursor.iterator ??= await this.open();
      this.failures.operation = 'GetRecords';
      this.readStartedAt = clock.now();
      const before = performance.now();
      this.end.beforeRead();
      const page = await this.getRecords();
      const fetchMs = roundMs(performance.now() - before);
      if (signal.aborted) return undefined;
      this.lastAnswerAt = clock.now();
      // A shard at its end whose children cannot be looked up is not being read.
      if (page.next !== undefined || directory.pauseMs === 0) this.tryingSince = undefined;
      this.failures.noteAnswer();
      const { last } = cursor;
      const sifted = siftRecords(page.records, cursor.bounds);
      const firstNew = sifted.records.length === 0 ? undefined : sifted.records.sequence(0);
      this.gap.settle(page, firstNew, last);
      cursor.last = sifted.last;
      this.noteLag(page);
      if (sifted.records.length + sifted.duplicates + sifted.skipped > 0) {
        const { records, duplicates, skipped } = sifted;
        const { shard, lagMs = 0 } = this;
        const cause = this.causeOf(lagMs);
        isPassedOn = true;
        onPage({
          shard,
          streamArn: this.context.streamArn,
          records,
          duplicates,
          skipped,
          last: sifted.last,
          fetchMs,
          lagMs,
          release: this.handOver(),
          ...(cause === undefined ? {} : { cause }),
        });
      }
      return { page, records: page.records.length - sifted.duplicates, passedEnd: sifted.passedEnd };
    } catch (error) {
      return { error };
    } finally {
      if (!isPassedOn) slots.release();
    }
  }

  /** One page of a shard waits for the consumer, no more: pages that lie about cost memory and gain no time. */
  private handOver(): () => void {
    const { slots } = this.context;
    let taken = () => {};
    this.untilTaken = new Promise((resolve) => {
      taken = resolve;
    });
    return () => {
      slots.release();
      taken();
    };
  }

  private async open(): Promise<string | undefined> {
    const { api, streamArn, signal } = this.context;
    const { position } = this.cursor;
    const { onRetried } = this.failures;
    this.failures.operation = 'GetShardIterator';
    if (position.type === 'horizon') this.noteTrimming();
    return await api.iterator(streamArn, this.shard, position, { signal, onRetried });
  }

  private async getRecords(): Promise<RecordsPage> {
    const { api, signal, ledger } = this.context;
    const { iterator } = this.cursor;
    if (iterator === undefined) return { records: NO_RECORDS };
    const page = await api.records(iterator, { signal, onRetried: this.failures.onRetried });
    ledger.read();
    return page;
  }

  /** Opened at its beginning so late that its first records may have left the stream already: nobody would tell. */
  private noteTrimming(): void {
    const { wantedFrom, dropBefore } = this.start;
    const { lineage, startedAt } = this.context;
    const isOpen = !lineage.isClosed(this.shard);
    const createdAt = likelyCreatedAt(this.shard, isOpen, startedAt) ?? dropBefore;
    if (wantedFrom === undefined || createdAt === undefined) return;
    const from = Math.max(wantedFrom, createdAt);
    if (from >= this.context.clock.now() - this.context.retentionMs) return;
    this.gap.note('past retention before it could be read', this.cursor.last);
  }

  private async afterAnswer(
    page: RecordsPage,
    records: number,
    passedEnd: boolean,
  ): Promise<ReaderEnd | undefined> {
    const { context, cursor } = this;
    const { end } = this;
    end.noteAnswer(records);
    if (end.emptyReads >= context.pace.tipReads) this.gap.tell();
    if (passedEnd) return 'range';
    if (records > 0) context.onActivity();
    this.delayMs = this.nextDelay(records);
    if (page.next !== undefined) {
      cursor.iterator = page.next;
      return end.afterIterator();
    }
    cursor.reopen();
    const verdict = await end.afterNullIterator();
    if (typeof verdict === 'string') return verdict;
    this.delayMs = verdict.delayMs ?? this.delayMs;
    return undefined;
  }

  /** Tells a gap whose far end is not known, because nothing has come after it yet. */
  reportPendingGap(): void {
    this.gap.tell();
  }

  /** Reports what the end leaves unread. */
  private finish(end: ReaderEnd): ReaderEnd {
    if (this.gap.isPending) {
      this.gap.tell();
    } else if (end === 'gone') {
      const isRecent = this.lastAnswerAt > this.context.clock.now() - RECENT_ANSWER_MS;
      const wasAtTip = isRecent && this.end.emptyReads >= this.context.pace.tipReads;
      if (!this.end.isAtEnd() && !wasAtTip) this.gap.report('the shard is gone', this.cursor.last);
    }
    return end;
  }

  private noteLag(page: RecordsPage): void {
    const { records } = page;
    if (records.length === 0) return;
    const createdAt = records.createdAt(records.length - 1);
    this.end.lastRecordAt = createdAt ?? this.end.lastRecordAt;
    this.lagMs = createdAt === undefined ? undefined : Math.max(0, this.context.clock.now() - createdAt);
  }

  /** Lag within two seconds is what whole-second creation times look like; only more than that has a cause. */
  private causeOf(lagMs: number): ReadPage['cause'] {
    if (lagMs <= 2 * CREATION_TIME_STEP_MS) {
      this.cause = undefined;
      return undefined;
    }
    return this.cause ?? 'backlog';
  }

  private nextDelay(records: number): number {
    const { context } = this;
    const delay = nextReadDelayMs(
      context.pace,
      {
        records,
        lagMs: records > 0 ? (this.lagMs ?? 0) : 0,
        elapsedMs: context.clock.now() - this.readStartedAt,
        emptyReads: this.end.emptyReads,
        previousDelayMs: this.delayMs,
        openShards: context.lineage.counts().open,
      },
      context.random,
    );
    // Whoever only wants the tip of a shard does not doze off before it is there.
    return context.follow && !context.directory.isEnding
      ? delay
      : Math.min(delay, Math.max(context.pace.minGapMs, context.pace.activeMs));
  }
}

function roundMs(ms: number): number {
  return Math.round(ms * 100) / 100;
}
