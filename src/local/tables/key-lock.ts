/** Gives one holder at a time each key, in the order in which they asked. */
export class KeyLock {
  readonly #waiting = new Map<string, (() => void)[]>();

  /** Calls `holder` at once when the key is free, otherwise after the releases of all who asked before. */
  acquire(key: string, holder: () => void): void {
    const queue = this.#waiting.get(key);
    if (queue !== undefined) {
      queue.push(holder);
      return;
    }
    this.#waiting.set(key, []);
    holder();
  }

  /** Frees a held key and calls the next in line, if any. */
  release(key: string): void {
    const next = this.#waiting.get(key)?.shift();
    if (next === undefined) this.#waiting.delete(key);
    // Not on this stack: a long line of holders that finish at once would overflow it.
    else queueMicrotask(next);
  }

  /** Acquires several distinct keys in one fixed order, so that two who want the same keys never wait for each other. */
  async acquireAll(keys: readonly string[]): Promise<void> {
    for (const key of [...keys].sort()) {
      await new Promise<void>((resolve) => this.acquire(key, resolve));
    }
  }
}
