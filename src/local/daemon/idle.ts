// When the engine has been idle for long enough to stop by itself.

/** Node fires a longer timer at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;
/** How soon to look again when the time is up but a function is still at work. */
const BUSY_RECHECK_MS = 1_000;

export interface IdleOptions {
  /** 0 never stops. */
  readonly timeoutMs: number;
  readonly now: () => number;
  /** True while work is under way that no request stands for. */
  readonly busy: () => boolean;
  /** Called once. */
  readonly onIdle: () => void;
}

export interface IdleWatch {
  /** A request begins; what it returns is called once when it ends. */
  begin(): () => void;
  setTimeoutMs(timeoutMs: number): void;
  readonly timeoutMs: number;
  /** When the engine will stop if nothing happens, in epoch milliseconds; null while a request runs, or for never. */
  stopsAt(): number | null;
  stop(): void;
}

export function watchIdle(options: IdleOptions): IdleWatch {
  let timeoutMs = options.timeoutMs;
  let running = 0;
  let lastRequest = options.now();
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  function arm(delayMs: number): void {
    clearTimeout(timer);
    if (timeoutMs > 0 && !stopped) timer = setTimeout(check, Math.min(Math.max(delayMs, 1), MAX_TIMER_MS));
  }
  function check(): void {
    const left = lastRequest + timeoutMs - options.now();
    // Requests only move `lastRequest`: the timer is set again here, not at each of thousands a second.
    if (left > 0) arm(left);
    else if (running > 0 || options.busy()) arm(BUSY_RECHECK_MS);
    else {
      stopped = true;
      options.onIdle();
    }
  }
  arm(timeoutMs);
  return {
    begin() {
      running += 1;
      lastRequest = options.now();
      return () => {
        running -= 1;
        lastRequest = options.now();
      };
    },
    setTimeoutMs(value) {
      timeoutMs = value;
      clearTimeout(timer);
      arm(lastRequest + timeoutMs - options.now());
    },
    get timeoutMs() {
      return timeoutMs;
    },
    stopsAt: () => (timeoutMs === 0 || running > 0 ? null : lastRequest + timeoutMs),
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
