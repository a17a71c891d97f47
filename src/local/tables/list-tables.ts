import type { Catalog } from './catalog.js';
import { validationStore } from './create-table.js';
import { validateRequest } from './dynalite.js';
import type { RequestBody } from './item-operations.js';

/** ListTables: names in order, at most `Limit` (100 by default) after `ExclusiveStartTableName`. */
export function listTables(catalog: Catalog, body: RequestBody): unknown {
  const { Limit, ExclusiveStartTableName } = validateRequest(
    'listTables',
    { ...body },
    validationStore(catalog),
  );
  const limit = typeof Limit === 'number' ? Limit : 100;
  const after = typeof ExclusiveStartTableName === 'string' ? ExclusiveStartTableName : '';
  const names = [...catalog.tables.keys()].filter((name) => name > after).sort();
  const page = names.slice(0, limit);
  const last = page.at(-1);
  return {
    TableNames: page,
    ...(names.length > page.length && last !== undefined ? { LastEvaluatedTableName: last } : {}),
  };
}
