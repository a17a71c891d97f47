import { afterEach, beforeEach, expect, it } from 'vitest';
import { listStacks } from '../../src/provision/list-stacks.js';
import { enableStream } from '../helpers/aws-server/dynamodb.js';
import { type AwsServer, startAwsServer } from '../helpers/aws-server/server.js';
import { createStackRunner, type StackRunner, shape } from '../helpers/aws-server/stack-runner.js';
import { AwsError } from '../helpers/aws-server/state.js';

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

function counts(): Record<string, number> {
  const { tables, functions, mappings, roles, logGroups } = server.state;
  return {
    tables: tables.size,
    functions: functions.size,
    mappings: mappings.size,
    roles: roles.size,
    logGroups: logGroups.size,
  };
}

const NOTHING = { tables: 0, functions: 0, mappings: 0, roles: 0, logGroups: 0 };

it('deletes everything of a stack, found by its tags alone, and then finds nothing', async () => {
  await runner.init();
  server.changes.length = 0;

  const steps = await runner.destroy();

  expect(shape(steps)).toStrictEqual([
    '- mapping',
    '- function',
    '- log-group',
    '- policy',
    '- role',
    '- table',
  ]);
  expect(server.changes.map(({ operation }) => operation)).toStrictEqual([
    'DeleteEventSourceMapping',
    'DeleteFunction',
    'DeleteLogGroup',
    'DeleteRolePolicy',
    'DeleteRole',
    'DeleteTable',
  ]);
  expect(counts()).toStrictEqual(NOTHING);
  expect(await runner.destroy('Orders', { functions: ['orders-handler'] })).toMatchObject([
    { resource: 'function', action: 'unchanged', reason: 'already gone' },
    { resource: 'table', action: 'unchanged', reason: 'already gone' },
  ]);
});

for (let done = 0; done < 6; done += 1) {
  it(`is taken up again after ${done} of 6 deletions, without ddbcdc.json`, async () => {
    await runner.init();
    server.breakAfter(done);
    await expect(runner.destroy()).rejects.toThrow('BrokenForTest');
    server.breakAfter(undefined);

    await runner.destroy();

    expect(counts()).toStrictEqual(NOTHING);
  });
}

it('deletes every function of the stack, and mappings left on dead streams', async () => {
  await runner.init();
  await runner.init({ function: 'second' });
  const [table] = server.state.tables.values();
  if (table !== undefined) enableStream(server.state, table, 'NEW_IMAGE');

  await runner.destroy();

  expect(counts()).toStrictEqual(NOTHING);
});

it('leaves another stack alone, also one of the same name in another region', async () => {
  await runner.init();
  await runner.init({ table: 'Invoices', function: 'invoices-handler' });
  const [role] = server.state.roles.values();
  if (role === undefined) throw new Error('init made a role');
  server.state.roles.set('elsewhere', {
    ...role,
    name: 'elsewhere',
    tags: { ...role.tags, 'ddbcdc:region': 'us-east-1' },
  });

  await runner.destroy();

  expect([...server.state.tables.keys()]).toStrictEqual(['Invoices']);
  expect([...server.state.functions.keys()]).toStrictEqual(['invoices-handler']);
  expect([...server.state.roles.keys()]).toStrictEqual(['ddbcdc-invoices-handler-eu-west-1', 'elsewhere']);
  expect([...server.state.logGroups.keys()]).toStrictEqual(['/aws/lambda/invoices-handler']);
});

it('deletes for a caller who may not list roles', async () => {
  await runner.init();
  server.fail('ListRoles', new AwsError('AccessDenied', 'not authorized to perform: iam:ListRoles', 403));
  await runner.destroy();
  expect(counts()).toStrictEqual(NOTHING);
});

it('keeps the table when asked to', async () => {
  await runner.init();
  await runner.destroy('Orders', { keepTable: true });
  expect(counts()).toStrictEqual({ ...NOTHING, tables: 1 });
});

it('keeps an adopted table', async () => {
  await runner.init({ function: false });
  for (const table of server.state.tables.values()) table.tags = {};
  await runner.init({ adopt: true });

  const steps = await runner.destroy();

  expect(steps.at(-1)).toMatchObject({
    action: 'unchanged',
    reason: 'adopted: it was there before, and stays',
  });
  expect(counts()).toStrictEqual({ ...NOTHING, tables: 1 });
});

it('refuses a table, and a function named to it, without the tag', async () => {
  await runner.init();
  for (const resource of [...server.state.tables.values(), ...server.state.functions.values()]) {
    resource.tags = {};
  }
  for (const mapping of server.state.mappings.values()) mapping.tags = {};
  server.state.roles.clear();
  server.changes.length = 0;

  await expect(runner.destroy('Orders', { functions: ['orders-handler'] })).rejects.toThrow(
    'function orders-handler: tag ddbcdc:stack is absent, not Orders; ddbcdc did not make it · table Orders: tag ddbcdc:stack is absent, not Orders; ddbcdc did not make it',
  );
  expect(server.changes).toStrictEqual([]);
});

it('refuses a protected table before anything is deleted', async () => {
  await runner.init({ deletionProtection: true });
  server.changes.length = 0;
  await expect(runner.destroy()).rejects.toThrow('deletion protection is on');
  expect(server.changes).toStrictEqual([]);
});

it('says what else is on a role that cannot be deleted', async () => {
  await runner.init();
  for (const role of server.state.roles.values()) role.attached.add('arn:aws:iam::aws:policy/ReadOnlyAccess');
  await expect(runner.destroy()).rejects.toMatchObject({
    code: 'role.inUse',
    message: 'role ddbcdc-orders-handler-eu-west-1: policies that ddbcdc did not put there are on the role',
  });
});

it('lists every stack by its tags', async () => {
  await runner.init();
  await runner.init({ table: 'Invoices', function: false });
  expect(
    await listStacks(runner.resources, { region: 'eu-west-1', functionsServed: true, roles: true }),
  ).toStrictEqual([
    { name: 'Invoices', table: true, functions: [], roles: [] },
    {
      name: 'Orders',
      table: true,
      functions: ['orders-handler'],
      roles: ['ddbcdc-orders-handler-eu-west-1'],
    },
  ]);
});
