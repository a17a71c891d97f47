import { afterEach, beforeEach, expect, it } from 'vitest';
import { readStatus, type StackStatus, stoppedStatus } from '../../src/provision/status.js';
import { renderStatus } from '../../src/ui/provision/status.js';
import { enableStream } from '../helpers/aws-server/dynamodb.js';
import { type AwsServer, startAwsServer } from '../helpers/aws-server/server.js';
import { bundleOf, createStackRunner, type StackRunner } from '../helpers/aws-server/stack-runner.js';
import { makeTerminal } from '../ui/make-terminal.js';

const NOW = 1_700_003_610_000;

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

function look(functionName?: string, code = 'v1', now = NOW): Promise<StackStatus> {
  return readStatus(runner.resources, {
    stack: 'Orders',
    ...(functionName === undefined ? {} : { functionName }),
    fallbackFunction: 'sample-ddb-stream-handler',
    functionsServed: true,
    localCodeSha256: bundleOf(code).codeSha256,
    now,
  });
}

it('finds the function by the stream that it reads, and the stack healthy', async () => {
  await runner.init({ filter: ['{"eventName":["INSERT"]}'] });

  const status = await look();

  expect(status).toMatchObject({
    table: { ownership: 'made' },
    function: { name: 'orders-handler', state: 'Active', bundle: 'same' },
    mappings: [{ state: 'Enabled', lastResult: 'No records processed' }],
    readersPerShard: 1,
    problems: [],
  });
  expect(status.stream?.shards.map(({ id, open, parent }) => ({ id, open, parent }))).toStrictEqual([
    { id: 'shardId-00000001700000000000-aaaaaaaa', open: false, parent: undefined },
    {
      id: 'shardId-00000001700000010000-bbbbbbbb',
      open: true,
      parent: 'shardId-00000001700000000000-aaaaaaaa',
    },
  ]);
});

it('fits one screen', async () => {
  await runner.init({ filter: ['{"eventName":["INSERT"]}'] });
  const { terminal } = makeTerminal();
  expect(renderStatus(await look(), NOW, terminal).join('\n')).toMatchInlineSnapshot(`
    "table     Orders ACTIVE
              key Id:N, on demand, ≈ 0 items
    stream    NEW_IMAGE ENABLED
              1 open shard, 1 closed; mappings are 1 of 2 readers a shard
              arn:aws:dynamodb:eu-west-1:123456789012:table/Orders/stream/2026-11-23T00:00:01.002
              shardId-00000001700000000000-aaaaaaaa closed 1 h
                → shardId-00000001700000010000-bbbbbbbb open 1 h
    function  orders-handler Active
              nodejs24.x arm64, 256 MB, 60 s, 2 B, code as here
    mapping   00000000-0000-4000-8000-000000000003 Enabled
              batches of up to 100, last result: No records processed
              filter {"eventName":["INSERT"]}
    ✓ Orders is healthy"
  `);
});

it('gives no age to a shard that is open for longer than one can be', async () => {
  await runner.init();
  const status = await look('orders-handler', 'v1', NOW + 86_400_000);
  expect(status.stream?.shards.map(({ createdAt }) => createdAt)).toStrictEqual([
    1_700_000_000_000,
    undefined,
  ]);
  const { terminal } = makeTerminal();
  const text = renderStatus(status, NOW + 86_400_000, terminal).join('\n');
  expect(text).toMatch(/shardId-00000001700000010000-bbbbbbbb open\n/);
});

it('names each thing that is wrong, with the command that mends it', async () => {
  await runner.init();
  for (const found of server.state.functions.values()) {
    found.update = 'Failed';
    found.pending = 9;
  }
  const [table] = server.state.tables.values();
  if (table !== undefined) enableStream(server.state, table, 'NEW_IMAGE');

  expect((await look('orders-handler', 'v2')).problems).toStrictEqual([
    { resource: 'function', text: 'its last update failed', hint: 'ddbcdc init' },
    { resource: 'mapping', text: 'no mapping feeds the function from the stream', hint: 'ddbcdc init' },
    {
      resource: 'mapping',
      text: "a mapping is left on a stream that is no longer the table's",
      hint: 'ddbcdc init binds it anew',
    },
  ]);
});

it('takes a table alone for a whole stack unless a function is expected', async () => {
  await runner.init({ function: false });
  expect((await look()).problems).toStrictEqual([]);
  expect((await look('orders-handler')).problems).toStrictEqual([
    { resource: 'function', text: 'there is no function orders-handler', hint: 'ddbcdc init' },
  ]);
});

it('says that there is no table', async () => {
  expect((await look()).problems).toStrictEqual([
    { resource: 'table', text: 'there is no table Orders', hint: 'ddbcdc init' },
  ]);
});

it('says of a stopped engine only that it is stopped', () => {
  const status = stoppedStatus('Orders', {
    running: false,
    pid: null,
    port: null,
    endpoint: null,
    dataDir: '/data',
    region: null,
    version: null,
    startedAt: null,
    idleTimeoutMs: null,
    idleStopsAt: null,
    dataBytes: 0,
    crashed: false,
  });
  expect(status.problems).toStrictEqual([
    { resource: 'engine', text: 'the engine is stopped', hint: 'ddbcdc local start' },
  ]);
});
