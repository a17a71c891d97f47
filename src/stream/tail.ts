// The tail: a table's changes as one series of events that accounts for everything, from the first listing to the end.
import { decodeRecord } from '../model/index.js';
import { createSdkStreamApi } from './api/sdk-stream-api.js';
import type { LedgerSnapshot, LinesEvent, NoticeEvent, TailEvent } from './events.js';
import { type EncodeLines, openAsChanges, openAsLines } from './run/open-page.js';
import { TailRun } from './run/tail-run.js';
import type { ShardView } from './shards/shard-view.js';
import type { TailOptions } from './tail-options.js';

/** The events of a tail, to be iterated once, and its account at any moment. */
export interface Tail<T = unknown> extends TailAccount, AsyncIterable<TailEvent<T>> {}

/** As `Tail`, with the lines of a whole batch in place of its changes. */
export interface LinesTail extends TailAccount, AsyncIterable<LinesEvent | NoticeEvent> {}

interface TailAccount {
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
  const { model, select } = options;
  const openPage = openAsChanges<T>(decodeRecord, model, select);
  return tailOf(new TailRun(createSdkStreamApi(options), openPage, options));
}

/** What a tail is asked for that chooses nothing and keeps no checkpoint: each of these is about single changes. */
export type LinesTailOptions = Omit<TailOptions, 'model' | 'select' | 'checkpoint'>;

/** Tails as `tailStream` does, and hands a batch out as the lines that `encode` makes of it: several times as fast. */
export function tailLines(options: LinesTailOptions, encode: EncodeLines): LinesTail {
  return tailOf(new TailRun(createSdkStreamApi(options), openAsLines(encode), options));
}

function tailOf<Event>(run: {
  iterate(): AsyncIterator<Event, undefined>;
  ledger(): LedgerSnapshot;
  shards(): readonly ShardView[];
}): TailAccount & AsyncIterable<Event> {
  return {
    [Symbol.asyncIterator]: () => run.iterate(),
    ledger: () => run.ledger(),
    shards: () => run.shards(),
  };
}
