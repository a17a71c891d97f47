// What a reader does about errors: counts and tells them, waits, and goes on with an iterator that serves, or ends.
import type { OnRetried } from '../api/observe-attempts.js';
import { errorName, isAnswer, type ReadErrorKind, readErrorKind } from '../api/read-errors.js';
import { retryDelayMs } from '../api/retry-delay.js';
import type { PendingGap } from './pending-gap.js';
import type { ReaderContext, ReaderEnd } from './reader-context.js';
import type { ShardCursor } from './shard-cursor.js';

/** How often a shard is asked for that the server knows in its list but not by name. */
const MOST_NOT_FOUND = 5;
/** How often the server may refuse a sequence number before it counts as unknown there. */
const MOST_REFUSALS = 3;
/** So many failures in a row are an outage, not a hiccup: the iterator may be dead, or the stream. */
const OUTAGE_FAILURES = 3;
/** For so long after a listing the stream counts as the one that it was. */
const SURE_MS = 1_000;

/** Another try, after a wait. */
export interface Retry {
  readonly delayMs: number;
  /** The wait ends when a neighbour gets an answer. */
  readonly isOutage: boolean;
  readonly cause: 'throttle' | 'retry';
}

export class ReadFailures {
  /** What is being asked for. */
  operation: 'GetShardIterator' | 'GetRecords' = 'GetShardIterator';
  /** The last error's name, until an answer comes. */
  lastError: string | undefined;
  private failures = 0;
  private since = 0;
  /** Failed attempts in a row, those included that the SDK makes by itself. */
  private attempts = 0;

  constructor(
    private readonly context: ReaderContext,
    private readonly shard: string,
    private readonly cursor: ShardCursor,
    private readonly gap: PendingGap,
  ) {}

  /** For an attempt that the SDK makes again by itself. */
  readonly onRetried: OnRetried = (error, delayMs) => {
    this.note(error);
    this.tell(error, delayMs, true);
  };

  /** An answer. After an outage the neighbours need not wait for their turn to find out. */
  noteAnswer(): void {
    const { shard, attempts, failures, context } = this;
    this.failures = 0;
    this.attempts = 0;
    this.lastError = undefined;
    if (failures < OUTAGE_FAILURES) return;
    context.outage.wake();
    context.onRecovery({ type: 'recovery', shard, afterMs: context.clock.now() - this.since, attempts });
  }

  /** An error, of a call that was begun at `tryingSince`: how to go on, or that there is nothing to go on with. */
  async afterError(error: unknown, tryingSince: number): Promise<ReaderEnd | Retry> {
    const { context } = this;
    const kind = readErrorKind(error);
    if (this.failures === 0) this.since = tryingSince;
    this.failures += 1;
    this.note(error);
    const isOutage = kind === 'transient' && this.failures >= OUTAGE_FAILURES;
    this.moveOn(kind);
    if (await this.isGone(kind, isOutage)) return 'gone';
    const isRenewal = this.failures === 1 && (kind === 'expired' || kind === 'trimmed');
    const delayMs = isRenewal ? 0 : retryDelayMs(this.failures, context.random);
    this.tell(error, delayMs, false);
    return { delayMs, isOutage, cause: kind === 'throttled' ? 'throttle' : 'retry' };
  }

  /** Where to open the next iterator after this error, if the one in hand is of no use any more. */
  private moveOn(kind: ReadErrorKind): void {
    const { cursor, operation } = this;
    const { position, last } = cursor;
    const isAgain = this.failures >= MOST_REFUSALS;
    const isBroken = (kind === 'invalid' || kind === 'transient') && isAgain;
    if (kind === 'trimmed' || (kind === 'invalid' && position.type === 'after' && isAgain)) {
      const reason = kind === 'trimmed' ? 'trimmed' : 'the last sequence number is not known there any more';
      this.gap.note(reason, last);
      if (kind === 'invalid') cursor.last = undefined;
      cursor.toHorizon();
    } else if (position.type === 'at' && last === undefined && isBroken) {
      // The first number of a range that is no record's: some servers refuse it, some break down over it, at once or when
      // the iterator is used.
      cursor.toHorizon();
    } else if (kind === 'expired' || kind === 'invalid' || kind === 'notFound') {
      cursor.reopen();
    } else if (isBroken && operation === 'GetRecords') {
      // A server that was started anew may know the shard, and not the iterator.
      cursor.reopen();
    }
  }

  /** True when the shard, or its stream, does not exist any more. */
  private async isGone(kind: ReadErrorKind, isOutage: boolean): Promise<boolean> {
    const { directory, lineage, clock } = this.context;
    // An iterator that is opened anew must be one of this stream: some servers give one of the stream that took its place.
    const isAnew = this.cursor.iterator === undefined && this.operation === 'GetRecords';
    const isUnsure = isAnew && directory.listedAt < clock.now() - SURE_MS;
    if (isUnsure || kind === 'notFound' || (isOutage && this.failures % OUTAGE_FAILURES === 0)) {
      await directory.refresh();
      if (directory.status === 'GONE') return true;
    }
    if (kind !== 'notFound') return false;
    return lineage.get(this.shard)?.isListed !== true || this.failures >= MOST_NOT_FOUND;
  }

  private note(error: unknown): void {
    this.attempts += 1;
    this.lastError = errorName(error);
    // A request that got no answer, such as a refused connection, was no read.
    if (this.operation === 'GetRecords' && isAnswer(error)) this.context.ledger.read();
  }

  private tell(error: unknown, delayMs: number, waited: boolean): void {
    const { operation, shard, attempts: attempt } = this;
    this.context.onRetry({ operation, error, attempt, delayMs, waited, shard });
  }
}
