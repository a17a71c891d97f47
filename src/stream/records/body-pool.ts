// Buffers for answers, used again: a page is up to megabytes outside the heap, where the collector hears of it late and
// then stops everything.

/** More than the pages that are in work at once on loopback; what is beyond is left to the collector. */
const MOST_KEPT = 4;
/** A page of 1 MB of items is rarely more than this as JSON; a larger buffer serves once. */
const LARGEST_KEPT = 4 * 1_048_576;
const STEP = 65_536;

export class BodyPool {
  private readonly free: Buffer[] = [];

  /** A buffer of at least so many bytes, with anything in them. */
  take(bytes: number): Buffer {
    const at = this.free.findIndex(({ length }) => length >= bytes);
    const [kept] = at === -1 ? [] : this.free.splice(at, 1);
    return kept ?? Buffer.allocUnsafeSlow(Math.ceil(Math.max(bytes, 1) / STEP) * STEP);
  }

  /** Takes a buffer back that nobody reads any more. */
  give(buffer: Buffer): void {
    if (buffer.length > LARGEST_KEPT) return;
    if (this.free.length >= MOST_KEPT) this.free.shift();
    this.free.push(buffer);
  }
}
