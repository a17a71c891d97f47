// The consumer's side of a tail: takes pages and notices off the queue, makes events of them, counts what is handed
// out, and moves the checkpoint when the consumer has taken it.
import type { Checkpoint } from '../checkpoint/checkpoint.js';
import type { BatchEvent, ContentEvent, EndEvent, GapEvent, NoticeEvent } from '../events.js';
import type { Ledger } from '../ledger/ledger.js';
import type { ReadPage } from '../records/read-page.js';
import type { RunOptions } from '../tail-options.js';
import type { Clock } from '../time/clock.js';
import type { OpenedPage, OpenPage } from './open-page.js';
import type { Notice, TailQueue } from './tail-queue.js';

const EVENTS_A_TURN = 200;

export interface ConsumerContext<Content extends ContentEvent> {
  readonly queue: TailQueue;
  readonly ledger: Ledger;
  readonly openPage: OpenPage<Content>;
  readonly options: RunOptions;
  readonly clock: Clock;
  readonly checkpoint: () => Checkpoint | undefined;
  /** Starts the reading; called before the first event is waited for. */
  readonly begin: () => void;
  /** Why the queue ended. */
  readonly reason: () => EndEvent['reason'];
  /** The consumer has taken everything of the old stream, and the notice that there is a new one. */
  readonly onSwitched: () => void;
  /** The last events: gaps not yet told, and the account. Reading stops. */
  readonly end: (reason: EndEvent['reason']) => readonly (GapEvent | EndEvent)[];
  /** Resolves when everything is closed. */
  readonly close: (isComplete: boolean) => Promise<void>;
}

