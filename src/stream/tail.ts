// The tail: a table's changes as one series of events that accounts for everything, from the first listing to the end.
import { decodeRecord } from '../model/index.js';
import type { LedgerSnapshot, TailEvent } from './events.js';
import { createSdkStreamApi } from './sdk-stream-api.js';
import type { ShardView } from './shard-view.js';
import type { TailOptions } from './tail-options.js';
import { TailRun } from './tail-run.js';

/** The events of a tail, to be iterated once, and its account at any moment. */
export interface Tail<T = unknown> extends AsyncIterable<TailEvent<T>> {
  ledger(): LedgerSnapshot;
  /** Parents before children: those being read, those waiting, those done. */
  shards(): readonly ShardView[];
}

/**
 * Tails a table's stream. Reading begins at the first `next()`; a change counts as taken when the one after it is asked
 * for, which is when a checkpoint moves past it. Throws `CliError` for preconditions only (`table.notFound`,
 * `table.noStream`, unusable credentials): all that happens to a stream later is an event, the last one is `end`.
 */
export function tailStream<T = unknown>(options: TailOptions<T>): Tail<T> {
  const run = new TailRun<T>(createSdkStreamApi(options), decodeRecord, options);
  return {
    [Symbol.asyncIterator]: () => run.iterate(),
    ledger: () => run.ledger(),
    shards: () => run.shards(),
  };
}
