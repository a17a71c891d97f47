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
    else next();
  }
}
