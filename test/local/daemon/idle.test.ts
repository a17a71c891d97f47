import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type IdleWatch, watchIdle } from '../../../src/local/daemon/idle.js';

describe('the idle watch', () => {
  let busy = false;
  let stops: number[];
  let watch: IdleWatch | undefined;
  beforeEach(() => {
    vi.useFakeTimers({ now: 0 });
    busy = false;
    stops = [];
  });
  afterEach(() => {
    watch?.stop();
    vi.useRealTimers();
  });
  function start(timeoutMs: number): IdleWatch {
    watch = watchIdle({ timeoutMs, now: Date.now, busy: () => busy, onIdle: () => stops.push(Date.now()) });
    return watch;
  }

  it('fires once, a whole idle time after the end of the last request', () => {
    const idle = start(1_000);
    vi.advanceTimersByTime(900);
    const end = idle.begin();
    vi.advanceTimersByTime(5_000);
    expect([stops, idle.stopsAt()]).toStrictEqual([[], null]);
    end();
    expect(idle.stopsAt()).toBe(6_900);
    vi.advanceTimersByTime(60_000);
    expect(stops).toStrictEqual([6_900]);
  });

  it('waits for a function that is at work', () => {
    busy = true;
    start(1_000);
    vi.advanceTimersByTime(4_500);
    busy = false;
    vi.advanceTimersByTime(10_000);
    expect(stops).toStrictEqual([5_000]);
  });

  it('never fires with a time of 0, also when that is set later', () => {
    const idle = start(1_000);
    idle.setTimeoutMs(0);
    vi.advanceTimersByTime(86_400_000);
    expect([stops, idle.stopsAt()]).toStrictEqual([[], null]);
    idle.setTimeoutMs(1_000);
    vi.advanceTimersByTime(1);
    expect(stops).toStrictEqual([86_400_001]);
  });

  it('holds a time that is longer than a timer of Node can be', () => {
    start(60 * 86_400_000);
    vi.advanceTimersByTime(59 * 86_400_000);
    expect(stops).toStrictEqual([]);
    vi.advanceTimersByTime(86_400_000);
    expect(stops).toStrictEqual([60 * 86_400_000]);
  });
});
