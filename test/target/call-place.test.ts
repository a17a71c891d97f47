// What is said of a failed call depends on where it went: real clients, against sockets of our own.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { callPlaceOf } from '../../src/target/call-place.js';
import { type ClientSettings, createClients } from '../../src/target/clients.js';
import { uniformEndpoints } from '../../src/target/endpoints.js';
import { translateAwsError } from '../../src/target/translate-error.js';
import { runCli } from '../helpers/run-cli.js';

const KEYS = { accessKeyId: 'x', secretAccessKey: 'x' };

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'ddbcdc-place-'));
});
afterEach(async () => {
  await rm(cwd, { recursive: true, force: true });
});

/** The error of a call, as a command says it. `failure` stands for the network. */
async function failedCall(settings: ClientSettings, failure?: Error) {
  const { clients, close } = createClients(settings);
  const client = await clients.dynamodb();
  if (failure !== undefined) {
    client.middlewareStack.add(() => () => Promise.reject(failure), { step: 'deserialize' });
  }
  try {
    await client.send(new ListTablesCommand({}));
  } catch (error) {
    return { error, translated: translateAwsError(error, 'table T') };
  } finally {
    close();
  }
  return expect.unreachable();
}

async function withServer<T>(
  answer: { readonly status: number; readonly type: string; readonly body: string },
  use: (url: string) => Promise<T>,
): Promise<T> {
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      response.writeHead(answer.status, { 'content-type': answer.type }).end(answer.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

describe('a server that is not AWS', () => {
  it.each([
    { status: 200, type: 'text/html', body: '<h1>hello</h1>' },
    { status: 404, type: 'text/html', body: '<!DOCTYPE html>\n<p>no such page' },
    { status: 404, type: 'application/json', body: '{"error":"nope"}' },
  ])('is named, with its answer: $status $body', async (answer) => {
    await withServer(answer, async (url) => {
      expect(await runCli(['seed', '--count', '1', '--endpoint-url', url], { cwd })).toStrictEqual({
        exitCode: 3,
        stdout: '',
        stderr:
          `error table SampleStreamTable: ${url} answered HTTP ${answer.status} with something that is no AWS answer (target.notAws)\n` +
          '  → check the URL: another server, or a proxy, answers there\n',
      });
    });
  });
});

describe('a host that is not known', () => {
  const notFound = Object.assign(new Error('getaddrinfo ENOTFOUND'), {
    code: 'ENOTFOUND',
    hostname: 'dynamodb.nowhere-1.amazonaws.com',
  });

  it('is a region that there may not be, on AWS', async () => {
    const { translated } = await failedCall(
      { kind: 'aws', region: 'nowhere-1', credentials: KEYS },
      notFound,
    );
    expect(translated).toMatchObject({
      code: 'aws.unknownRegion',
      exitCode: 3,
      message:
        'table T: the host name dynamodb.nowhere-1.amazonaws.com is not known: there may be no region nowhere-1',
      hint: 'check the spelling (--region us-east-1), and the network',
    });
  });

  it('is a URL to check, elsewhere', async () => {
    const failure = Object.assign(new Error(), { code: 'ENOTFOUND', hostname: 'db.invalid' });
    const { translated } = await failedCall(
      {
        kind: 'endpoint',
        region: 'eu-west-1',
        endpoints: uniformEndpoints('http://db.invalid'),
        credentials: KEYS,
      },
      failure,
    );
    expect(translated).toMatchObject({
      code: 'target.unreachable',
      message: 'table T: the host name db.invalid is not known',
      hint: 'check the URL http://db.invalid, and that the server is running',
    });
  });
});

describe('credentials', () => {
  const none = Object.assign(new Error('none'), { name: 'CredentialsProviderError' });

  it('are asked for where the call went', async () => {
    const aws = await failedCall({ kind: 'aws', region: 'eu-west-1', credentials: KEYS }, none);
    expect(aws.translated.hint).toContain('drop --target aws');
    const endpoints = uniformEndpoints('http://db.invalid');
    const other = await failedCall(
      { kind: 'endpoint', region: 'eu-west-1', endpoints, credentials: KEYS },
      none,
    );
    expect(other.translated).toMatchObject({
      code: 'aws.noCredentials',
      hint: 'requests are signed: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, to x both if the server checks neither',
    });
    expect(callPlaceOf(new Error('outer', { cause: other.error }))).toStrictEqual({
      kind: 'endpoint',
      region: 'eu-west-1',
      endpoint: 'http://db.invalid',
    });
  });
});

describe('a profile', () => {
  const files = (): Record<string, string> => ({
    AWS_CONFIG_FILE: join(cwd, 'config'),
    AWS_SHARED_CREDENTIALS_FILE: join(cwd, 'credentials'),
  });

  it.each([
    [['--profile', 'nope'], {}],
    [[], { AWS_PROFILE: 'nope' }],
  ])('that is in no file is named, with the files and what they have: %j %j', async (flags, env) => {
    await writeFile(
      join(cwd, 'config'),
      '[default]\n[profile work]\nregion = eu-west-1\n[sso-session nope]\n',
    );
    await writeFile(join(cwd, 'credentials'), '[home]\naws_access_key_id = x\n');
    const result = await runCli(['tail', '--target', 'aws', ...flags], { cwd, env: { ...files(), ...env } });
    expect(result).toStrictEqual({
      exitCode: 3,
      stdout: '',
      stderr:
        `error there is no AWS profile nope in ${join(cwd, 'config')} or ${join(cwd, 'credentials')} (config.noProfile)\n` +
        '  → the profiles there: default, work, home\n',
    });
  });

  it('is made when there is none at all', async () => {
    const { stderr } = await runCli(['tail', '--endpoint-url', 'http://127.0.0.1:1', '--profile', 'nope'], {
      cwd,
      env: files(),
    });
    expect(stderr).toContain('make it: aws configure --profile nope');
  });
});
