import { randomUUID } from 'node:crypto';
import { ServiceError } from '../service.js';
import { type Catalog, tableArn } from './catalog.js';
import { keys } from './database.js';
import { describeTable } from './describe-table.js';
import { type IndexDescription, type RequestData, validateRequest } from './dynalite.js';
import type { RequestBody } from './item-operations.js';
import { RequestStore } from './request-store.js';
import { readStreamSpecification } from './stream-specification.js';
import { type StoredDescription, type TableRow, TableState } from './table-state.js';
import { readTags } from './tags.js';

/** CreateTable. The table is ACTIVE at once: its row is the commit, so there is no state in between to get stuck in. */
export async function createTable(catalog: Catalog, body: RequestBody): Promise<unknown> {
  const specification = readStreamSpecification('CreateTable', body.StreamSpecification);
  const tags = readTags(body.Tags);
  const extras = {
    DeletionProtectionEnabled: body.DeletionProtectionEnabled === true,
    ...(typeof body.TableClass === 'string' ? { TableClassSummary: { TableClass: body.TableClass } } : {}),
  };
  const request = validateRequest('createTable', { ...body }, validationStore(catalog));
  const description = newDescription(catalog, request, extras);
  const name = description.TableName;
  let table: TableState | undefined;

  await catalog.commits.commit((batch) => {
    if (catalog.tables.has(name)) {
      throw new ServiceError('ResourceInUseException', `Table already exists: ${name}`);
    }
    const generation = catalog.numbers.next(batch);
    const stream =
      specification?.enabled === true
        ? catalog.streamLog.create(
            batch,
            { name, generation, keySchema: description.KeySchema },
            specification.viewType,
          )
        : undefined;
    const row: TableRow = {
      generation,
      description,
      tags,
      ...(stream === undefined ? {} : { stream: { arn: stream.row.arn, label: stream.row.label } }),
    };
    table = new TableState(row);
    table.stream = stream;
    batch.put(keys.table(generation), JSON.stringify(row));
    catalog.tables.set(name, table);
    batch.onFailure(() => catalog.tables.delete(name));
  });
  if (table === undefined) throw new Error('The table was committed without being built');
  return { TableDescription: describeTable(table) };
}

/** A store for validation only: no item is read or written through it. */
export function validationStore(catalog: Catalog): RequestStore {
  return new RequestStore(catalog, undefined, (_change, done) => done());
}

function newDescription(
  catalog: Catalog,
  request: RequestData,
  extras: Readonly<Record<string, unknown>>,
): StoredDescription {
  // dynalite's validation has checked these members.
  const shape = request as unknown as StoredDescription;
  const arn = tableArn(catalog, shape.TableName);
  const now = catalog.now() / 1000;
  const { BillingMode, LocalSecondaryIndexes, GlobalSecondaryIndexes, ...rest } = shape;
  const onDemand = BillingMode === 'PAY_PER_REQUEST';
  return {
    ...rest,
    TableArn: arn,
    TableId: randomUUID(),
    CreationDateTime: now,
    ProvisionedThroughput: throughput(rest.ProvisionedThroughput),
    ...(onDemand
      ? {
          BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST', LastUpdateToPayPerRequestDateTime: now },
          TableThroughputModeSummary: {
            TableThroughputMode: 'PAY_PER_REQUEST',
            LastUpdateToPayPerRequestDateTime: now,
          },
        }
      : {}),
    ...(LocalSecondaryIndexes === undefined
      ? {}
      : { LocalSecondaryIndexes: LocalSecondaryIndexes.map((index) => describeIndex(arn, index)) }),
    ...(GlobalSecondaryIndexes === undefined
      ? {}
      : { GlobalSecondaryIndexes: GlobalSecondaryIndexes.map((index) => describeGlobalIndex(arn, index)) }),
    ...extras,
  };
}

function describeIndex(arn: string, index: IndexDescription): IndexDescription {
  return { ...index, IndexArn: `${arn}/index/${index.IndexName}`, IndexSizeBytes: 0, ItemCount: 0 };
}

/** Returns the description of a global secondary index that is ready. */
export function describeGlobalIndex(arn: string, index: IndexDescription): IndexDescription {
  return {
    ...describeIndex(arn, index),
    IndexStatus: 'ACTIVE',
    ProvisionedThroughput: throughput(index.ProvisionedThroughput),
  };
}

/** Returns the description of a throughput setting: zeros for on-demand tables, as AWS answers. */
export function throughput(value: unknown): Readonly<Record<string, unknown>> {
  const given = typeof value === 'object' && value !== null ? value : {};
  return { ReadCapacityUnits: 0, WriteCapacityUnits: 0, ...given, NumberOfDecreasesToday: 0 };
}
