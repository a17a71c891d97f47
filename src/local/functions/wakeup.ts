/** A condition that can be awaited without missing a change: take `version`, look at the world, wait for the next one. */
export class Wakeup {
  #version = 0;
  readonly #waiters = new Set<() => void>();

  get version(): number {
    return this.#version;
  }

  notify(): void {
    this.#version += 1;
    const waiters = [...this.#waiters];
    this.#waiters.clear();
    for (const wake of waiters) wake();
  }

  /** Resolves when `notify` was called since `version`, or after `timeoutMs`. Rejects with the signal's reason. */
  changedSince(version: number, signal: AbortSignal, timeoutMs?: number): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      if (this.#version !== version) return resolve();
      const end = (): void => {
        this.#waiters.delete(wake);
        signal.removeEventListener('abort', abort);
        clearTimeout(timer);
      };
      const wake = (): void => {
        end();
        resolve();
      };
      const abort = (): void => {
        end();
        reject(signal.reason);
      };
      const timer = timeoutMs === undefined ? undefined : setTimeout(wake, timeoutMs);
      this.#waiters.add(wake);
      signal.addEventListener('abort', abort);
    });
  }
}
