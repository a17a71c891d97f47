// init's plan and its carrying out, against a server that speaks AWS's own protocols.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { enableStream } from '../helpers/aws-server/dynamodb.js';
import { type AwsServer, startAwsServer } from '../helpers/aws-server/server.js';
import { createStackRunner, type StackRunner, shape } from '../helpers/aws-server/stack-runner.js';
import { AwsError } from '../helpers/aws-server/state.js';

const ALL = ['table', 'role', 'policy', 'log-group', 'function', 'mapping'];
const ROLE = 'ddbcdc-orders-handler-eu-west-1';

let server: AwsServer;
let runner: StackRunner;
beforeEach(async () => {
  server = await startAwsServer();
  runner = createStackRunner(server);
});
afterEach(async () => {
  runner[Symbol.dispose]();
  await server[Symbol.asyncDispose]();
});

function only<T>(values: Iterable<T>): T {
  const [first, ...rest] = values;
  if (first === undefined || rest.length > 0) throw new Error('expected exactly one');
  return first;
}

it('makes every resource, tagged, in an order that works', async () => {
  const { steps, applied } = await runner.init({ tag: ['team=ledger'], memory: 512 });

  expect(shape(steps)).toStrictEqual(ALL.map((resource) => `+ ${resource}`));
  expect(server.changes.map(({ operation }) => operation)).toStrictEqual([
    'CreateTable',
    'CreateRole',
    'PutRolePolicy',
    'CreateLogGroup',
    'PutRetentionPolicy',
    'CreateFunction',
    'CreateEventSourceMapping',
  ]);
  const tags = { team: 'ledger', 'ddbcdc:stack': 'Orders', 'ddbcdc:version': '1.0.0' };
  expect(only(server.state.tables.values()).tags).toStrictEqual(tags);
  expect(only(server.state.functions.values()).tags).toStrictEqual(tags);
  expect(only(server.state.mappings.values()).tags).toStrictEqual(tags);
  expect(only(server.state.logGroups.values())).toStrictEqual({
    name: '/aws/lambda/orders-handler',
    retentionDays: 14,
    tags,
  });
  expect(only(server.state.roles.values())).toMatchObject({
    name: ROLE,
    path: '/ddbcdc/',
    tags: { ...tags, 'ddbcdc:function': 'orders-handler', 'ddbcdc:region': 'eu-west-1' },
  });
  expect(only(server.state.functions.values()).configuration).toMatchObject({
    Architectures: ['arm64'],
    Runtime: 'nodejs24.x',
    MemorySize: 512,
    Timeout: 60,
    Role: `arn:aws:iam::123456789012:role/ddbcdc/${ROLE}`,
  });
  expect(only(server.state.mappings.values()).configuration).toMatchObject({
    BatchSize: 100,
    StartingPosition: 'TRIM_HORIZON',
    MaximumRetryAttempts: 10,
    MaximumRecordAgeInSeconds: 86_400,
    BisectBatchOnFunctionError: true,
    FunctionResponseTypes: ['ReportBatchItemFailures'],
  });
  expect(applied.mapping?.state).toBe('Enabled');
});

it('changes nothing the second time, also when flags of the first are left out', async () => {
  await runner.init({ memory: 512, batchSize: 25, filter: ['{"eventName":["INSERT"]}'] });
  const made = server.changes.length;

  const { steps } = await runner.init();

  expect(shape(steps)).toStrictEqual(ALL.map((resource) => `= ${resource}`));
  expect(server.changes.length).toBe(made);
});

it('changes exactly what differs', async () => {
  await runner.init();
  server.changes.length = 0;

  const { steps, applied } = await runner.init({ memory: 1024, batchSize: 500 }, 'v2');

  expect(shape(steps)).toStrictEqual([
    '= table',
    '= role',
    '= policy',
    '= log-group',
    '~ function codeSha256 memoryMb',
    '~ mapping batchSize',
  ]);
  expect(server.changes.map(({ operation }) => operation)).toStrictEqual([
    'UpdateFunctionConfiguration',
    'UpdateFunctionCode',
    'UpdateEventSourceMapping',
  ]);
  expect(server.changes.at(-1)?.input).toStrictEqual({ BatchSize: 500 });
  expect(applied.function?.memoryMb).toBe(1024);
  expect(applied.mapping?.batchSize).toBe(500);
  expect(shape(await runner.plan({}, 'v2')).every((step) => step.startsWith('='))).toBe(true);
});

