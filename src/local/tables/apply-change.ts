// One write of one item, as it goes into a batch: the item, its index entries, the table's counters and the stream
// record stand or fall together.
import { ServiceError } from '../service.js';
import type { StoredItem } from '../streams/record-text.js';
import type { StreamLog } from '../streams/stream-log.js';
import type { BatchBuilder } from './commit-log.js';
import { keys } from './database.js';
import type { LevelOperation } from './dynalite.js';
import { itemSize } from './item-size.js';
import { isSameItem } from './same-item.js';
import type { TableState } from './table-state.js';

export interface ItemChange {
  readonly table: TableState;
  /** dynalite's key of the item, without the table's prefix. */
  readonly key: string;
  readonly before: StoredItem | undefined;
  readonly after: StoredItem | undefined;
  readonly indexOperations: readonly LevelOperation[];
  /** True for a removal by time to live. */
  readonly expired?: boolean;
}

/** Tells whether a write changes nothing: DynamoDB makes no record of it. */
export function isNoChange(change: ItemChange): boolean {
  const { before, after } = change;
  return before === undefined || after === undefined ? before === after : isSameItem(before, after);
}

/** Throws when the change's table was deleted meanwhile. */
export function requireLive(change: ItemChange): void {
  if (!change.table.live) {
    throw new ServiceError('ResourceNotFoundException', 'Requested resource not found');
  }
}

/** Adds a change to a batch. The table must be live. */
export function applyChange(batch: BatchBuilder, streamLog: StreamLog, change: ItemChange): void {
  const { table, key, before, after } = change;
  if (after === undefined) batch.del(table.itemPrefix + key);
  else batch.put(table.itemPrefix + key, after.text);
  batch.operations.push(...change.indexOperations);
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
