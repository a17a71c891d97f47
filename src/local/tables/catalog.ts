// The tables of the engine: in memory by name, on disk by generation.
import { ServiceError } from '../service.js';
import type { StreamLog } from '../streams/stream-log.js';
import type { BatchBuilder, CommitLog } from './commit-log.js';
import { keys } from './database.js';
import type { KeyLock } from './key-lock.js';
import type { NumberSource } from './numbers.js';
import type { TableRow, TableState } from './table-state.js';

/** What every table operation works with. */
export interface Catalog {
  readonly region: string;
  readonly accountId: string;
  readonly now: () => number;
  readonly log: (line: string) => void;
  readonly tables: Map<string, TableState>;
  readonly commits: CommitLog;
  readonly streamLog: StreamLog;
  readonly numbers: NumberSource;
  /** By the item's key in the database. */
  readonly locks: KeyLock;
}

/** Finds a live table by name or ARN. Throws ResourceNotFoundException in the words of control-plane operations. */
export function requireTable(catalog: Catalog, nameOrArn: string): TableState {
  const name = tableNameOf(nameOrArn);
  const table = catalog.tables.get(name);
  if (table === undefined) {
    throw new ServiceError(
      'ResourceNotFoundException',
      `Requested resource not found: Table: ${name} not found`,
    );
  }
  return table;
}

/** Returns the name in a table's ARN, or the text itself. */
export function tableNameOf(nameOrArn: string): string {
  return /^arn:[^:]*:dynamodb:[^:]*:[^:]*:table\/([^/]+)/.exec(nameOrArn)?.[1] ?? nameOrArn;
}

/** Returns the ARN of the table called `name`. */
export function tableArn(catalog: Pick<Catalog, 'region' | 'accountId'>, name: string): string {
  return `arn:aws:dynamodb:${catalog.region}:${catalog.accountId}:table/${name}`;
}

/** Throws ResourceNotFoundException when a table was deleted while an operation waited for its turn. */
export function requireLive(table: TableState): void {
  if (!table.live) throw new ServiceError('ResourceNotFoundException', 'Requested resource not found');
}

/** Replaces a live table's row in memory and in the batch. */
export function storeRow(batch: BatchBuilder, table: TableState, row: TableRow): void {
  requireLive(table);
  const before = table.row;
  table.row = row;
  batch.onFailure(() => {
    table.row = before;
  });
  batch.put(keys.table(row.generation), JSON.stringify(row));
}
