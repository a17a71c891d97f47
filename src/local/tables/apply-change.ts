// One write of one item, as it goes into a batch: the item, its index entries, the table's counters and the stream
// record stand or fall together.
import type { StoredItem } from '../streams/record-text.js';
import type { StreamLog } from '../streams/stream-log.js';
import type { BatchBuilder } from './commit-log.js';
import { keys } from './database.js';
import { dynaliteDb } from './dynalite.js';
import { enterExpiryAt, expiryOf } from './expiry.js';
import { itemSize } from './item-size.js';
import { stringifyItem } from './item-text.js';
import { isSameItem } from './same-item.js';
import type { TableState } from './table-state.js';

export interface ItemChange {
  readonly table: TableState;
  /** dynalite's key of the item, without the table's prefix. */
  readonly key: string;
  readonly before: StoredItem | undefined;
  readonly after: StoredItem | undefined;
  /** True for a removal by time to live. */
  readonly expired?: boolean;
}

/** Tells whether a write changes nothing: DynamoDB makes no record of it. */
export function isNoChange(change: ItemChange): boolean {
  const { before, after } = change;
  return before === undefined || after === undefined ? before === after : isSameItem(before, after);
}

/** Adds a change to a batch. The table must be live. */
export function applyChange(batch: BatchBuilder, streamLog: StreamLog, change: ItemChange): void {
  const { table, key, before, after } = change;
  if (after === undefined) batch.del(table.itemPrefix + key);
  else batch.put(table.itemPrefix + key, after.text);
  changeIndexes(batch, change);
  enterExpiry(batch, change);
  const items = (after === undefined ? 0 : 1) - (before === undefined ? 0 : 1);
  const bytes =
    (after === undefined ? 0 : itemSize(after.item)) - (before === undefined ? 0 : itemSize(before.item));
  count(batch, table, items, bytes);
  if (table.stream !== undefined) {
    streamLog.append(batch, table.stream, {
      itemKey: key,
      before,
      after,
      expired: change.expired === true,
    });
  }
}

function count(batch: BatchBuilder, table: TableState, items: number, bytes: number): void {
  const { counters } = table;
  counters.items += items;
  counters.bytes += bytes;
  batch.onFailure(() => {
    counters.items -= items;
    counters.bytes -= bytes;
  });
  batch.putLast(keys.counters(table.row.generation), () => JSON.stringify(counters));
}

function enterExpiry(batch: BatchBuilder, { table, key, after }: ItemChange): void {
  const attribute = table.row.timeToLive?.attribute;
  if (attribute === undefined || after === undefined) return;
  const expiry = expiryOf(after.item, attribute);
  if (expiry !== undefined) enterExpiryAt(batch, table, expiry, key);
}

/** Decided here and not in the action, so that an index which was created meanwhile gets its entry. */
function changeIndexes(batch: BatchBuilder, { table, before, after }: ItemChange): void {
  const { generation, description } = table.row;
  for (const type of ['Local', 'Global'] as const) {
    const indexes = description[`${type}SecondaryIndexes`] ?? [];
    if (indexes.length === 0) continue;
    const { puts, deletes } = dynaliteDb.getIndexActions(indexes, before?.item, after?.item, description);
    for (const { index, key } of deletes) batch.del(keys.index(generation, type, index) + key);
    for (const { index, key, item } of puts) {
      batch.put(keys.index(generation, type, index) + key, stringifyItem(item));
    }
  }
}
