// Time that passes only when everything waits: a day of a stream's life takes milliseconds.
import type { Clock } from '../../../src/stream/time/clock.js';

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly fire: () => void;
}

export class VirtualClock implements Clock {
  private readonly timers: Timer[] = [];
  private order = 0;
  private isScheduled = false;

  constructor(private time: number) {}

  turn(): Promise<void> {
    return Promise.resolve();
  }

  now(): number {
    return this.time;
  }

  /** Lets time pass before anything waits. */
  advance(ms: number): void {
    this.time += ms;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const done = () => {
        signal?.removeEventListener('abort', done);
        resolve();
      };
      signal?.addEventListener('abort', done, { once: true });
      this.order += 1;
      this.push({ at: this.time + Math.max(0, ms), order: this.order, fire: done });
      this.schedule();
    });
  }

  /** Runs after every promise that can settle has settled: then the next timer is due. */
  private schedule(): void {
    if (this.isScheduled) return;
    this.isScheduled = true;
    setImmediate(() => {
      this.isScheduled = false;
      const timer = this.pop();
      if (timer === undefined) return;
      this.time = Math.max(this.time, timer.at);
      timer.fire();
      if (this.timers.length > 0) this.schedule();
    });
  }

  private push(timer: Timer): void {
    const heap = this.timers;
    let at = heap.push(timer) - 1;
    while (at > 0) {
      const up = (at - 1) >> 1;
      const parent = heap[up];
      if (parent === undefined || !isBefore(timer, parent)) break;
      heap[at] = parent;
      at = up;
    }
    heap[at] = timer;
  }

  private pop(): Timer | undefined {
    const heap = this.timers;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let at = 0;
    for (;;) {
      let down = 2 * at + 1;
      const left = heap[down];
      const right = heap[down + 1];
      if (left === undefined) break;
      if (right !== undefined && isBefore(right, left)) down += 1;
      const child = heap[down];
      if (child === undefined || !isBefore(child, last)) break;
      heap[at] = child;
      at = down;
    }
    heap[at] = last;
    return first;
  }
}

function isBefore(a: Timer, b: Timer): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
