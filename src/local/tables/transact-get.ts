import type { Catalog } from './catalog.js';
import { loadAction } from './dynalite.js';
import type { RequestBody } from './item-operations.js';
import { RequestStore } from './request-store.js';
import { readGetEntries } from './transaction-items.js';

/** TransactGetItems: reads under the locks of all items, so that no transaction is seen half done. */
export async function transactGetItems(catalog: Catalog, body: RequestBody): Promise<unknown> {
  const entries = readGetEntries(catalog, body);
  const lockKeys = entries.map((entry) => entry.lockKey);
  await catalog.locks.acquireAll(lockKeys);
  try {
    const responses: unknown[] = [];
    for (const { action, data } of entries) {
      const store = new RequestStore(catalog, undefined, (_change, done) => done());
      responses.push(await store.run(loadAction(action), data));
    }
    return { Responses: responses };
  } finally {
    for (const key of lockKeys) catalog.locks.release(key);
  }
}
