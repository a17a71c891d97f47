// What the readers have found, in order, until the consumer takes it. Pages are bounded by their slots; notices are
// bounded here: of many retries only so many are kept, since the ledger counts them all.
import type { BatchEvent, EndEvent, NoticeEvent } from '../events.js';
import type { ReadPage } from '../records/read-page.js';

/** What comes between pages; the consumer makes the account of the end itself. */
export type Notice = Exclude<NoticeEvent, EndEvent | BatchEvent>;
export type QueueItem =
  | { readonly kind: 'page'; readonly page: ReadPage }
  | { readonly kind: 'notice'; readonly notice: Notice };

const MOST_WAITING_RETRIES = 200;

export class TailQueue {
  private items: QueueItem[] = [];
  private head = 0;
  private waitingRetries = 0;
  private wake: (() => void) | undefined;
  private isEnded = false;
  private failure: { readonly error: unknown } | undefined;

  page(page: ReadPage): void {
    this.push({ kind: 'page', page });
  }

  notice(notice: Notice): void {
    if (notice.type === 'retry') {
      if (this.waitingRetries >= MOST_WAITING_RETRIES) return;
      this.waitingRetries += 1;
    }
    this.push({ kind: 'notice', notice });
  }

  /** Nothing is added after this; what is there can still be taken. */
  end(): void {
    this.isEnded = true;
    this.wake?.();
  }

  /** As `end`, and `take` rejects with the error at once. */
  fail(error: unknown): void {
    this.failure ??= { error };
    this.end();
  }

  /** The next item, waiting for it if need be; undefined after the end. */
  async take(): Promise<QueueItem | undefined> {
    while (this.head >= this.items.length && !this.isEnded) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
      this.wake = undefined;
    }
    if (this.failure !== undefined) throw this.failure.error;
    const item = this.items[this.head];
    if (item === undefined) return undefined;
    this.head += 1;
    if (item.kind === 'notice' && item.notice.type === 'retry') this.waitingRetries -= 1;
    if (this.head > 64 && this.head * 2 > this.items.length) {
      this.items = this.items.slice(this.head);
      this.head = 0;
    }
    return item;
  }

  clear(): void {
    this.items = [];
    this.head = 0;
    this.waitingRetries = 0;
  }

  private push(item: QueueItem): void {
    if (this.isEnded) return;
    this.items.push(item);
    this.wake?.();
  }
}
