// init, status and destroy as a shell sees them, on the embedded engine.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateTableCommand,
  DeleteTableCommand,
  DynamoDBClient,
  ListTablesCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCli } from '../helpers/run-cli.js';

let cwd: string;
/** Holds folders of other projects, which use the same engine. */
let other: string;
beforeAll(async () => {
  other = await mkdtemp(join(tmpdir(), 'ddbcdc-other-'));
  cwd = await mkdtemp(join(tmpdir(), 'ddbcdc-init-'));
});
afterAll(async () => {
  await runCli(['local', 'stop'], { cwd });
  await rm(other, { recursive: true, force: true });
  await rm(cwd, { recursive: true, force: true, maxRetries: 5 });
});

async function json(...args: string[]) {
  const { exitCode, stdout, stderr } = await runCli([...args, '--json'], { cwd });
  expect({ args, exitCode, stderr }).toStrictEqual({ args, exitCode: 0, stderr: '' });
  return JSON.parse(stdout);
}

/** The engine's tables, as any SDK reaches them. */
async function engineTables(): Promise<DynamoDBClient> {
  const { endpoint, region, accessKeyId, secretAccessKey } = JSON.parse(
    await readFile(join(cwd, '.ddbcdc', 'engine.json'), 'utf8'),
  );
  return new DynamoDBClient({ endpoint, region, credentials: { accessKeyId, secretAccessKey } });
}

it('asks nobody when there is no terminal: --yes or --dry-run must say so', async () => {
  const { exitCode, stdout, stderr } = await runCli(['init'], { cwd });
  expect({ exitCode, stdout }).toStrictEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toContain('it wants --yes (init.unconfirmed)');
});

it('says what is there when the engine was never started, and starts none', async () => {
  const status = await json('status');
  expect(status).toMatchObject({ healthy: false, engine: { running: false }, table: null, mapping: null });
  expect((await runCli(['status', '--check'], { cwd })).exitCode).toBe(4);
});

it('shows a plan and changes nothing', async () => {
  const { steps } = await json('init', '--dry-run');
  expect(steps.map(({ resource, action }: Record<string, string>) => `${action} ${resource}`)).toStrictEqual([
    'create table',
    'create log-group',
    'create function',
    'create mapping',
  ]);
  expect(Object.keys(steps[0])).toStrictEqual(['resource', 'name', 'action', 'reason', 'changes']);
  await expect(readFile(join(cwd, 'ddbcdc.json'))).rejects.toThrow('ENOENT');
  expect((await json('status')).table).toBeNull();
});

