// Reads one shard from its start to its end, whatever happens to iterators, connections and the shard itself.
import type { OnRetried } from '../api/observe-attempts.js';
import { errorName, isAnswer, type ReadErrorKind, readErrorKind } from '../api/read-errors.js';
import { retryDelayMs } from '../api/retry-delay.js';
import type { RecordsPage } from '../api/stream-api.js';
import { CREATION_TIME_STEP_MS } from '../records/creation-time.js';
import { type ReadPage, siftRecords } from '../records/read-page.js';
import { NO_RECORDS } from '../records/record-list.js';
import { RETENTION_MS } from './lineage.js';
import { nextReadDelayMs } from './pacing.js';
import { PendingGap } from './pending-gap.js';
import type { ReaderContext, ReaderEnd, ReaderStart } from './reader-context.js';
import { ShardCursor } from './shard-cursor.js';
import { ShardEnd } from './shard-end.js';
import { shardCreatedAt } from './shard-id.js';

/** How often a shard is asked for that the server knows in its list but not by name. */
const MOST_NOT_FOUND = 5;
/** A shard whose tip was read so recently, and that is gone now, was deleted with its stream, not trimmed. */
const RECENT_ANSWER_MS = 30_000;
/** How often the server may refuse a sequence number before it counts as unknown there. */
const MOST_REFUSALS = 3;
/** So many failures in a row are an outage, not a hiccup: the iterator may be dead, or the stream. */
const OUTAGE_FAILURES = 3;
/** For so long after a listing the stream counts as the one that it was. */
const SURE_MS = 1_000;

/** The stream is gone: an iterator would be one of another stream, if any. */
const GONE = 'gone';

export class ShardReader {
  /** The last time that an answer came, in ms since the epoch. */
  lastAnswerAt: number;
  lagMs: number | undefined;
  lastError: string | undefined;
  /** True while the consumer, not the server, is what this reader waits for. */
  isHeldBack = false;
  /** Since when it has been trying to read without an answer, in ms since the epoch; not while it waits on purpose. */
  tryingSince: number | undefined;

