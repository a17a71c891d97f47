// A user's handler file as the consumer of a batch. Runs at cold start.
import { type Consumer, consumerOf } from './consumer.js';
import type { ChangeHandler } from './types.js';

/** The consumer that a handler file exports by default; throws where the export is no function. */
export function consumerFrom(exported: unknown): Consumer {
  if (typeof exported !== 'function') {
    throw new TypeError('the default export of the handler file is not a function');
  }
  // What a function takes and returns cannot be seen from here; its answer is checked when it comes.
  return consumerOf(exported as ChangeHandler);
}
