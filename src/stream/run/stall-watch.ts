// Notices a shard that is not being read although the consumer would take more: a tail that looks alive and is not.

import type { StallEvent } from '../events.js';
import type { ShardReader } from '../shards/shard-reader.js';
import type { Clock } from '../time/clock.js';

export const STALL_MS = 60_000;

export interface StallWatchContext {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** A stall is reported after this long, in ms, and again after every such time. */
  readonly afterMs: number;
  readonly readers: () => Iterable<ShardReader>;
  readonly onStall: (stall: StallEvent) => void;
}

/** Looks until the signal. */
export async function watchStalls(context: StallWatchContext): Promise<void> {
  const { clock, signal, afterMs, readers, onStall } = context;
  /** When a reader's time began to count: after it was held back, after its last stall was told. */
  const countedFrom = new WeakMap<ShardReader, number>();
  while (!signal.aborted) {
    await clock.sleep(Math.max(100, afterMs / 8), signal);
    if (signal.aborted) return;
    const now = clock.now();
    for (const reader of readers()) {
      const { tryingSince } = reader;
      // A shard that is idle, and a consumer that lags, are no stall of the stream.
      if (reader.isHeldBack || tryingSince === undefined) {
        countedFrom.set(reader, now);
        continue;
      }
      if (now - Math.max(tryingSince, countedFrom.get(reader) ?? 0) < afterMs) continue;
      countedFrom.set(reader, now);
      onStall({ type: 'stall', shard: reader.shard, sinceMs: now - tryingSince });
    }
  }
}
