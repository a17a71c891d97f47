// Global secondary indexes that come and go on a table with items. A new index is in the description first, so that
// writes enter themselves from then on; then the items that are there are entered, each under its lock.
import { ServiceError } from '../service.js';
import { type Catalog, requireLive, storeRow } from './catalog.js';
import { describeGlobalIndex, throughput } from './create-table.js';
import { keys, rangeOf } from './database.js';
import { type AttributeDefinition, dynaliteDb, type IndexDescription } from './dynalite.js';
import type { RequestBody } from './item-operations.js';
import { parseItem, stringifyItem } from './item-text.js';
import type { TableState } from './table-state.js';

const CHUNK = 500;
const INVALID = 'One or more parameter values were invalid';

/** One entry of GlobalSecondaryIndexUpdates. */
export type IndexUpdate =
  | {
      readonly type: 'Create';
      readonly index: IndexDescription;
      readonly definitions: readonly AttributeDefinition[];
    }
  | { readonly type: 'Update'; readonly name: string; readonly throughput: unknown }
  | { readonly type: 'Delete'; readonly name: string };

/** Reads GlobalSecondaryIndexUpdates of an UpdateTable request. Throws ValidationException or LimitExceededException. */
export function readIndexUpdates(body: RequestBody): readonly IndexUpdate[] {
  const given = body.GlobalSecondaryIndexUpdates;
  if (given === undefined || given === null) return [];
  if (!Array.isArray(given)) throw new ServiceError('SerializationException', 'Unexpected field type');
  const definitions = Array.isArray(body.AttributeDefinitions)
    ? (body.AttributeDefinitions as readonly AttributeDefinition[])
    : [];
  const updates = (given as readonly unknown[]).map((entry) => readUpdate(entry, definitions));
  if (updates.filter((update) => update.type !== 'Update').length > 1) {
    throw new ServiceError(
      'LimitExceededException',
      'Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table',
    );
  }
  return updates;
}

function readUpdate(entry: unknown, definitions: readonly AttributeDefinition[]): IndexUpdate {
  const { Create, Update, Delete } = (entry ?? {}) as Readonly<Record<string, IndexDescription | undefined>>;
  if (Create) {
    const { IndexName, KeySchema, Projection } = Create;
    checkName(IndexName);
    const defined = new Set(definitions.map((definition) => definition.AttributeName));
    if (!Array.isArray(KeySchema) || KeySchema.length === 0 || KeySchema[0]?.KeyType !== 'HASH') {
      throw invalid('Invalid KeySchema: The first KeySchemaElement is not a HASH key type');
    }
    if (KeySchema.some((element) => !defined.has(element.AttributeName))) {
      throw invalid(`${INVALID}: AttributeDefinitions is not specified for index: ${IndexName}`);
    }
    if (Projection?.ProjectionType == null) throw invalid(`${INVALID}: Unknown ProjectionType: null`);
    return { type: 'Create', index: Create, definitions };
  }
  if (Update) {
    return { type: 'Update', name: checkName(Update.IndexName), throughput: Update.ProvisionedThroughput };
  }
  if (Delete) return { type: 'Delete', name: checkName(Delete.IndexName) };
  throw invalid(
    `${INVALID}: One of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create, GlobalSecondaryIndexUpdate.Delete must not be null`,
  );
}

function checkName(name: unknown): string {
  if (typeof name === 'string' && /^[a-zA-Z0-9_.-]{3,255}$/.test(name)) return name;
  throw invalid(
    `1 validation error detected: Value '${String(name)}' at 'globalSecondaryIndexUpdates.1.member.indexName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+`,
  );
}

/** Carries out the updates one after the other; a new index is complete when this resolves. */
export async function applyIndexUpdates(
  catalog: Catalog,
  table: TableState,
  updates: readonly IndexUpdate[],
): Promise<void> {
  for (const update of updates) {
    await catalog.commits.commit((batch) => {
      requireLive(table);
      storeRow(batch, table, { ...table.row, description: changedDescription(table, update) });
    });
    if (update.type === 'Create') await fillIndex(catalog, table, update.index.IndexName);
    if (update.type === 'Delete') {
      await catalog.commits.database.clear(rangeOf(keys.index(table.row.generation, 'Global', update.name)));
    }
  }
}