export class TailConsumer<Content extends ContentEvent>
  implements AsyncIterator<Content | NoticeEvent, undefined>
{
  private events: readonly (Content | NoticeEvent)[] = [];
  private at = 0;
  private inHand: Content | NoticeEvent | undefined;
  /** How far the batch in hand goes, for the checkpoint. */
  private batchEnd: string | undefined;
  private isOver = false;
  private readonly most: number;

  constructor(private readonly context: ConsumerContext<Content>) {
    const { limit = Number.POSITIVE_INFINITY, expect = Number.POSITIVE_INFINITY } = context.options;
    this.most = Math.min(limit, expect);
  }

  next(): Promise<IteratorResult<Content | NoticeEvent, undefined>> {
    const checkpoint = this.context.checkpoint();
    if (checkpoint !== undefined) this.noteTaken(checkpoint);
    if (this.inHand?.type === 'switch') this.context.onSwitched();
    this.inHand = undefined;
    const event = this.events[this.at];
    // The hot path: the changes of a batch that is there already.
    if (event === undefined || event.type === 'end') return this.advance();
    this.at += 1;
    this.inHand = event;
    const result = { done: false, value: event } as const;
    // Sockets and keys have their turn within a large batch too: the next page comes in meanwhile.
    if (this.at % EVENTS_A_TURN === 0) return this.context.clock.turn().then(() => result);
    return Promise.resolve(result);
  }

  async return(): Promise<IteratorResult<Content | NoticeEvent, undefined>> {
    this.isOver = true;
    this.events = [];
    await this.context.close(false);
    return { done: true, value: undefined };
  }

  private async advance(): Promise<IteratorResult<Content | NoticeEvent, undefined>> {
    while (!this.isOver) {
      const event = this.events[this.at];
      if (event === undefined) {
        this.events = await this.take();
        this.at = 0;
        continue;
      }
      this.at += 1;
      this.inHand = event;
      if (event.type === 'end') {
        // All before it is taken: whoever stops here leaves nothing open.
        this.isOver = true;
        await this.context.close(true);
      }
      return { done: false, value: event };
    }
    return { done: true, value: undefined };
  }

  /** The events of the next item; the last ones are an `end`. Rejects on a precondition, or a defect. */
  private async take(): Promise<readonly (Content | NoticeEvent)[]> {
    const { context } = this;
    context.begin();
    try {
      const { signal } = context.options;
      const item = signal?.aborted ? undefined : await context.queue.take();
      // The reader asks for its next page before this thread is busy with decoding: the server works meanwhile.
      if (item?.kind === 'page') {
        item.page.release();
        await context.clock.turn();
      }
      if (item === undefined || signal?.aborted) return context.end(context.reason());
      return item.kind === 'page' ? this.takePage(item.page) : this.takeNotice(item.notice);
    } catch (error) {
      this.isOver = true;
      await context.close(false);
      throw error;
    }
  }

  private takeNotice(notice: Notice): readonly (Content | NoticeEvent)[] {
    const { ledger, options, end } = this.context;
    if (notice.type === 'gap') {
      ledger.gap();
      return options.failOnGap ? [notice, ...end('gap')] : [notice];
    }
    if (notice.type === 'stall') {
      ledger.stalled();
      const { failOnStallMs } = options;
      return failOnStallMs !== undefined && notice.sinceMs >= failOnStallMs
        ? [notice, ...end('stall')]
        : [notice];
    }
    return [notice];
  }

  private takePage(page: ReadPage): readonly (Content | NoticeEvent)[] {
    const { ledger, options, openPage, end, clock } = this.context;
    const before = performance.now();
    const opened = openPage(page, { batch: ledger.nextBatch, most: this.most - ledger.shownCount });
    const decodeMs = Math.round((performance.now() - before) * 100) / 100;
    const batch = toBatchEvent(page, opened, { batch: ledger.nextBatch, decodeMs, now: clock.now() });
    ledger.batch(page, opened.read);
    ledger.changes({ ...opened, filtered: batch.filtered });
    this.batchEnd = lastRead(page, opened.read);
    page.records.release();
    const content = this.withRepetition(page, opened.content);
    if (ledger.shownCount < this.most) return [...content, batch];
    const isExpected = options.expect !== undefined && ledger.shownCount >= options.expect;
    return [...content, batch, ...end(isExpected ? 'expected' : 'limit')];
  }

  /** Tells the checkpoint which batch is in hand, and marks the change that was in hand when the last tail died. */
  private withRepetition(page: ReadPage, content: readonly Content[]): readonly Content[] {
    const checkpoint = this.context.checkpoint();
    const [first, ...rest] = checkpoint === undefined ? [] : content;
    if (checkpoint === undefined || first === undefined) return content;
    checkpoint.note({ type: 'batch', shard: page.shard });
    if (!checkpoint.repeatedFrom.delete(page.shard)) return content;
    return [{ ...first, maybeRepeated: true }, ...rest];
  }

  private noteTaken(checkpoint: Checkpoint): void {
    const event = this.inHand;
    if (event?.type === 'change')
      checkpoint.note({ type: 'taken', shard: event.shard, seq: event.change.seq });
    else if (event?.type === 'batch') this.noteBatch(checkpoint, event);
    else if (event?.type === 'shard' && event.state === 'closed') {
      checkpoint.note({ type: 'done', shard: event.shard });
    }
  }

  private noteBatch(checkpoint: Checkpoint, { shard }: BatchEvent): void {
    if (this.batchEnd !== undefined) checkpoint.note({ type: 'taken', shard, seq: this.batchEnd });
    checkpoint.note({ type: 'batchTaken', shard });
  }
}

function toBatchEvent(
  page: ReadPage,
  opened: OpenedPage<unknown>,
  { batch, decodeMs, now }: { readonly batch: number; readonly decodeMs: number; readonly now: number },
): BatchEvent {
  const { shard, duplicates, fetchMs, lagMs, cause } = page;
  const { read, shown, sentAt } = opened;
  return {
    type: 'batch',
    batch,
    shard,
    records: read,
    duplicates,
    filtered: read - shown,
    fetchMs,
    decodeMs,
    lagMs,
    ...(sentAt === undefined ? {} : { writeToSeenMs: Math.max(0, now - sentAt) }),
    ...(cause === undefined ? {} : { cause }),
  };
}

/** How far the shard is read with this batch; less than the page when a limit cut it. */
function lastRead({ records, last }: ReadPage, read: number): string | undefined {
  if (read === records.length) return last;
  return read === 0 ? undefined : records.sequence(read - 1);
}
