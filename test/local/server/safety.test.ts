import { networkInterfaces } from 'node:os';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import {
  CreateEventSourceMappingCommand,
  CreateFunctionCommand,
  DeleteFunctionCommand,
  InvokeCommand,
  LambdaClient,
  ListFunctionsCommand,
  ListTagsCommand,
  UntagResourceCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { needsEngineKey, route } from '../../../src/local/server/route.js';
import { ENGINE_KEYS, OTHER_KEYS, rawRequest, startTestServer, type TestServer } from './fake-services.js';

const NOW = Date.now();
let clock = NOW;
let test: TestServer;
beforeEach(async () => {
  clock = NOW;
  test = await startTestServer({}, () => clock + (Date.now() - NOW));
});
afterEach(() => test.server.close(1_000));

function lambda(credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string }) {
  return new LambdaClient({ endpoint: test.endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
}

describe('who may connect', () => {
  it('listens on 127.0.0.1 and on no other address of this machine', async () => {
    const others = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .filter(({ family, internal }) => family === 'IPv4' && !internal);
    for (const { address } of others) {
      await expect(fetch(`http://${address}:${test.port}/`)).rejects.toThrow();
    }
  });

  it('refuses every request that comes from a web page', async () => {
    for (const origin of ['https://evil.example', 'null', `http://127.0.0.1:${test.port}`, '']) {
      const answer = await rawRequest(test.port, { headers: { origin } });
      expect([answer.status, JSON.parse(answer.text).__type]).toStrictEqual([
        403,
        'com.amazon.coral.service#AccessDeniedException',
      ]);
    }
  });

  it('refuses a Host that is not its own', async () => {
    const hosts = [
      'evil.example',
      `evil.example:${test.port}`,
      '127.0.0.1',
      '127.0.0.1:1',
      `127.0.0.1.evil.example:${test.port}`,
      undefined,
    ];
    const statuses = [];
    for (const host of hosts) statuses.push((await rawRequest(test.port, { headers: { host } })).status);
    // Node itself refuses a request without a Host.
    expect(statuses).toStrictEqual([403, 403, 403, 403, 403, 400]);
  });

  it('takes each loopback name with its port', async () => {
    for (const name of ['127.0.0.1', 'localhost', 'LOCALHOST', '[::1]']) {
      expect((await rawRequest(test.port, { headers: { host: `${name}:${test.port}` } })).status).toBe(200);
    }
  });
});

describe('data calls', () => {
  it('takes any credentials', async () => {
    const client = new DynamoDBClient({
      endpoint: test.endpoint,
      region: 'eu-west-1',
      credentials: OTHER_KEYS,
    });
    await client.send(new ListTablesCommand({}));
    expect(test.reached).toHaveLength(1);
  });

  it('refuses a request without credentials as AWS does', async () => {
    const answer = await rawRequest(test.port, {
      method: 'POST',
      headers: { 'x-amz-target': 'DynamoDB_20120810.ListTables' },
      body: '{}',
    });
    expect([answer.status, JSON.parse(answer.text)]).toStrictEqual([
      400,
      {
        __type: 'com.amazon.coral.service#MissingAuthenticationTokenException',
        message: 'Request is missing Authentication Token',
      },
    ]);
    expect(test.reached).toStrictEqual([]);
  });
});

describe('calls that run code', () => {
  const calls = [
    new InvokeCommand({ FunctionName: 'a b*c', Payload: Buffer.from('{"x":1}'), LogType: 'Tail' }),
    new CreateFunctionCommand({
      FunctionName: 'f',
      Role: 'arn:aws:iam::000000000000:role/r',
      Code: { ZipFile: Buffer.from('zip') },
    }),
    new UpdateFunctionConfigurationCommand({ FunctionName: 'f', MemorySize: 512 }),
    new DeleteFunctionCommand({ FunctionName: 'f', Qualifier: '1' }),
    new CreateEventSourceMappingCommand({ FunctionName: 'f', EventSourceArn: 'arn:aws:dynamodb:x' }),
    new UntagResourceCommand({
      Resource: 'arn:aws:lambda:us-east-1:000000000000:function:f',
      TagKeys: ['a b', 'c+d', "e'(*)"],
    }),
  ];

  it("accepts the SDK's signature with the engine's own key", async () => {
    const client = lambda(ENGINE_KEYS);
    // Each is a command of the same client; the union of their types is what the overloads cannot express.
    for (const call of calls) await client.send(call as InvokeCommand);
    await lambda({ ...ENGINE_KEYS, sessionToken: 'a session' }).send(calls[0] as InvokeCommand);
    expect(test.reached).toHaveLength(calls.length + 1);
  });

  it('accepts whatever path, query and body the SDK signs', async () => {
    const client = lambda(ENGINE_KEYS);
    const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(
        text,
        fc.array(text, { minLength: 1, maxLength: 4 }),
        text,
        async (name, keys, body) => {
          // A path of dots alone is resolved on its way, by the client and by AWS alike.
          fc.pre(!/^\.+$/.test(name));
          const before = test.reached.length;
          await client.send(new InvokeCommand({ FunctionName: name, Qualifier: keys[0], Payload: body }));
          await client.send(new UntagResourceCommand({ Resource: `arn:${name}`, TagKeys: keys }));
          expect(test.reached.length).toBe(before + 2);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('refuses another key, and the right key id with a wrong secret', async () => {
    for (const call of calls) {
      await expect(lambda(OTHER_KEYS).send(call as InvokeCommand)).rejects.toMatchObject({
        name: 'UnrecognizedClientException',
        $metadata: { httpStatusCode: 403 },
      });
      await expect(
        lambda({ ...ENGINE_KEYS, secretAccessKey: 'guessed' }).send(call as InvokeCommand),
      ).rejects.toMatchObject({ name: 'InvalidSignatureException', $metadata: { httpStatusCode: 403 } });
    }
    expect(test.reached).toStrictEqual([]);
  });

  it('refuses a signed request whose body, path, query or time was changed', async () => {
    // What a listener could replay: the headers of a genuine request.
    await lambda(ENGINE_KEYS).send(
      new InvokeCommand({ FunctionName: 'f', Qualifier: '1', Payload: Buffer.from('{}') }),
    );
    const genuine = test.reached[0];
    const headers = { ...genuine?.headers };
    delete headers.connection;
    const path = `${genuine?.path}?Qualifier=1`;
    const again = (change: Parameters<typeof rawRequest>[1]) =>
      rawRequest(test.port, { method: 'POST', path, headers, body: '{}', ...change });
    expect((await again({})).status).toBe(200);
    for (const change of [
      { body: '[]' },
      { path: path.replace('Qualifier=1', 'Qualifier=2') },
      { path: path.replace('functions/f', 'functions/g') },
      { headers: { ...headers, 'x-amz-date': '20200101T000000Z' } },
      { headers: { ...headers, host: `localhost:${test.port}` } },
      { headers: { ...headers, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' } },
    ]) {
      const { status, headers: answer } = await again(change);
      expect([status, answer['x-amzn-errortype']]).toStrictEqual([403, 'InvalidSignatureException']);
    }
    clock += 16 * 60_000;
    expect((await again({})).text).toContain('Signature expired');
    expect(test.reached).toHaveLength(2);
  });

  it('lets reads pass with any credentials', async () => {
    await lambda(OTHER_KEYS).send(new ListFunctionsCommand({}));
    await lambda(OTHER_KEYS).send(
      new ListTagsCommand({ Resource: 'arn:aws:lambda:us-east-1:000000000000:function:f' }),
    );
    expect(test.reached).toHaveLength(2);
  });

  it("guards the engine's own writes and not its reads", () => {
    const guarded = (operation: string): boolean =>
      needsEngineKey(route('POST', '/', { 'x-amz-target': `DdbcdcEngine.${operation}` }), 'POST');
    expect(['RollShards', 'SplitShard', 'StopEngine', 'DescribeEngine'].map(guarded)).toStrictEqual([
      true,
      true,
      true,
      false,
    ]);
  });
});