it('makes table, function and mapping, remembers them, and finds them unchanged the second time', async () => {
  const made = await json('init', '--yes');
  expect(made).toMatchObject({
    target: 'local',
    table: { name: 'SampleStreamTable', viewType: 'NEW_IMAGE', action: 'create' },
    function: { name: 'sample-ddb-stream-handler', architecture: 'arm64', memoryMb: 256, action: 'create' },
    mapping: { batchSize: 100, startingPosition: 'TRIM_HORIZON', state: 'Enabled', action: 'create' },
  });
  expect(made.table.streamArn).toMatch(/^arn:aws:dynamodb:.*:table\/SampleStreamTable\/stream\//);
  expect(made.function.bundleBytes).toBeGreaterThan(1000);
  const saved = JSON.parse(await readFile(join(cwd, 'ddbcdc.json'), 'utf8'));
  expect(saved).toStrictEqual({ table: 'SampleStreamTable', function: 'sample-ddb-stream-handler' });

  const again = await json('init', '--yes');
  expect(again).toStrictEqual({
    ...made,
    table: { ...made.table, action: 'unchanged' },
    function: { ...made.function, action: 'unchanged' },
    mapping: { ...made.mapping, action: 'unchanged' },
    logGroup: { ...made.logGroup, action: 'unchanged' },
  });
});

it('changes memory, batch size and model, and only those', async () => {
  await writeFile(
    join(cwd, 'model.mjs'),
    'export default { name: "Own", decode: (image) => image, parse: (image) => image };\n',
  );
  const { steps } = await json(
    'init',
    '--dry-run',
    '--memory',
    '512',
    '--batch-size',
    '25',
    '--model',
    'model.mjs',
  );
  const changes = steps.flatMap(({ resource, changes }: { resource: string; changes: { field: string }[] }) =>
    changes.map(({ field }) => `${resource} ${field}`),
  );
  expect(changes).toStrictEqual(['function codeSha256', 'function memoryMb', 'mapping batchSize']);

  const changed = await json(
    'init',
    '--yes',
    '--memory',
    '512',
    '--batch-size',
    '25',
    '--model',
    'model.mjs',
  );
  expect(changed).toMatchObject({
    table: { action: 'unchanged' },
    function: { memoryMb: 512, action: 'update' },
    mapping: { batchSize: 25, action: 'update' },
  });
  expect(JSON.parse(await readFile(join(cwd, 'ddbcdc.json'), 'utf8')).model).toBe('./model.mjs');
  // The model is in ddbcdc.json now, so a run without flags deploys the same code.
  expect(await json('init', '--yes')).toMatchObject({
    function: { action: 'unchanged' },
    mapping: { action: 'unchanged' },
  });
});

it('shows a healthy stack, in text and JSON', async () => {
  const status = await json('status', '--check');
  expect(status).toMatchObject({
    healthy: true,
    problems: [],
    engine: { running: true },
    table: { name: 'SampleStreamTable', status: 'ACTIVE', ownership: 'made' },
    stream: { openShards: 1, readersPerShard: 1 },
    function: { state: 'Active', bundle: 'same' },
    mapping: { state: 'Enabled' },
    deadMappings: [],
  });
  const text = await runCli(['status'], { cwd });
  expect(text.stdout).toContain('✓ SampleStreamTable is healthy');
  expect(await json('status', '--all')).toMatchObject({
    stacks: [{ name: 'SampleStreamTable', table: true, functions: ['sample-ddb-stream-handler'] }],
  });
});

it('names both values of a conflict and exits with 3', async () => {
  const { exitCode, stdout, stderr } = await runCli(['init', '--yes', '--partition-key', 'Pk:S'], { cwd });
  expect({ exitCode, stdout }).toStrictEqual({ exitCode: 3, stdout: '' });
  expect(stderr).toContain('keys is Id:N, not Pk:S');
});

it('binds the mapping anew when the table was made again behind its back', async () => {
  const before = await json('status');
  await (await engineTables()).send(new DeleteTableCommand({ TableName: 'SampleStreamTable' }));

  expect(await json('init', '--yes')).toMatchObject({
    table: { action: 'create' },
    function: { action: 'unchanged', memoryMb: 512 },
    mapping: { action: 'create', batchSize: 25, state: 'Enabled' },
  });
  const after = await json('status', '--check');
  expect(after.stream.arn).not.toBe(before.stream.arn);
  expect(after.deadMappings).toStrictEqual([]);
});

it('uses a table that is there already only with --adopt, and leaves it at the end', async () => {
  const tables = await engineTables();
  await tables.send(
    new CreateTableCommand({
      TableName: 'Theirs',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'Pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'Pk', KeyType: 'HASH' }],
    }),
  );
  const args = ['--table', 'Theirs', '--function', 'theirs'];
  const refused = await runCli(['init', '--yes', ...args], { cwd });
  expect(refused.exitCode).toBe(3);
  expect(refused.stderr).toContain('the table exists and ddbcdc did not make it; --adopt uses it as it is');

  const folder = await mkdtemp(join(other, 'adopt-'));
  const there = { cwd: folder, env: { DDBCDC_DATA_DIR: join(cwd, '.ddbcdc') } };
  const adopted = await runCli(['init', '--yes', '--adopt', '--json', ...args], there);
  expect(JSON.parse(adopted.stdout)).toMatchObject({
    table: { name: 'Theirs', viewType: 'NEW_IMAGE', action: 'update' },
    mapping: { state: 'Enabled', action: 'create' },
  });
  const gone = await runCli(['destroy', '--yes', '--json', '--table', 'Theirs'], there);
  expect(JSON.parse(gone.stdout).steps.at(-1)).toMatchObject({ resource: 'table', action: 'unchanged' });
  expect((await tables.send(new ListTablesCommand({}))).TableNames).toContain('Theirs');
  // What it adopted it still knows, though it is done with it; another folder knows nothing.
  const again = await runCli(['destroy', '--yes', '--table', 'Theirs'], there);
  expect(again).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('nothing to delete') });
  const elsewhere = await mkdtemp(join(other, 'adopt-'));
  const foreign = await runCli(['destroy', '--yes', '--table', 'Theirs'], { ...there, cwd: elsewhere });
  expect(foreign).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('ddbcdc did not make it') });
  expect(foreign.stderr).toContain('ddbcdc destroy --table Theirs --dry-run shows the whole plan');
});

