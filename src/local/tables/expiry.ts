import type { AttributeMap } from '../../model/wire.js';
import type { BatchBuilder } from './commit-log.js';
import { keys } from './database.js';
import type { TableState } from './table-state.js';

/** DynamoDB leaves items alone whose time to live passed more than five years ago. */
const MAX_AGE_SECONDS = 5 * 365.25 * 24 * 60 * 60;
const SECOND_DIGITS = 12;

/** Returns the second since the epoch at which an item expires; `undefined` when its attribute is no such time. */
export function expiryOf(item: AttributeMap, attribute: string): number | undefined {
  const value = Object.hasOwn(item, attribute) ? item[attribute] : undefined;
  if (value === undefined || !('N' in value)) return undefined;
  const second = Math.floor(Number(value.N));
  return Number.isFinite(second) && second >= 0 && second < 10 ** SECOND_DIGITS ? second : undefined;
}

/** Tells whether an item is past its time, as DynamoDB sees it. `now` is in epoch milliseconds. */
export function isExpired(item: AttributeMap, attribute: string, now: number): boolean {
  const second = expiryOf(item, attribute);
  return second !== undefined && second * 1000 <= now && second > now / 1000 - MAX_AGE_SECONDS;
}

/** Returns the database key that says when an item is due. Keys are in the order of time. */
export function expiryKey(table: TableState, second: number, itemKey: string): string {
  return `${keys.expiries(table.row.generation)}${String(second).padStart(SECOND_DIGITS, '0')}!${itemKey}`;
}

/** Makes the sweep look at an item at its time, or at once if that has passed. */
export function enterExpiryAt(batch: BatchBuilder, table: TableState, second: number, itemKey: string): void {
  batch.put(expiryKey(table, second, itemKey), '');
  // Not before the entry is on disk, or a sweep in between would miss it.
  batch.afterCommit(() => {
    table.sweptBefore = Math.min(table.sweptBefore, second);
  });
}
