import { ServiceError } from '../service.js';
import { type Catalog, requireLive, requireTable, storeRow } from './catalog.js';
import type { BatchBuilder } from './commit-log.js';
import { throughput, validationStore } from './create-table.js';
import { describeTable } from './describe-table.js';
import { validateRequest } from './dynalite.js';
import type { RequestBody } from './item-operations.js';
import { readTableName } from './read-table-name.js';
import { readStreamSpecification, type StreamSpecification } from './stream-specification.js';
import type { TableState } from './table-state.js';

/** UpdateTable: stream, billing, throughput, deletion protection, table class. All take effect at once. */
export async function updateTable(catalog: Catalog, body: RequestBody): Promise<unknown> {
  const name = readTableName(body);
  const specification = readStreamSpecification(body.StreamSpecification);
  const own = ['StreamSpecification', 'DeletionProtectionEnabled', 'TableClass', 'OnDemandThroughput'];
  if (!own.some((member) => body[member] !== undefined && body[member] !== null)) {
    validateRequest('updateTable', { ...body, TableName: name }, validationStore(catalog));
  }
  const table = requireTable(catalog, name);
  await catalog.commits.commit((batch) => {
    requireLive(table);
    const description = { ...table.row.description, ...billing(table, body), ...settings(body) };
    if (specification !== undefined) changeStream(catalog, batch, table, specification);
    storeRow(batch, table, { ...table.row, description });
  });
  return { TableDescription: describeTable(table) };
}

function changeStream(
  catalog: Catalog,
  batch: BatchBuilder,
  table: TableState,
  specification: StreamSpecification,
): void {
  const current = table.stream;
  if (specification.enabled === (current !== undefined)) {
    const state = specification.enabled ? 'an enabled' : 'a disabled';
    throw new ServiceError(
      'ValidationException',
      `Table already has ${state} stream: TableName: ${table.name}`,
    );
  }
  batch.onFailure(() => {
    table.stream = current;
  });
  if (!specification.enabled) {
    if (current !== undefined) catalog.streamLog.disable(batch, current);
    table.stream = undefined;
    return;
  }
  const { generation, description } = table.row;
  const stream = catalog.streamLog.create(
    batch,
    { name: table.name, generation, keySchema: description.KeySchema },
    specification.viewType,
  );
  table.stream = stream;
  storeRow(batch, table, { ...table.row, stream: { arn: stream.row.arn, label: stream.row.label } });
}

function billing(table: TableState, body: RequestBody): Readonly<Record<string, unknown>> {
  const onDemand = body.BillingMode ?? billingMode(table);
  if (body.ProvisionedThroughput && onDemand === 'PAY_PER_REQUEST') {
    throw new ServiceError(
      'ValidationException',
      'One or more parameter values were invalid: Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST',
    );
  }
  const mode =
    body.BillingMode === undefined
      ? {}
      : {
          BillingModeSummary: { BillingMode: body.BillingMode },
          TableThroughputModeSummary: { TableThroughputMode: body.BillingMode },
        };
  if (body.BillingMode === 'PAY_PER_REQUEST')
    return { ...mode, ProvisionedThroughput: throughput(undefined) };
  return body.ProvisionedThroughput
    ? { ...mode, ProvisionedThroughput: throughput(body.ProvisionedThroughput) }
    : mode;
}

function billingMode(table: TableState): unknown {
  const summary = table.row.description.BillingModeSummary;
  return typeof summary === 'object' && summary !== null && 'BillingMode' in summary
    ? summary.BillingMode
    : 'PROVISIONED';
}

function settings(body: RequestBody): Readonly<Record<string, unknown>> {
  return {
    ...(typeof body.DeletionProtectionEnabled === 'boolean'
      ? { DeletionProtectionEnabled: body.DeletionProtectionEnabled }
      : {}),
    ...(typeof body.TableClass === 'string' ? { TableClassSummary: { TableClass: body.TableClass } } : {}),
  };
}
