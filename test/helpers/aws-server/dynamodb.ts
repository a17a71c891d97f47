import { AwsError, type AwsState, type TableState, tableArn } from './state.js';

type Input = Record<string, unknown>;

/** One call of DynamoDB or its streams, by operation name. */
export function dynamodb(state: AwsState, operation: string, input: Input): unknown {
  switch (operation) {
    case 'CreateTable':
      return createTable(state, input);
    case 'DescribeTable': {
      const table = findTable(state, text(input.TableName));
      advance(state, table);
      return { Table: describe(state, findTable(state, table.name)) };
    }
    case 'UpdateTable':
      return updateTable(state, input);
    case 'DeleteTable': {
      const table = findTable(state, text(input.TableName));
      if (table.deletionProtection) {
        throw new AwsError('ValidationException', 'Resource cannot be deleted as it is currently protected');
      }
      table.status = 'DELETING';
      table.pending = 1;
      return { TableDescription: describe(state, table) };
    }
    case 'ListTables':
      return { TableNames: [...state.tables.keys()].sort() };
    case 'ListTagsOfResource':
      return { Tags: list(byArn(state, text(input.ResourceArn)).tags) };
    case 'TagResource':
      Object.assign(byArn(state, text(input.ResourceArn)).tags, unlist(input.Tags));
      return {};
    case 'DescribeStream':
      return describeStream(state, text(input.StreamArn));
    default:
      throw new AwsError('UnknownOperationException', operation);
  }
}

function createTable(state: AwsState, input: Input): unknown {
  const name = text(input.TableName);
  if (state.tables.has(name)) throw new AwsError('ResourceInUseException', `Table already exists: ${name}`);
  const stream = input.StreamSpecification as { StreamViewType: string } | undefined;
  const table: TableState = {
    name,
    keys: input.KeySchema as TableState['keys'],
    attributes: input.AttributeDefinitions as TableState['attributes'],
    status: 'CREATING',
    pending: 1,
    billing: billingOf(input),
    deletionProtection: input.DeletionProtectionEnabled === true,
    tags: unlist(input.Tags),
  };
  if (stream !== undefined) enableStream(state, table, stream.StreamViewType);
  state.tables.set(name, table);
  return { TableDescription: describe(state, table) };
}

function updateTable(state: AwsState, input: Input): unknown {
  const table = findTable(state, text(input.TableName));
  if (table.status !== 'ACTIVE') throw new AwsError('ResourceInUseException', 'Table is being updated');
  const changes = ['StreamSpecification', 'BillingMode', 'DeletionProtectionEnabled'].filter(
    (field) => input[field] !== undefined,
  );
  if (changes.length !== 1) throw new AwsError('ValidationException', `one change at a time, not ${changes}`);
  const stream = input.StreamSpecification as { StreamViewType: string } | undefined;
  if (stream !== undefined) {
    if (table.stream !== undefined)
      throw new AwsError('ValidationException', 'Table already has an enabled stream');
    enableStream(state, table, stream.StreamViewType);
  }
  if (input.BillingMode !== undefined) table.billing = billingOf(input);
  if (input.DeletionProtectionEnabled !== undefined) {
    table.deletionProtection = input.DeletionProtectionEnabled === true;
  }
  table.status = 'UPDATING';
  table.pending = 1;
  return { TableDescription: describe(state, table) };
}

/** As the stream of a table that is made anew: another label, so another ARN. */
export function enableStream(state: AwsState, table: TableState, viewType: string): void {
  const label = `2026-11-23T00:00:${String(state.next() % 60).padStart(2, '0')}.${String(state.next()).padStart(3, '0')}`;
  table.stream = { viewType, label };
  table.latestStream = label;
}

function describeStream(state: AwsState, arn: string): unknown {
  const table = [...state.tables.values()].find((candidate) => state.streamArn(candidate) === arn);
  if (table === undefined)
    throw new AwsError('ResourceNotFoundException', `Requested resource not found: ${arn}`);
  const parent = 'shardId-00000001700000000000-aaaaaaaa';
  return {
    StreamDescription: {
      StreamArn: arn,
      StreamStatus: 'ENABLED',
      StreamViewType: table.stream?.viewType,
      Shards: [
        {
          ShardId: 'shardId-00000001700000010000-bbbbbbbb',
          ParentShardId: parent,
          SequenceNumberRange: { StartingSequenceNumber: '200' },
        },
        {
          ShardId: parent,
          SequenceNumberRange: { StartingSequenceNumber: '100', EndingSequenceNumber: '199' },
        },
      ],
    },
  };
}

function advance(state: AwsState, table: TableState): void {
  if (table.status === 'ACTIVE') return;
  if (table.pending > 0) table.pending -= 1;
  else if (table.status === 'DELETING') state.tables.delete(table.name);
  else table.status = 'ACTIVE';
}

function findTable(state: AwsState, name: string): TableState {
  const table = state.tables.get(name);
  if (table === undefined)
    throw new AwsError('ResourceNotFoundException', `Requested resource not found: Table: ${name} not found`);
  return table;
}

function byArn(state: AwsState, arn: string): TableState {
  const table = [...state.tables.values()].find(({ name }) => tableArn(name) === arn);
  if (table === undefined) throw new AwsError('ResourceNotFoundException', `no such resource ${arn}`);
  return table;
}

function describe(state: AwsState, table: TableState): unknown {
  return {
    TableName: table.name,
    TableArn: tableArn(table.name),
    TableStatus: table.status,
    KeySchema: table.keys,
    AttributeDefinitions: table.attributes,
    ItemCount: 0,
    ProvisionedThroughput: { ReadCapacityUnits: table.billing.read, WriteCapacityUnits: table.billing.write },
    ...(table.billing.mode === 'PAY_PER_REQUEST'
      ? { BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' } }
      : {}),
    DeletionProtectionEnabled: table.deletionProtection,
    ...(table.stream === undefined
      ? {}
      : { StreamSpecification: { StreamEnabled: true, StreamViewType: table.stream.viewType } }),
    ...(table.latestStream === undefined
      ? {}
      : { LatestStreamArn: state.streamArn(table), LatestStreamLabel: table.latestStream }),
  };
}

function billingOf(input: Input): TableState['billing'] {
  const units = input.ProvisionedThroughput as
    | { ReadCapacityUnits: number; WriteCapacityUnits: number }
    | undefined;
  return {
    mode: text(input.BillingMode),
    read: units?.ReadCapacityUnits ?? 0,
    write: units?.WriteCapacityUnits ?? 0,
  };
}

export function text(value: unknown): string {
  if (typeof value !== 'string')
    throw new AwsError('ValidationException', `text expected, not ${JSON.stringify(value)}`);
  return value;
}

function list(tags: Record<string, string>): unknown {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

function unlist(tags: unknown): Record<string, string> {
  const pairs = (tags ?? []) as { Key: string; Value: string }[];
  return Object.fromEntries(pairs.map(({ Key, Value }) => [Key, Value]));
}
