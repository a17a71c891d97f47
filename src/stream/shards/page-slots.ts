// The bound on memory: a slot is held from before a page is asked for until the consumer has taken it, so that reading
// stops while the consumer lags, however many shards there are.

export class PageSlots {
  private free: number;
  private readonly waiting: (() => void)[] = [];
  private closed = false;

  constructor(size: number) {
    this.free = size;
  }

  /** Resolves with true when a slot is held, with false when closed. First come, first served. */
  async acquire(): Promise<boolean> {
    if (this.closed) return false;
    if (this.free > 0) {
      this.free -= 1;
      return true;
    }
    await new Promise<void>((resolve) => this.waiting.push(resolve));
    return !this.closed;
  }

  release(): void {
    const next = this.waiting.shift();
    if (next === undefined) this.free += 1;
    else next();
  }

  close(): void {
    this.closed = true;
    for (const resolve of this.waiting.splice(0)) resolve();
  }
}
