// What a command says to do next works where the command ran: on its target, for its table.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type AwsServer, startAwsServer } from '../helpers/aws-server/server.js';
import { runCli } from '../helpers/run-cli.js';

let server: AwsServer;
let cwd: string;
beforeEach(async () => {
  // The SDK looks for credentials in the process itself.
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
  server = await startAwsServer();
  cwd = await mkdtemp(join(tmpdir(), 'ddbcdc-hints-'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await server[Symbol.asyncDispose]();
  await rm(cwd, { recursive: true, force: true });
});

it.each(['seed', 'status'])('%s names the init of the table that is missing', async (command) => {
  const there = ['--endpoint-url', server.url, '--region', 'eu-west-1'];
  const { stdout, stderr } = await runCli([command, '--table', 'Nope', ...there], { cwd });
  expect(stdout + stderr).toContain(
    `ddbcdc init --table Nope --endpoint-url ${server.url} --region eu-west-1\n`,
  );
});

it('status names nothing that this folder knows by itself', async () => {
  const env = { DDBCDC_ENDPOINT_URL: server.url };
  const { stdout } = await runCli(['status'], { cwd, env });
  expect(stdout).toContain('! there is no table SampleStreamTable\n  → ddbcdc init\n');
});
