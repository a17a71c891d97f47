// Quantiles of an endless series in bounded memory: counts in buckets whose width grows with the value, so that every
// answer is within 1 % of a value that was really there. Pure.

const GAMMA = 1.02;
const LOG_GAMMA = Math.log(GAMMA);

/** Takes values of 0 and above; below 1 counts as 0. A value of 24 hours in ms falls into bucket 924. */
export class QuantileSketch {
  private readonly buckets: number[] = [];
  private zeros = 0;
  private total = 0;

  add(value: number, weight = 1): void {
    this.total += weight;
    if (value < 1) {
      this.zeros += weight;
      return;
    }
    const bucket = Math.ceil(Math.log(value) / LOG_GAMMA);
    while (this.buckets.length <= bucket) this.buckets.push(0);
    this.buckets[bucket] = (this.buckets[bucket] ?? 0) + weight;
  }

  /** The value at rank ceil(q × count), within 1 %; null when nothing was added. `q` is in (0, 1]. */
  quantile(q: number): number | null {
    if (this.total === 0) return null;
    let left = Math.max(1, Math.ceil(q * this.total)) - this.zeros;
    if (left <= 0) return 0;
    for (const [bucket, count] of this.buckets.entries()) {
      left -= count;
      if (left <= 0) return (2 * GAMMA ** bucket) / (1 + GAMMA);
    }
    return null;
  }
}