it('lets the role send to the on-failure destination, and takes that back', async () => {
  await runner.init();
  const queue = 'arn:aws:sqs:eu-west-1:123456789012:failed';

  const first = await runner.init({ onFailure: queue });
  expect(shape(first.steps)).toContain('~ policy SendWhatFailed');
  expect(shape(first.steps)).toContain('~ mapping onFailure');
  expect(only(only(server.state.roles.values()).policies.values())).toContain('sqs:SendMessage');

  // Without the flag the destination stays, so its permission must too.
  expect(shape(await runner.plan()).every((step) => step.startsWith('='))).toBe(true);
});

it('keeps the variables that a user put on the function', async () => {
  await runner.init();
  const found = only(server.state.functions.values());
  found.configuration.Environment = { Variables: { LEVEL: 'debug' } };

  await runner.init({ memory: 512 });

  expect(found.configuration.Environment).toStrictEqual({ Variables: { LEVEL: 'debug' } });
});

it('uses a given role as it is and makes none', async () => {
  const roleArn = 'arn:aws:iam::123456789012:role/given';

  const { steps } = await runner.init({ roleArn });

  expect(shape(steps)).toStrictEqual(['+ table', '+ log-group', '+ function', '+ mapping']);
  expect(server.state.roles.size).toBe(0);
  // A later run without the flag keeps it.
  expect(shape(await runner.plan())).toStrictEqual(['= table', '= log-group', '= function', '= mapping']);
});

describe('a run that breaks', () => {
  const CHANGES = 7;

  for (let done = 0; done < CHANGES; done += 1) {
    it(`after ${done} of ${CHANGES} changes is completed by the next`, async () => {
      server.breakAfter(done);
      await expect(runner.init({ tag: ['team=ledger'] })).rejects.toThrow('BrokenForTest');
      server.breakAfter(undefined);

      await runner.init({ tag: ['team=ledger'] });

      expect(server.changes.map(({ operation }) => operation)).toHaveLength(CHANGES);
      expect(only(server.state.logGroups.values()).retentionDays).toBe(14);
      const settled = await runner.plan({ tag: ['team=ledger'] });
      expect(shape(settled)).toStrictEqual(ALL.map((resource) => `= ${resource}`));
    });
  }
});

describe('a mapping on a dead stream', () => {
  it('is bound anew with its settings, and the policy follows', async () => {
    await runner.init({ batchSize: 25 });
    const table = only(server.state.tables.values());
    const old = only(server.state.mappings.values()).uuid;
    enableStream(server.state, table, 'NEW_IMAGE');

    const { steps, applied } = await runner.init();

    expect(shape(steps)).toStrictEqual([
      '= table',
      '= role',
      '~ policy ReadTheStream',
      '= log-group',
      '= function',
      '- mapping',
      '+ mapping',
    ]);
    expect(steps.at(-1)?.reason).toBe(`it takes the place of ${old}`);
    expect(applied.mapping).toMatchObject({ streamArn: server.state.streamArn(table), batchSize: 25 });
    expect([...server.state.mappings.keys()]).toStrictEqual([applied.mapping?.uuid]);
  });

  it('is bound anew when the table itself is gone', async () => {
    await runner.init();
    server.state.tables.clear();

    const { steps } = await runner.init();

    expect(shape(steps)).toStrictEqual([
      '+ table',
      '= role',
      '~ policy ReadTheStream',
      '= log-group',
      '= function',
      '- mapping',
      '+ mapping',
    ]);
    expect(server.state.mappings.size).toBe(1);
  });
});

