// How long to wait before asking again after a failure.

const FIRST_MS = 50;
const LONGEST_MS = 20_000;

/**
 * Milliseconds before attempt `attempt` + 1 (from 1): doubling, capped, with jitter over the upper half so that many
 * shards that failed together do not return together. `random` is in [0, 1).
 */
export function retryDelayMs(attempt: number, random: () => number): number {
  const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 16));
  return Math.round(ceiling / 2 + (ceiling / 2) * random());
}
