/** Milliseconds since a `performance.now()`, with the three decimals that mean something. */
export function elapsedSince(started: number): number {
  return Math.round((performance.now() - started) * 1000) / 1000;
}
