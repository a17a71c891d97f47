import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Catalog } from '../../../src/local/tables/catalog.js';
import { createTable } from '../../../src/local/tables/create-table.js';
import { openDatabase } from '../../../src/local/tables/database.js';
import type { DynaliteAction } from '../../../src/local/tables/dynalite.js';
import { loadCatalog } from '../../../src/local/tables/load.js';
import { RequestStore } from '../../../src/local/tables/request-store.js';

let dataDir: string;
let catalog: Catalog;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'ddbcdc-store-'));
  const context = { dataDir, region: 'x', accountId: '1', now: Date.now, log: () => {} };
  catalog = await loadCatalog(context, await openDatabase(dataDir));
  await createTable(catalog, {
    TableName: 'Sample',
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: 'Id', AttributeType: 'N' }],
    KeySchema: [{ AttributeName: 'Id', KeyType: 'HASH' }],
  });
});
afterEach(async () => {
  await catalog.commits.database.close();
  await rm(dataDir, { recursive: true, force: true });
});

function run(action: DynaliteAction): Promise<unknown> {
  const store = new RequestStore(catalog, catalog.locks, (change, done) => {
    catalog.commits.enqueue((batch) => batch.put(change.key, 'x'), done);
  });
  return store.run(action, {});
}

test('an action that throws in a callback fails its request and frees its locks', async () => {
  const failing = run((store) => {
    const items = store.getItemDb('Sample');
    items.lock('key', () => {
      items.put('key', {}, () => {
        throw new Error('a fault after the write');
      });
    });
  });
  const next = run((store, _data, callback) => {
    store.getItemDb('Sample').lock('key', (release) => release(callback)(null, 'had the lock'));
  });
  await expect(failing).rejects.toThrow('a fault after the write');
  await expect(next).resolves.toBe('had the lock');
});

test('an action that throws while it reads a range fails its request', async () => {
  const failing = run((store) => {
    store
      .getItemDb('Sample')
      .createValueStream({})
      .on('end', () => {
        throw new Error('a fault at the end');
      });
  });
  await expect(failing).rejects.toThrow('a fault at the end');
});
