import type { BatchBuilder } from './commit-log.js';
import { keys } from './database.js';

/** Numbers tables' generations, streams and shards: each number is given once in the life of the data. */
export class NumberSource {
  #last: number;

  constructor(last: number) {
    this.#last = last;
  }

  /** Gives the next number; the batch records that it is taken. */
  next(batch: BatchBuilder): number {
    this.#last += 1;
    batch.putLast(keys.numbers, () => String(this.#last));
    return this.#last;
  }
}