describe('a table that ddbcdc did not make', () => {
  beforeEach(async () => {
    await runner.init({ function: false });
    const table = only(server.state.tables.values());
    table.tags = { owner: 'somebody' };
    delete table.stream;
    delete table.latestStream;
    server.changes.length = 0;
  });

  it('is a conflict that names the tag and the way out', async () => {
    await expect(runner.init()).rejects.toMatchObject({
      code: 'plan.conflict',
      exitCode: 3,
      message:
        'table Orders: tag ddbcdc:stack is absent, not Orders; the table exists and ddbcdc did not make it; --adopt uses it as it is',
    });
    expect(server.changes).toStrictEqual([]);
  });

  it('is adopted: its stream is enabled, and nothing else is touched', async () => {
    const { steps } = await runner.init({ adopt: true, partitionKey: 'Other:S', viewType: 'KEYS_ONLY' });

    expect(shape(steps).slice(0, 2)).toStrictEqual(['~ table viewType', '+ role']);
    expect(server.changes[0]).toStrictEqual({
      operation: 'UpdateTable',
      input: {
        TableName: 'Orders',
        StreamSpecification: { StreamEnabled: true, StreamViewType: 'KEYS_ONLY' },
      },
    });
    expect(only(server.state.tables.values()).tags).toStrictEqual({ owner: 'somebody' });
    // The function's tag is proof enough from now on.
    expect(shape(await runner.plan())).toStrictEqual(ALL.map((resource) => `= ${resource}`));
  });
});

describe('a conflict', () => {
  it('names both key schemas and changes nothing', async () => {
    await runner.init();
    server.changes.length = 0;

    await expect(runner.init({ partitionKey: 'OrderId:S', sortKey: 'At:N' })).rejects.toThrow(
      'table Orders: keys is Id:N, not OrderId:S, At:N; a key schema cannot be changed',
    );
    expect(server.changes).toStrictEqual([]);
  });

  it('names both view types', async () => {
    await runner.init();
    await expect(runner.init({ viewType: 'NEW_AND_OLD_IMAGES' })).rejects.toThrow(
      'viewType is NEW_IMAGE, not NEW_AND_OLD_IMAGES',
    );
  });

  it('names the stack that a function belongs to', async () => {
    await runner.init();
    await expect(runner.init({ table: 'Invoices' })).rejects.toThrow(
      'function orders-handler: tag ddbcdc:stack is Orders, not Invoices; a function of this name exists and it belongs to the stack Orders; use another --function',
    );
  });
});

describe('errors that pass', () => {
  const cannotAssume = new AwsError(
    'InvalidParameterValueException',
    'The role defined for the function cannot be assumed by Lambda.',
  );
  const cannotRead = new AwsError(
    'InvalidParameterValueException',
    'Cannot access stream arn:x. Please ensure the role can perform the GetRecords, GetShardIterator, DescribeStream, and ListStreams Actions on your stream in IAM.',
  );

  it('are waited out and shown', async () => {
    server.fail('CreateFunction', cannotAssume, cannotAssume);
    server.fail('CreateEventSourceMapping', cannotRead);

    const { events } = await runner.init();

    const waits = events.flatMap((event) => (event.type === 'waiting' ? [event.reason] : []));
    expect(waits.filter((reason) => reason === 'Lambda cannot assume the new role yet')).toHaveLength(2);
    expect(waits).toContain('the role cannot read the stream yet');
    expect(waits).toContain('the table is CREATING');
    expect(waits).toContain('the mapping is Creating');
  });

  it('are given up after their bound, as the error that AWS gave', async () => {
    server.fail('CreateFunction', ...Array.from({ length: 500 }, () => cannotAssume));

    await expect(runner.init()).rejects.toThrow('cannot be assumed by Lambda');
  });

  it('are told from others of the same name, which are thrown at once', async () => {
    server.fail(
      'CreateFunction',
      new AwsError('InvalidParameterValueException', 'Unzipped size is too large'),
    );

    await expect(runner.init()).rejects.toThrow(
      'function orders-handler: InvalidParameterValueException: Unzipped size is too large',
    );
  });

  it('names the action, the resource and the statement of a denial', async () => {
    server.fail(
      'CreateRole',
      new AwsError(
        'AccessDenied',
        'User: arn:aws:iam::123456789012:user/ada is not authorized to perform: iam:CreateRole on resource: arn:aws:iam::123456789012:role/ddbcdc/x because no identity-based policy allows it',
        403,
      ),
    );

    await expect(runner.init()).rejects.toMatchObject({
      code: 'aws.accessDenied',
      hint: 'this statement would allow it: {"Effect":"Allow","Action":"iam:CreateRole","Resource":"arn:aws:iam::123456789012:role/ddbcdc/x"}',
    });
  });
});

it('says what to do where there is only DynamoDB', async () => {
  server.serveOnlyDynamoDb();
  const { steps } = await runner.init({ function: false });
  expect(shape(steps)).toStrictEqual(['+ table']);
});
