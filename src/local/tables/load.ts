// Reads tables and streams from disk when the engine opens, and repairs what a crash left: keys of a table that was
// being deleted.

import type { EngineContext } from '../service.js';
import { SEQUENCE_ZERO, SequenceClock } from '../streams/sequence.js';
import { StreamLog } from '../streams/stream-log.js';
import { type ShardRow, ShardState, type StreamRow, StreamState } from '../streams/stream-state.js';
import type { Catalog } from './catalog.js';
import { CommitLog } from './commit-log.js';
import { keys, rangeOf, readEntries } from './database.js';
import { clearGeneration } from './delete-table.js';
import type { LevelDatabase } from './dynalite.js';
import { fillIndex } from './index-updates.js';
import { KeyLock } from './key-lock.js';
import { NumberSource } from './numbers.js';
import { type TableCounters, type TableRow, TableState } from './table-state.js';
import { indexExpiries } from './time-to-live.js';

/** Builds the catalog from an open database. */
export async function loadCatalog(context: EngineContext, database: LevelDatabase): Promise<Catalog> {
  const { region, accountId, now, log } = context;
  const sequence = new SequenceClock(now, database.getSync(keys.sequence) ?? SEQUENCE_ZERO);
  const numbers = new NumberSource(Number(database.getSync(keys.numbers) ?? 0));
  const commits = new CommitLog(database);
  const streamLog = new StreamLog({ region, accountId, now, sequence, numbers });
  const catalog: Catalog = {
    region,
    accountId,
    now,
    log,
    tables: new Map(),
    commits,
    streamLog,
    numbers,
    locks: new KeyLock(),
  };
  await loadStreams(database, streamLog);
  await loadTables(database, catalog);
  await clearOrphans(database, catalog);
  await finishIndexing(catalog);
  return catalog;
}

// Rows are what this engine wrote: their JSON is cast to the type that was serialized.

async function loadStreams(database: LevelDatabase, streamLog: StreamLog): Promise<void> {
  const byNumber = new Map<number, StreamState>();
  for (const [, text] of await readEntries(database, rangeOf('s!'))) {
    const row = JSON.parse(text) as StreamRow;
    const stream = new StreamState(row);
    byNumber.set(row.number, stream);
    streamLog.streams.set(row.arn, stream);
  }
  for (const [, text] of await readEntries(database, rangeOf('h!'))) {
    const row = JSON.parse(text) as ShardRow;
    const stream = byNumber.get(row.stream);
    if (stream === undefined) continue;
    const shard = new ShardState(row);
    stream.shards.push(shard);
    if (row.end === undefined) stream.open.push(shard);
  }
}

async function loadTables(database: LevelDatabase, catalog: Catalog): Promise<void> {
  for (const [, text] of await readEntries(database, rangeOf('t!'))) {
    const row = JSON.parse(text) as TableRow;
    const table = new TableState(row);
    const counters = database.getSync(keys.counters(row.generation));
    if (counters !== undefined) Object.assign(table.counters, JSON.parse(counters) as TableCounters);
    const stream = row.stream === undefined ? undefined : catalog.streamLog.streams.get(row.stream.arn);
    if (stream?.enabled) table.stream = stream;
    catalog.tables.set(table.name, table);
  }
}

async function clearOrphans(database: LevelDatabase, catalog: Catalog): Promise<void> {
  const live = new Set([...catalog.tables.values()].map((table) => table.row.generation));
  for (const kind of ['items', 'indexes', 'expiries'] as const) {
    for (const generation of await generationsIn(database, keys[kind])) {
      if (!live.has(generation)) await clearGeneration(database, generation);
    }
  }
}

/** Finds the generations that have keys of a kind by jumping from one to the next. */
async function generationsIn(
  database: LevelDatabase,
  prefixOf: (generation: number) => string,
): Promise<readonly number[]> {
  const found: number[] = [];
  const kind = `${prefixOf(0).split('!')[0]}!`;
  let from = kind;
  for (;;) {
    const iterator = database.keys({ gte: from, lt: rangeOf(kind).lt, limit: 1 });
    const [key] = await iterator.nextv(1).finally(() => iterator.close());
    if (key === undefined) return found;
    const generation = Number.parseInt(key.split('!')[1] ?? '', 36);
    found.push(generation);
    from = rangeOf(prefixOf(generation)).lt;
  }
}

/** Takes up what was being entered for existing items when the engine stopped. */
async function finishIndexing(catalog: Catalog): Promise<void> {
  for (const table of catalog.tables.values()) {
    if (table.row.timeToLive?.indexed === false) await indexExpiries(catalog, table);
    for (const index of table.row.description.GlobalSecondaryIndexes ?? []) {
      if (index.IndexStatus === 'CREATING') await fillIndex(catalog, table, index.IndexName);
    }
  }
}
