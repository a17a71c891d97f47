/**
 * Which records of a shard are done, when they may finish out of order. `advance` gives the place behind which
 * everything is done: the only place from which a restart loses nothing.
 */
export class ProgressLedger {
  #entries: string[] = [];
  #head = 0;
  readonly #done = new Set<string>();

  /** Records that were read and are not behind the last advance. */
  get size(): number {
    return this.#entries.length - this.#head;
  }

  add(sequenceNumber: string): void {
    this.#entries.push(sequenceNumber);
  }

  markDone(sequenceNumber: string): void {
    this.#done.add(sequenceNumber);
  }

  /** The last record of the done run at the front, or undefined when there is none new. */
  advance(): string | undefined {
    let last: string | undefined;
    for (let next = this.#entries[this.#head]; next !== undefined; next = this.#entries[this.#head]) {
      if (!this.#done.delete(next)) break;
      last = next;
      this.#head += 1;
    }
    if (this.#head > 10_000 && this.#head * 2 > this.#entries.length) {
      this.#entries = this.#entries.slice(this.#head);
      this.#head = 0;
    }
    return last;
  }
}
