// When to read a shard again. Reads cost money on AWS, where a shard also takes only about five a second from all of
// its readers; on loopback they cost a little CPU and buy latency.

export interface Pace {
  /** The least time between the starts of two reads of one shard. */
  readonly minGapMs: number;
  /** The wait after an answer that left nothing behind. */
  readonly activeMs: number;
  /** How many empty answers in a row still count as active: a writer's pause is not the end. */
  readonly lingerReads: number;
  /** How many empty answers in a row say that an open shard's tip is reached, when a tail is to end there. */
  readonly tipReads: number;
  /** How long a closed shard may be without children in listings although it has some. */
  readonly lateChildMs: number;
  /** True where every shard that is closed while its stream lives has a child. */
  readonly makesChildren: boolean;
}

/** At most 4 reads a second and shard leaves one for a mapping's poller. Pages inside a shard may be empty there. */
export const AWS_PACE: Pace = {
  minGapMs: 250,
  activeMs: 250,
  lingerReads: 4,
  tipReads: 20,
  lateChildMs: 15_000,
  makesChildren: true,
};
export const LOOPBACK_PACE: Pace = {
  minGapMs: 0,
  activeMs: 20,
  lingerReads: 25,
  tipReads: 3,
  lateChildMs: 6_000,
  makesChildren: false,
};

const GROWTH = 1.5;
/** All idle shards together stay under two reads a second, as far as the longest wait allows. */
const IDLE_MS_PER_SHARD = 560;
const SHORTEST_IDLE_CAP_MS = 1_000;
const LONGEST_IDLE_CAP_MS = 5_000;
/** Creation times have whole seconds, so a younger newest record says nothing. */
const BEHIND_MS = 2_000;
const FULL_PAGE_RECORDS = 1_000;

export interface ReadOutcome {
  readonly records: number;
  /** ≈ now minus the newest record's creation time; 0 for an empty answer. */
  readonly lagMs: number;
  /** From the start of the read to now. */
  readonly elapsedMs: number;
  /** Empty answers in a row, this one included. */
  readonly emptyReads: number;
  /** The wait before this read. */
  readonly previousDelayMs: number;
  /** Shards that are being read. */
  readonly openShards: number;
}

/** Milliseconds to wait before the next read of the shard. `random` is in [0, 1). */
export function nextReadDelayMs(pace: Pace, outcome: ReadOutcome, random: () => number): number {
  const gap = Math.max(0, pace.minGapMs - outcome.elapsedMs);
  if (outcome.records >= FULL_PAGE_RECORDS || (outcome.records > 0 && outcome.lagMs > BEHIND_MS)) return gap;
  if (outcome.records > 0 || outcome.emptyReads <= pace.lingerReads) {
    return Math.max(gap, jittered(pace.activeMs, random));
  }
  const cap = Math.min(
    LONGEST_IDLE_CAP_MS,
    Math.max(SHORTEST_IDLE_CAP_MS, outcome.openShards * IDLE_MS_PER_SHARD),
  );
  const grown = Math.max(pace.activeMs, outcome.previousDelayMs) * GROWTH;
  return Math.max(gap, jittered(Math.min(cap, grown), random));
}

/** ± 10 %: shards that were opened together do not stay in step. */
function jittered(ms: number, random: () => number): number {
  return Math.round(ms * (0.9 + 0.2 * random()));
}
