import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  ListTagsOfResourceCommand,
  type TableDescription,
  TagResourceCommand,
  UpdateTableCommand,
  type UpdateTableCommandInput,
} from '@aws-sdk/client-dynamodb';
import { CliError, EXIT } from '../../errors.js';
import { pollUntil, retryWhile, type Waiting } from '../pace.js';
import type { ActualTable, Billing, DesiredStack, FieldChange, KeyAttribute, ViewType } from '../stack.js';
import { fromTagList, STACK_TAG, stackTags, type Tags, toTagList } from '../tags.js';
import { abortable, isNamed, orAbsent, type ResourceContext, STATE_LIMIT_MS, waitFor } from './context.js';

/** Reads a table with its tags; undefined when there is none. */
export async function inspectTable(context: ResourceContext, name: string): Promise<ActualTable | undefined> {
  const table = await describe(context, name);
  return table === undefined ? undefined : toActual(table, await readTags(context, table));
}

export async function* createTable(
  context: ResourceContext,
  desired: DesiredStack,
): AsyncGenerator<Waiting, ActualTable> {
  const { keys, viewType, billing, deletionProtection } = desired.table;
  const client = await context.clients.dynamodb();
  await client.send(
    new CreateTableCommand({
      TableName: desired.name,
      AttributeDefinitions: keys.value.map(({ name, type }) => ({
        AttributeName: name,
        AttributeType: type,
      })),
      KeySchema: keys.value.map(({ name }, index) => ({
        AttributeName: name,
        KeyType: index === 0 ? 'HASH' : 'RANGE',
      })),
      StreamSpecification: { StreamEnabled: true, StreamViewType: viewType.value },
      ...billingInput(billing.value),
      ...(deletionProtection.value ? { DeletionProtectionEnabled: true } : {}),
      Tags: toTagList(stackTags(desired.name, desired.version, desired.tags)),
    }),
    abortable(context),
  );
  const table = yield* tableReady(context, desired.name);
  // Servers that stand in for AWS may leave out of CreateTable what they do not know.
  if (table.tags[STACK_TAG] === undefined) await tagTable(context, desired, table);
  if (table.streamArn === undefined) {
    throw new CliError('table.noStream', `table ${desired.name} was made, but the server gave it no stream`, {
      exitCode: EXIT.precondition,
      hint: 'it serves no DynamoDB Streams: use another server, or the embedded engine (--target local)',
    });
  }
  return table;
}

async function tagTable(
  context: ResourceContext,
  desired: DesiredStack,
  { arn }: ActualTable,
): Promise<void> {
  const client = await context.clients.dynamodb();
  const tags = toTagList(stackTags(desired.name, desired.version, desired.tags));
  await orAbsent(
    client.send(new TagResourceCommand({ ResourceArn: arn, Tags: tags }), abortable(context)),
    'UnknownOperationException',
  );
}

/** Makes exactly the changes that the plan lists, one call each: DynamoDB takes no two of them at once. */
export async function* updateTable(
  context: ResourceContext,
  desired: DesiredStack,
  table: ActualTable,
  changes: readonly FieldChange[],
): AsyncGenerator<Waiting, ActualTable> {
  const client = await context.clients.dynamodb();
  const changed = new Set(changes.map(({ field }) => field));
  const updates: Omit<UpdateTableCommandInput, 'TableName'>[] = [];
  if (changed.has('viewType')) {
    updates.push({
      StreamSpecification: { StreamEnabled: true, StreamViewType: desired.table.viewType.value },
    });
  }
  if (changed.has('billing')) updates.push(billingInput(desired.table.billing.value));
  if (changed.has('deletionProtection')) {
    updates.push({ DeletionProtectionEnabled: desired.table.deletionProtection.value });
  }
  for (const update of updates) {
    yield* tableReady(context, desired.name);
    yield* retryWhile(
      () => client.send(new UpdateTableCommand({ TableName: desired.name, ...update }), abortable(context)),
      (error) => (isNamed(error, 'ResourceInUseException') ? 'the table is being changed' : undefined),
      waitFor(context, `table ${desired.name}`, STATE_LIMIT_MS),
    );
  }
  if ([...changed].some((field) => field.startsWith('tag '))) {
    await tagTable(context, desired, table);
  }
  return yield* tableReady(context, desired.name);
}

