import { ServiceError } from '../service.js';
import { type Catalog, requireLive, requireTable, storeRow } from './catalog.js';
import type { BatchBuilder } from './commit-log.js';
import { throughput, validationStore } from './create-table.js';
import { describeTable } from './describe-table.js';
import { validateRequest } from './dynalite.js';
import { applyIndexUpdates, readIndexUpdates } from './index-updates.js';
import type { RequestBody } from './item-operations.js';
import { readTableName } from './read-table-name.js';
import { readStreamSpecification, type StreamSpecification } from './stream-specification.js';
import type { TableState } from './table-state.js';

const INVALID = 'One or more parameter values were invalid';
/** Members that AWS changes one at a time. */
const ALONE = { DeletionProtectionEnabled: 'DeletionProtection', TableClass: 'TableClass' } as const;

/** UpdateTable: stream, billing, throughput, indexes, deletion protection, table class. All take effect at once. */
export async function updateTable(catalog: Catalog, body: RequestBody): Promise<unknown> {
  const name = readTableName(body);
  const specification = readStreamSpecification('UpdateTable', body.StreamSpecification);
  const indexUpdates = readIndexUpdates(body);
  checkCombination(catalog, body, name);
  const table = requireTable(catalog, name);
  await catalog.commits.commit((batch) => {
    requireLive(table);
    const description = { ...table.row.description, ...billing(table, body), ...settings(body) };
    if (specification !== undefined) changeStream(catalog, batch, table, specification);
    storeRow(batch, table, { ...table.row, description });
  });
  await applyIndexUpdates(catalog, table, indexUpdates);
  return { TableDescription: describeTable(table) };
}

/** Checks billing members in dynalite's way and refuses what AWS takes only in requests of their own. */
function checkCombination(catalog: Catalog, body: RequestBody, name: string): void {
  const { AttributeDefinitions: _, GlobalSecondaryIndexUpdates, StreamSpecification, ...rest } = body;
  const given = Object.keys(rest).filter((member) => member !== 'TableName' && rest[member] != null);
  const billingMembers = given.filter(
    (member) => member === 'BillingMode' || member === 'ProvisionedThroughput',
  );
  const changes =
    given.length + (GlobalSecondaryIndexUpdates == null ? 0 : 1) + (StreamSpecification == null ? 0 : 1);
  if (billingMembers.length > 0 || changes === 0) {
    validateRequest('updateTable', { ...rest, TableName: name }, validationStore(catalog));
  }
  for (const [member, text] of Object.entries(ALONE)) {
    if (given.includes(member) && changes > 1) {
      throw invalid(`${INVALID}: ${text} modification must be the only operation in the request`);
    }
  }
  if (StreamSpecification != null && billingMembers.length > 0) {
    throw invalid(`${INVALID}: You cannot modify stream status while updating table IOPS`);
  }
  if (StreamSpecification != null && GlobalSecondaryIndexUpdates != null) {
    throw invalid(`${INVALID}: You cannot create or delete index while changing stream status`);
  }
}

function changeStream(
  catalog: Catalog,
  batch: BatchBuilder,
  table: TableState,
  specification: StreamSpecification,
): void {
  const current = table.stream;
  if (specification.enabled && current !== undefined) {
    throw invalid(`Table already has an enabled stream: TableName: ${table.name}`);
  }
  if (!specification.enabled && current === undefined) {
    throw invalid(`Table has no stream to disable: TableName: ${table.name}`);
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
  const mode = body.BillingMode ?? billingMode(table);
  if (body.ProvisionedThroughput && mode === 'PAY_PER_REQUEST') {
    throw invalid(
      `${INVALID}: Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST`,
    );
  }
  const summaries =
    body.BillingMode === undefined
      ? {}
      : {
          BillingModeSummary: { BillingMode: body.BillingMode },
          TableThroughputModeSummary: { TableThroughputMode: body.BillingMode },
        };
  if (body.BillingMode === 'PAY_PER_REQUEST') {
    return { ...summaries, ProvisionedThroughput: throughput(undefined) };
  }
  return body.ProvisionedThroughput
    ? { ...summaries, ProvisionedThroughput: throughput(body.ProvisionedThroughput) }
    : summaries;
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

function invalid(message: string): ServiceError {
  return new ServiceError('ValidationException', message);
}
