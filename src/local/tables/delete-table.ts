import { ServiceError } from '../service.js';
import { type Catalog, requireTable } from './catalog.js';
import { keys, rangeOf } from './database.js';
import { describeTable } from './describe-table.js';
import type { LevelDatabase } from './dynalite.js';
import type { RequestBody } from './item-operations.js';
import { readTableName } from './read-table-name.js';

/**
 * DeleteTable. Removing the row is the commit; the items go afterwards by key range. A crash in between leaves keys
 * of a generation that no table has, which `openCatalog` removes.
 */
export async function deleteTable(catalog: Catalog, body: RequestBody): Promise<unknown> {
  const table = requireTable(catalog, readTableName(body));
  const { generation, description } = table.row;
  if (description.DeletionProtectionEnabled === true) {
    throw new ServiceError(
      'ValidationException',
      'Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.',
    );
  }
  const answer = { TableDescription: describeTable(table, 'DELETING') };
  await catalog.commits.commit((batch) => {
    if (!table.live) {
      throw new ServiceError(
        'ResourceNotFoundException',
        `Requested resource not found: Table: ${table.name} not found`,
      );
    }
    table.live = false;
    catalog.tables.delete(table.name);
    batch.onFailure(() => {
      table.live = true;
      catalog.tables.set(table.name, table);
    });
    batch.del(keys.table(generation));
    batch.del(keys.counters(generation));
    if (table.stream !== undefined) catalog.streamLog.disable(batch, table.stream);
  });
  await clearGeneration(catalog.commits.database, generation);
  return answer;
}

/** Removes the items of a table that is gone, and what was kept beside them. */
export async function clearGeneration(database: LevelDatabase, generation: number): Promise<void> {
  await database.clear(rangeOf(keys.items(generation)));
  await database.clear(rangeOf(keys.indexes(generation)));
  await database.clear(rangeOf(keys.expiries(generation)));
}
