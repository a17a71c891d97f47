// init and destroy with --target aws, against a server that speaks AWS's protocols.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { useAwsServerInFolder } from '../helpers/aws-server/in-folder.js';
import { runCli } from '../helpers/run-cli.js';

const aws = useAwsServerInFolder();

const run = (...args: string[]) =>
  runCli(args, { cwd: aws.cwd, env: { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' } });
const onAws = (...args: string[]) =>
  run(...args, '--target', 'aws', '--endpoint-url', aws.server.url, '--region', 'eu-west-1');

it('shows account, caller, region and endpoint before the plan, and makes the stack', async () => {
  const { exitCode, stderr } = await onAws('init', '--yes', '--table', 'Orders');
  expect(exitCode).toBe(0);
  expect(stderr.split('\n')[0]).toBe(
    `Orders on AWS · account 123456789012 · arn:aws:iam::123456789012:user/ada · eu-west-1 · ${aws.server.url}`,
  );
  expect(JSON.parse(await readFile(join(aws.cwd, 'ddbcdc.json'), 'utf8'))).toMatchObject({
    target: 'aws',
    region: 'eu-west-1',
    table: 'Orders',
  });
  expect(aws.server.state.roles.size).toBe(1);
});

it('deletes on AWS only with the table’s name', async () => {
  await onAws('init', '--yes', '--table', 'Orders');

  const yes = await onAws('destroy', '--yes');
  expect(yes.exitCode).toBe(2);
  expect(yes.stderr).toContain("on AWS, destroy wants the table's name; --yes alone is not enough");
  const wrong = await onAws('destroy', '--confirm', 'Order');
  expect(wrong.exitCode).toBe(2);
  expect(wrong.stderr).toContain('--confirm Order: the table to delete is Orders');
  expect(aws.server.state.tables.size).toBe(1);

  const { exitCode, stdout } = await onAws('destroy', '--confirm', 'Orders');
  expect({ exitCode, stdout }).toStrictEqual({ exitCode: 0, stdout: '✓ Orders: 6 resources deleted\n' });
  expect(aws.server.state.tables.size + aws.server.state.roles.size).toBe(0);
});

it('says what to do on a server that has only DynamoDB', async () => {
  aws.server.serveOnlyDynamoDb();
  const there = ['--endpoint-url', aws.server.url];
  const { exitCode, stderr } = await run('init', '--yes', ...there);
  expect(exitCode).toBe(3);
  expect(stderr).toContain("does not speak Lambda's API (target.noLambda)");
  expect(stderr).toContain('ddbcdc init --no-function');

  expect((await run('init', '--yes', '--no-function', ...there)).exitCode).toBe(0);
  // It has no tags either: what init remembers in this folder stands for them.
  const again = await run('init', '--yes', '--no-function', '--json', ...there);
  expect(JSON.parse(again.stdout).table.action).toBe('unchanged');
  expect((await run('status', '--check', ...there)).exitCode).toBe(0);
  const elsewhere = await mkdtemp(join(tmpdir(), 'ddbcdc-aws-'));
  const named = ['--table', 'SampleStreamTable', ...there];
  const foreign = await runCli(['destroy', '--yes', ...named], { cwd: elsewhere });
  expect(foreign.stderr).toContain('ddbcdc did not make it');
  // A table that was adopted is not taken for one that was made.
  await runCli(['init', '--yes', '--no-function', '--adopt', ...named], { cwd: elsewhere });
  expect((await runCli(['init', '--yes', '--no-function', ...there], { cwd: elsewhere })).exitCode).toBe(0);
  expect(await runCli(['destroy', '--yes', ...there], { cwd: elsewhere })).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining('adopted: it was there before, and stays'),
  });
  expect(aws.server.state.tables.size).toBe(1);
  await rm(elsewhere, { recursive: true, force: true });
  expect((await run('destroy', '--yes', ...there)).exitCode).toBe(0);
  expect(aws.server.state.tables.size).toBe(0);
});