it('remembers that it adopted a table, also without a function that could tell', async () => {
  const tables = await engineTables();
  const folder = await mkdtemp(join(other, 'adopt-'));
  const there = { cwd: folder, env: { DDBCDC_DATA_DIR: join(cwd, '.ddbcdc') } };
  const args = ['init', '--yes', '--json', '--no-function', '--table', 'Theirs'];
  expect((await runCli(args, there)).exitCode).toBe(3);
  expect((await runCli([...args, '--adopt'], there)).exitCode).toBe(0);
  const file = (): Promise<unknown> => readFile(join(folder, 'ddbcdc.json'), 'utf8').then(JSON.parse);
  expect(await file()).toStrictEqual({ table: 'Theirs', adopted: 'Theirs' });
  // Said once, it holds.
  expect(JSON.parse((await runCli(args, there)).stdout).table.action).toBe('unchanged');
  expect(JSON.parse((await runCli(['status', '--json'], there)).stdout).table.ownership).toBe('adopted');

  const { exitCode, stdout, stderr } = await runCli(['destroy', '--yes'], there);
  expect(exitCode).toBe(0);
  expect(stderr).toContain('=  table  Theirs  adopted: it was there before, and stays');
  expect(stdout).toContain('✓ Theirs: there was nothing to delete');
  expect((await tables.send(new ListTablesCommand({}))).TableNames).toContain('Theirs');
  expect(await file()).toStrictEqual({ adopted: 'Theirs' });
});

it('deletes nothing on a default name: another folder’s stack may have it', async () => {
  const folder = await mkdtemp(join(other, 'unnamed-'));
  const there = { cwd: folder, env: { DDBCDC_DATA_DIR: join(cwd, '.ddbcdc') } };
  const refused = await runCli(['destroy', '--yes'], there);
  expect(refused).toMatchObject({
    exitCode: 3,
    stdout: '',
    stderr: expect.stringContaining(
      "error there is a stack SampleStreamTable, but neither --table nor DDBCDC_TABLE nor ddbcdc.json names it: it may be another folder's (destroy.noStack)",
    ),
  });
  expect(await json('status')).toMatchObject({ table: { name: 'SampleStreamTable' } });
  // Named by the environment, it is that folder's wish.
  const named = { ...there, env: { ...there.env, DDBCDC_TABLE: 'Nobody' } };
  expect((await runCli(['destroy', '--yes'], named)).exitCode).toBe(0);
});

it('writes a first model from the items of a table, and never over a file', async () => {
  const folder = await mkdtemp(join(other, 'infer-'));
  const there = { cwd: folder, env: { DDBCDC_DATA_DIR: join(cwd, '.ddbcdc') } };
  const infer = ['init', '--yes', '--infer', '--adopt', '--table', 'Theirs', '--function', 'inferring'];
  const empty = await runCli(infer, there);
  expect(empty).toMatchObject({
    exitCode: 3,
    stderr: expect.stringContaining('has no items to infer a model from'),
  });

  const tables = await engineTables();
  for (const [id, total] of Object.entries({ a: '1', b: '250' })) {
    await tables.send(
      new PutItemCommand({ TableName: 'Theirs', Item: { Pk: { S: id }, Total: { N: total } } }),
    );
  }
  const made = await runCli(infer, there);
  expect(made.stderr).toContain('+ model.ts inferred from 2 items');
  expect(made.exitCode).toBe(0);
  const model = await readFile(join(folder, 'model.ts'), 'utf8');
  expect(model).toContain("total: int32('Total')");
  expect(JSON.parse(await readFile(join(folder, 'ddbcdc.json'), 'utf8')).model).toBe('./model.ts');

  const again = await runCli(infer, there);
  expect(again).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('model.ts is there already') });
  expect((await runCli(['init', '--infer', '--dry-run'], there)).exitCode).toBe(2);
  await runCli(['destroy', '--yes'], there);
});

it('destroys what it made, and finds it gone the second time', async () => {
  expect((await runCli(['destroy'], { cwd })).exitCode).toBe(2);
  const { steps } = await json('destroy', '--yes');
  expect(steps.map(({ resource, action }: Record<string, string>) => `${action} ${resource}`)).toStrictEqual([
    'delete mapping',
    'delete function',
    'delete log-group',
    'delete table',
  ]);
  // The user's own file stays remembered.
  expect(JSON.parse(await readFile(join(cwd, 'ddbcdc.json'), 'utf8'))).toStrictEqual({
    model: './model.mjs',
  });
  expect(await json('destroy', '--yes')).toMatchObject({
    steps: [{ resource: 'table', action: 'unchanged', reason: 'already gone' }],
  });
  expect((await json('status')).problems).toMatchObject([{ resource: 'table' }]);
});