/** Waits until the table is ACTIVE. */
export async function* tableReady(
  context: ResourceContext,
  name: string,
): AsyncGenerator<Waiting, ActualTable> {
  const table = yield* pollUntil(
    () => describe(context, name),
    // A table that was just made may not be seen at once by every part of DynamoDB.
    (found) => {
      if (found === undefined) return 'the table is not visible yet';
      return found.TableStatus === 'ACTIVE' ? undefined : `the table is ${found.TableStatus}`;
    },
    waitFor(context, `table ${name}`, STATE_LIMIT_MS),
  );
  if (table === undefined) throw new Error('pollUntil returned before the table was there');
  return toActual(table, await readTags(context, table));
}

export async function* deleteTable(context: ResourceContext, name: string): AsyncGenerator<Waiting, void> {
  const client = await context.clients.dynamodb();
  yield* retryWhile(
    () =>
      orAbsent(
        client.send(new DeleteTableCommand({ TableName: name }), abortable(context)),
        'ResourceNotFoundException',
      ),
    (error) => (isNamed(error, 'ResourceInUseException') ? 'the table is being changed' : undefined),
    waitFor(context, `table ${name}`, STATE_LIMIT_MS),
  );
  yield* pollUntil(
    () => describe(context, name),
    (found) => (found === undefined ? undefined : `the table is ${found.TableStatus}`),
    waitFor(context, `table ${name}`, STATE_LIMIT_MS),
  );
}

async function describe(context: ResourceContext, name: string): Promise<TableDescription | undefined> {
  const client = await context.clients.dynamodb();
  const answer = await orAbsent(
    client.send(new DescribeTableCommand({ TableName: name }), abortable(context)),
    'ResourceNotFoundException',
  );
  return answer?.Table;
}

async function readTags(context: ResourceContext, table: TableDescription): Promise<Tags> {
  const client = await context.clients.dynamodb();
  let tags: Tags = {};
  for (let token: string | undefined; ; ) {
    const page = await orAbsent(
      client.send(
        new ListTagsOfResourceCommand({ ResourceArn: table.TableArn, NextToken: token }),
        abortable(context),
      ),
      'UnknownOperationException',
    );
    if (page === undefined) return rememberedTags(context, table);
    tags = { ...tags, ...fromTagList(page.Tags) };
    token = page.NextToken;
    if (token === undefined) return tags;
  }
}

function rememberedTags({ remembered }: ResourceContext, { TableName: name }: TableDescription): Tags {
  return name !== undefined && remembered === name ? { [STACK_TAG]: name } : {};
}

function toActual(table: TableDescription, tags: Tags): ActualTable {
  const types = new Map(table.AttributeDefinitions?.map((a) => [a.AttributeName, a.AttributeType]));
  const keys = [...(table.KeySchema ?? [])]
    .sort((a, b) => Number(a.KeyType === 'RANGE') - Number(b.KeyType === 'RANGE'))
    .map(
      ({ AttributeName = '' }): KeyAttribute => ({
        name: AttributeName,
        type: types.get(AttributeName) ?? 'S',
      }),
    );
  const stream = table.StreamSpecification;
  return {
    name: table.TableName ?? '',
    arn: table.TableArn ?? '',
    status: table.TableStatus ?? 'ACTIVE',
    keys,
    ...(stream?.StreamEnabled === true && stream.StreamViewType !== undefined
      ? { viewType: stream.StreamViewType satisfies ViewType }
      : {}),
    ...(table.LatestStreamArn === undefined ? {} : { streamArn: table.LatestStreamArn }),
    billing: billingOf(table),
    deletionProtection: table.DeletionProtectionEnabled ?? false,
    itemCount: table.ItemCount ?? 0,
    tags,
  };
}

function billingOf(table: TableDescription): Billing {
  const read = table.ProvisionedThroughput?.ReadCapacityUnits ?? 0;
  const write = table.ProvisionedThroughput?.WriteCapacityUnits ?? 0;
  // Both are 0 on a table on demand, also where the server leaves the summary out.
  return table.BillingModeSummary?.BillingMode === 'PAY_PER_REQUEST' || (read === 0 && write === 0)
    ? { mode: 'PAY_PER_REQUEST' }
    : { mode: 'PROVISIONED', read, write };
}

function billingInput(
  billing: Billing,
): Pick<UpdateTableCommandInput, 'BillingMode' | 'ProvisionedThroughput'> {
  return billing.mode === 'PAY_PER_REQUEST'
    ? { BillingMode: 'PAY_PER_REQUEST' }
    : {
        BillingMode: 'PROVISIONED',
        ProvisionedThroughput: { ReadCapacityUnits: billing.read, WriteCapacityUnits: billing.write },
      };
}
