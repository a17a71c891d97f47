// A loss that was noticed and not yet told: its far end is known only when the next record comes. One for each shard.

import type { RecordsPage } from '../api/stream-api.js';
import type { GapEvent } from '../events.js';
import { compareSequences } from '../records/sequence.js';

export class PendingGap {
  private pending: { readonly lastSeen: string | undefined; readonly reason: string } | undefined;
  /** True from a gap told without its far end until the next new record. */
  private isOpen = false;

  constructor(
    private readonly shard: string,
    private readonly onGap: (gap: GapEvent) => void,
  ) {}

  get isPending(): boolean {
    return this.pending !== undefined;
  }

  /** A gap that was told without its far end, and after which nothing has come, says it all already. */
  note(reason: string, lastSeen: string | undefined): void {
    if (!this.isOpen) this.pending ??= { lastSeen, reason };
  }

  /**
   * A pending gap ends at the first record that is new; records that overlap show that nothing is missing. `last` is
   * the highest sequence number before this page.
   */
  settle(page: RecordsPage, firstNew: string | undefined, last: string | undefined): void {
    if (firstNew !== undefined) this.isOpen = false;
    if (this.pending === undefined || page.records.length === 0) return;
    const { lastSeen, reason } = this.pending;
    const first = page.records.sequence(0);
    const overlaps = lastSeen !== undefined && last !== undefined && compareSequences(first, lastSeen) <= 0;
    if (!overlaps) this.report(reason, lastSeen, firstNew ?? first);
    this.pending = undefined;
  }

  /** Tells a pending gap whose far end is not known, because nothing has come after it yet. */
  tell(): void {
    if (this.pending === undefined) return;
    this.report(this.pending.reason, this.pending.lastSeen);
    this.pending = undefined;
    this.isOpen = true;
  }

  report(reason: string, lastSeen: string | undefined, firstAvailable?: string): void {
    this.onGap({
      type: 'gap',
      shard: this.shard,
      ...(lastSeen === undefined ? {} : { lastSeen }),
      ...(firstAvailable === undefined ? {} : { firstAvailable }),
      reason,
    });
  }
}
