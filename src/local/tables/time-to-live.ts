// Time to live. Each write of an item that can expire adds a key `expiry second, item key`; the sweep reads those
// that are due. An entry is only a hint: the item itself decides when the sweep comes.
import { ServiceError } from '../service.js';
import { applyChange } from './apply-change.js';
import { type Catalog, requireTable, storeRow } from './catalog.js';
import { keys, rangeOf } from './database.js';
import { enterExpiryAt, expiryKey, expiryOf, isExpired } from './expiry.js';
import type { RequestBody } from './item-operations.js';
import { parseItem } from './item-text.js';
import { readTableName } from './read-table-name.js';
import type { TableState } from './table-state.js';

const CHUNK = 500;

/** UpdateTimeToLive. Takes effect at once, also for the items that are there. */
export async function updateTimeToLive(catalog: Catalog, body: RequestBody): Promise<unknown> {
  const table = requireTable(catalog, readTableName(body));
  const specification = readSpecification(body.TimeToLiveSpecification);
  const { Enabled: enabled, AttributeName: attribute } = specification;
  const current = table.row.timeToLive;
  if (enabled && current !== undefined && current.attribute !== attribute) {
    throw invalid(
      `TimeToLive is active on a different AttributeName: current AttributeName is ${current.attribute}`,
    );
  }
  if (enabled === (current !== undefined)) {
    throw invalid(`TimeToLive is already ${enabled ? 'enabled' : 'disabled'}`);
  }
  const { timeToLive: _, ...row } = table.row;
  await catalog.commits.commit((batch) => {
    storeRow(batch, table, enabled ? { ...row, timeToLive: { attribute, indexed: false } } : row);
  });
  if (enabled) await indexExpiries(catalog, table);
  else await catalog.commits.database.clear(rangeOf(keys.expiries(table.row.generation)));
  return { TimeToLiveSpecification: specification };
}

/** DescribeTimeToLive. */
export function describeTimeToLive(catalog: Catalog, body: RequestBody): unknown {
  const { timeToLive } = requireTable(catalog, readTableName(body)).row;
  return {
    TimeToLiveDescription:
      timeToLive === undefined
        ? { TimeToLiveStatus: 'DISABLED' }
        : { TimeToLiveStatus: 'ENABLED', AttributeName: timeToLive.attribute },
  };
}

/** Enters the items that were there before time to live was enabled. Done again at open if a crash cut it short. */
export async function indexExpiries(catalog: Catalog, table: TableState): Promise<void> {
  const attribute = table.row.timeToLive?.attribute;
  if (attribute === undefined) return;
  const iterator = catalog.commits.database.iterator(rangeOf(table.itemPrefix));
  try {
    for (;;) {
      const chunk = await iterator.nextv(CHUNK);
      if (chunk.length === 0) break;
      await catalog.commits.commit((batch) => {
        if (!table.live) return;
        for (const [key, text] of chunk) {
          const expiry = expiryOf(parseItem(text), attribute);
          if (expiry !== undefined) enterExpiryAt(batch, table, expiry, key.slice(table.itemPrefix.length));
        }
      });
    }
  } finally {
    await iterator.close();
  }
  await catalog.commits.commit((batch) => {
    const { timeToLive } = table.row;
    if (!table.live || timeToLive?.attribute !== attribute) return;
    storeRow(batch, table, { ...table.row, timeToLive: { attribute, indexed: true } });
  });
}

/** Removes the expired items of all tables, with records that name DynamoDB as their author. */
export async function sweepExpired(catalog: Catalog): Promise<void> {
  for (const table of [...catalog.tables.values()]) {
    if (table.row.timeToLive !== undefined) await sweepTable(catalog, table);
  }
}

async function sweepTable(catalog: Catalog, table: TableState): Promise<void> {
  const from = table.sweptBefore;
  const until = Math.floor(catalog.now() / 1000) + 1;
  // First, so that an entry which comes during the sweep and is due already is found by the next one.
  table.sweptBefore = until;
  const iterator = catalog.commits.database.keys({
    gte: expiryKey(table, from, ''),
    lt: expiryKey(table, until, ''),
  });
  try {
    for (;;) {
      const chunk = await iterator.nextv(CHUNK);
      if (chunk.length === 0) return;
      await Promise.all(chunk.map((entry) => expire(catalog, table, entry)));
    }
  } catch (error) {
    table.sweptBefore = Math.min(table.sweptBefore, from);
    throw error;
  } finally {
    await iterator.close();
  }
}

async function expire(catalog: Catalog, table: TableState, entry: string): Promise<void> {
  const key = entry.slice(expiryKey(table, 0, '').length);
  const itemKey = table.itemPrefix + key;
  await catalog.locks.acquireAll([itemKey]);
  try {
    const text = catalog.commits.database.getSync(itemKey);
    const item = text === undefined ? undefined : parseItem(text);
    await catalog.commits.commit((batch) => {
      const attribute = table.row.timeToLive?.attribute;
      if (!table.live || attribute === undefined) return;
      batch.del(entry);
      if (text === undefined || item === undefined || !isExpired(item, attribute, catalog.now())) return;
      const change = { table, key, before: { item, text }, after: undefined, expired: true };
      applyChange(batch, catalog.streamLog, change);
    });
  } finally {
    catalog.locks.release(itemKey);
  }
}

function readSpecification(value: unknown): { readonly Enabled: boolean; readonly AttributeName: string } {
  const { Enabled, AttributeName } = (value ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof Enabled !== 'boolean' || typeof AttributeName !== 'string' || AttributeName === '') {
    throw invalid(
      "1 validation error detected: Value at 'timeToLiveSpecification' failed to satisfy constraint: Enabled and AttributeName must not be null",
    );
  }
  return { Enabled, AttributeName };
}

function invalid(message: string): ServiceError {
  return new ServiceError('ValidationException', message);
}
