// Where a reader is in its shard: the iterator in use and, since iterators end, what to open the next one with. The last
// sequence number read decides that, so nothing is lost or read twice.

import type { IteratorPosition } from '../api/stream-api.js';
import type { SiftBounds } from '../records/read-page.js';
import type { ShardStart } from './shard-start.js';

/** What a cursor starts with: the plan, an iterator if one is open already, and the end of a range. */
export interface CursorStart extends ShardStart {
  readonly iterator?: string;
  readonly until?: string;
}

export class ShardCursor {
  /** Of the next read; undefined when one has to be opened at `position`. */
  iterator: string | undefined;
  /** The highest sequence number read, or that was behind the start. */
  last: string | undefined;
  position: IteratorPosition;
  /** The first sequence number of a range whose server does not open an iterator at it. */
  private from: string | undefined;
  private readonly dropBefore: number | undefined;
  private readonly until: string | undefined;

  constructor({ iterator, from, dropBefore, until }: CursorStart) {
    this.iterator = iterator;
    this.position = from;
    this.last = from.type === 'after' ? from.seq : undefined;
    this.dropBefore = dropBefore;
    this.until = until;
  }

  /** What of a page is new and wanted. */
  get bounds(): SiftBounds {
    const { last, from, until, dropBefore } = this;
    return { last, from, until, dropBefore };
  }

  /** Opens the next iterator after what was read or, if nothing was, where the shard was begun, without its LATEST. */
  reopen(): void {
    this.iterator = undefined;
    if (this.last !== undefined) this.position = { type: 'after', seq: this.last };
    else if (this.position.type === 'latest') this.position = { type: 'horizon' };
  }

  /** Opens the next iterator at the beginning; of a range, what is before it is left out then. */
  toHorizon(): void {
    this.iterator = undefined;
    if (this.position.type === 'at') this.from = this.position.seq;
    this.position = { type: 'horizon' };
  }
}