/** Enters the items of a table into an index and makes it ACTIVE. Done again at open if a crash cut it short. */
export async function fillIndex(catalog: Catalog, table: TableState, name: string): Promise<void> {
  const iterator = catalog.commits.database.keys(rangeOf(table.itemPrefix));
  try {
    for (;;) {
      const chunk = await iterator.nextv(CHUNK);
      if (chunk.length === 0) break;
      await Promise.all(chunk.map((itemKey) => enterItem(catalog, table, name, itemKey)));
    }
  } finally {
    await iterator.close();
  }
  await catalog.commits.commit((batch) => {
    requireLive(table);
    const indexes = globalIndexes(table).map((index) =>
      index.IndexName === name ? { ...index, IndexStatus: 'ACTIVE' } : index,
    );
    const description = { ...table.row.description, GlobalSecondaryIndexes: indexes };
    storeRow(batch, table, { ...table.row, description });
  });
}

async function enterItem(catalog: Catalog, table: TableState, name: string, itemKey: string): Promise<void> {
  await catalog.locks.acquireAll([itemKey]);
  try {
    const text = catalog.commits.database.getSync(itemKey);
    if (text === undefined) return;
    await catalog.commits.commit((batch) => {
      if (!table.live) return;
      const indexes = globalIndexes(table).filter((index) => index.IndexName === name);
      const { puts } = dynaliteDb.getIndexActions(indexes, undefined, parseItem(text), table.row.description);
      for (const { key, item } of puts) {
        batch.put(keys.index(table.row.generation, 'Global', name) + key, stringifyItem(item));
      }
    });
  } finally {
    catalog.locks.release(itemKey);
  }
}

function changedDescription(table: TableState, update: IndexUpdate): TableState['row']['description'] {
  const { description } = table.row;
  const indexes = globalIndexes(table);
  const name = update.type === 'Create' ? update.index.IndexName : update.name;
  const exists = indexes.some((index) => index.IndexName === name);
  if (update.type === 'Create') {
    if (exists) throw invalid('Attempting to create an index which already exists');
    const index = describeGlobalIndex(String(description.TableArn), update.index);
    return {
      ...description,
      AttributeDefinitions: mergedDefinitions(description.AttributeDefinitions, update),
      GlobalSecondaryIndexes: [...indexes, { ...index, IndexStatus: 'CREATING' }],
    };
  }
  if (!exists) {
    throw new ServiceError(
      'ResourceNotFoundException',
      `Requested resource not found: Index: ${name} not found`,
    );
  }
  if (update.type === 'Update') {
    const changed = indexes.map((index) =>
      index.IndexName === name ? { ...index, ProvisionedThroughput: throughput(update.throughput) } : index,
    );
    return { ...description, GlobalSecondaryIndexes: changed };
  }
  const left = indexes.filter((index) => index.IndexName !== name);
  const { GlobalSecondaryIndexes: _, ...rest } = description;
  return left.length === 0 ? rest : { ...rest, GlobalSecondaryIndexes: left };
}

function mergedDefinitions(
  known: readonly AttributeDefinition[],
  update: Extract<IndexUpdate, { type: 'Create' }>,
): readonly AttributeDefinition[] {
  const needed = new Set(update.index.KeySchema.map((element) => element.AttributeName));
  const names = new Set(known.map((definition) => definition.AttributeName));
  const added = update.definitions.filter(
    ({ AttributeName }) => needed.has(AttributeName) && !names.has(AttributeName),
  );
  return [...known, ...added];
}

function globalIndexes(table: TableState): readonly IndexDescription[] {
  return table.row.description.GlobalSecondaryIndexes ?? [];
}

function invalid(message: string): ServiceError {
  return new ServiceError('ValidationException', message);
}