  private readonly cursor: ShardCursor;
  private readonly end: ShardEnd;
  private operation = 'GetShardIterator';
  /** The wait before the next read, when this one succeeds. */
  private delayMs = 0;
  private isRetry = false;
  private untilTaken: Promise<void> | undefined;
  private readStartedAt = Number.NEGATIVE_INFINITY;
  private failures = 0;
  private failingSince = 0;
  /** Failed attempts in a row, those included that the SDK makes by itself. */
  private attempts = 0;
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
    this.cause = start.cause;
    this.lastAnswerAt = context.clock.now();
  }

  /** The creation time of the newest record read, in ms since the epoch. */
  get lastRecordAt(): number | undefined {
    return this.end.lastRecordAt;
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
        const failure = await this.afterError(answer.error);
        if (typeof failure === 'string') return this.finish(failure);
        if (failure.isOutage) await outage.sleep(failure.delayMs);
        else if (failure.delayMs > 0) await clock.sleep(failure.delayMs, signal);
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
    const { slots, signal, clock, ledger, directory, onPage } = this.context;
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
      this.operation = 'GetRecords';
      this.readStartedAt = clock.now();
      const before = performance.now();
      this.end.beforeRead();
      const page = await this.getRecords();
      ledger.read();
      const fetchMs = roundMs(performance.now() - before);
      if (signal.aborted) return undefined;
      this.lastAnswerAt = clock.now();
      // A shard at its end whose children cannot be looked up is not being read.
      if (page.next !== undefined || directory.pauseMs === 0) this.tryingSince = undefined;
      this.noteRecovery();
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
    this.operation = 'GetShardIterator';
    const { api, streamArn, signal } = this.context;
    const { position } = this.cursor;
    if (position.type === 'horizon') this.noteTrimming();
    return await api.iterator(streamArn, this.shard, position, { signal, onRetried: this.onRetried });
  }

  private async getRecords(): Promise<RecordsPage> {
    const { api, signal } = this.context;
    const { iterator } = this.cursor;
    if (iterator === undefined) return { records: NO_RECORDS };
    return await api.records(iterator, { signal, onRetried: this.onRetried });
  }

  /** An answer. After an outage the neighbours need not wait for their turn to find out. */
  private noteRecovery(): void {
    const { shard, attempts, failures, context } = this;
    this.failures = 0;
    this.attempts = 0;
    this.lastError = undefined;
    if (failures < OUTAGE_FAILURES) return;
    context.outage.wake();
    const afterMs = context.clock.now() - this.failingSince;
    context.onRecovery({ type: 'recovery', shard, afterMs, attempts });
  }

  private readonly onRetried: OnRetried = (error, delayMs) => {
    const { operation, shard } = this;
    this.attempts += 1;
    this.lastError = errorName(error);
    this.countRead(error);
    this.context.onRetry({ operation, error, attempt: this.attempts, delayMs, waited: true, shard });
  };

  /** A request that got no answer, such as a refused connection, was no read. */
  private countRead(error: unknown): void {
    if (this.operation === 'GetRecords' && isAnswer(error)) this.context.ledger.read();
  }

  /** Opened at its beginning so late that its first records may have left the stream already: nobody would tell. */
  private noteTrimming(): void {
    const { wantedFrom, dropBefore } = this.start;
    const createdAt = this.createdAt() ?? dropBefore;
    if (wantedFrom === undefined || createdAt === undefined) return;
    const from = Math.max(wantedFrom, createdAt);
    if (from >= this.context.clock.now() - this.context.retentionMs) return;
    this.gap.note('past retention before it could be read', this.cursor.last);
  }

  /** An open shard lives for hours: a server whose ids say days has times of its own in them, or one for all. */
  private createdAt(): number | undefined {
    const { lineage, startedAt } = this.context;
    const createdAt = shardCreatedAt(this.shard);
    const isOld = createdAt !== undefined && createdAt < startedAt - RETENTION_MS;
    return isOld && !lineage.isClosed(this.shard) ? undefined : createdAt;
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

  private async afterError(error: unknown): Promise<ReaderEnd | { delayMs: number; isOutage: boolean }> {
    const { context, operation, shard } = this;
    const kind = readErrorKind(error);
    if (this.failures === 0) this.failingSince = this.tryingSince ?? context.clock.now();
    this.failures += 1;
    this.attempts += 1;
    this.lastError = errorName(error);
    this.countRead(error);
    this.cause = kind === 'throttled' ? 'throttle' : 'retry';
    const isOutage = kind === 'transient' && this.failures >= OUTAGE_FAILURES;
    this.moveOn(kind);
    // An iterator that is opened anew must be one of this stream: some servers give one of the stream that took its place.
    const isAnew = this.cursor.iterator === undefined && operation === 'GetRecords';
    const isUnsure = isAnew && context.directory.listedAt < context.clock.now() - SURE_MS;
    if (isUnsure || kind === 'notFound' || (isOutage && this.failures % OUTAGE_FAILURES === 0)) {
      await context.directory.refresh();
      if (context.directory.status === 'GONE') return 'gone';
    }
    if (kind === 'notFound') {
      const isListed = context.lineage.get(shard)?.isListed === true;
      if (!isListed || this.failures >= MOST_NOT_FOUND) return 'gone';
    }
    const isRenewal = this.failures === 1 && (kind === 'expired' || kind === 'trimmed');
    const delayMs = isRenewal ? 0 : retryDelayMs(this.failures, context.random);
    context.onRetry({ operation, error, attempt: this.attempts, delayMs, waited: false, shard });
    return { delayMs, isOutage };
  }

  /** Where to open the next iterator after this error, if the one in hand is of no use any more. */
  private moveOn(kind: ReadErrorKind): void {
    const { cursor, operation } = this;
    const { position, last } = cursor;
    const isAgain = this.failures >= MOST_REFUSALS;
    if (kind === 'trimmed' || (kind === 'invalid' && position.type === 'after' && isAgain)) {
      const reason = kind === 'trimmed' ? 'trimmed' : 'the last sequence number is not known there any more';
      this.gap.note(reason, last);
      if (kind === 'invalid') cursor.last = undefined;
      cursor.toHorizon();
    } else if (position.type === 'at' && last === undefined && isAgain) {
      // The first number of a range that is no record's: some servers refuse it, some break down over it, at once or when
      // the iterator is used.
      cursor.toHorizon();
    } else if (kind === 'expired' || kind === 'invalid' || kind === 'notFound') {
      cursor.reopen();
    } else if (kind === 'transient' && operation === 'GetRecords' && isAgain) {
      // A server that was started anew may know the shard, and not the iterator.
      cursor.reopen();
    }
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
