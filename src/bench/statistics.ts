// Order statistics of a sample. Pure; the sample is sorted once.

/** What a stage reports of a sample, in the sample's unit. */
export interface Summary {
  readonly count: number;
  readonly min: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
}

/** The summary of a sample; undefined for an empty one. */
export function summarize(sample: readonly number[]): Summary | undefined {
  const sorted = Float64Array.from(sample).sort();
  const first = sorted[0];
  if (first === undefined) return undefined;
  return {
    count: sorted.length,
    min: first,
    p50: quantile(sorted, 0.5),
    p90: quantile(sorted, 0.9),
    p99: quantile(sorted, 0.99),
    max: quantile(sorted, 1),
  };
}

/** The nearest-rank quantile: the smallest value with at least `q` of the sample at or below it. NaN when empty. */
export function quantile(sorted: ArrayLike<number>, q: number): number {
  const rank = Math.min(sorted.length, Math.max(1, Math.ceil(q * sorted.length)));
  return sorted[rank - 1] ?? Number.NaN;
}
