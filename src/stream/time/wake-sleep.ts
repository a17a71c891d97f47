// Sleep that others can end: many readers wait here, and activity on one of them, or the end, wakes all.
import type { Clock } from './clock.js';

export class WakeSleep {
  isClosed = false;
  private readonly sleepers = new Set<AbortController>();

  constructor(private readonly clock: Clock) {}

  /** Resolves after `ms`, at the next `wake`, or at once when closed. */
  async sleep(ms: number): Promise<void> {
    if (this.isClosed || ms <= 0) return;
    const sleeper = new AbortController();
    this.sleepers.add(sleeper);
    await this.clock.sleep(ms, sleeper.signal);
    this.sleepers.delete(sleeper);
  }

  wake(): void {
    for (const sleeper of this.sleepers) sleeper.abort();
    this.sleepers.clear();
  }

  /** Wakes everyone and lets nobody sleep again. */
  close(): void {
    this.isClosed = true;
    this.wake();
  }
}
