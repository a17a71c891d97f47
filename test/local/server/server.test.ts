import { crc32 } from 'node:zlib';
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient, GetItemCommand, ResourceNotFoundException } from '@aws-sdk/client-dynamodb';
import { DescribeStreamCommand, DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { GetFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterEach, describe, expect, it } from 'vitest';
import { ServiceError } from '../../../src/local/service.js';
import { OTHER_KEYS, rawRequest, startTestServer, type TestServer } from './fake-services.js';

let running: TestServer | undefined;
afterEach(async () => {
  await running?.server.close(1_000);
  running = undefined;
});

async function start(...options: Parameters<typeof startTestServer>): Promise<TestServer> {
  running = await startTestServer(...options);
  return running;
}

const settings = (endpoint: string) => ({
  endpoint,
  region: 'us-east-1',
  credentials: OTHER_KEYS,
  maxAttempts: 1,
});

const DYNAMODB_CALL = {
  method: 'POST',
  headers: {
    'x-amz-target': 'DynamoDB_20120810.ListTables',
    authorization:
      'AWS4-HMAC-SHA256 Credential=any/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
  },
  body: '{}',
};

describe('routing', () => {
  it('sends each SDK client to its service', async () => {
    const { endpoint, reached } = await start();
    await new DynamoDBClient(settings(endpoint)).send(
      new GetItemCommand({ TableName: 't', Key: { Id: { N: '1' } } }),
    );
    await new DynamoDBStreamsClient(settings(endpoint)).send(
      new DescribeStreamCommand({ StreamArn: 'arn:aws:dynamodb:us-east-1:000000000000:table/t/stream/x' }),
    );
    await new CloudWatchLogsClient(settings(endpoint)).send(new DescribeLogGroupsCommand({}));
    await new LambdaClient(settings(endpoint)).send(new GetFunctionCommand({ FunctionName: 'a b' }));
    expect(reached.map(({ operation, method, path }) => ({ operation, method, path }))).toStrictEqual([
      { operation: 'GetItem', method: 'POST', path: '/' },
      { operation: 'DescribeStream', method: 'POST', path: '/' },
      { operation: 'DescribeLogGroups', method: 'POST', path: '/' },
      { operation: undefined, method: 'GET', path: '/2015-03-31/functions/a%20b' },
    ]);
    expect(JSON.parse(Buffer.from(reached[0]?.body ?? []).toString())).toStrictEqual({
      TableName: 't',
      Key: { Id: { N: '1' } },
    });
  });

  it('tells STS callers who they are', async () => {
    const { endpoint } = await start();
    const identity = await new STSClient(settings(endpoint)).send(new GetCallerIdentityCommand({}));
    expect({ account: identity.Account, arn: identity.Arn, user: identity.UserId }).toStrictEqual({
      account: '000000000000',
      arn: 'arn:aws:iam::000000000000:user/ddbcdc',
      user: 'AKIAOTHER',
    });
  });

  it('answers its health without credentials', async () => {
    const { port } = await start();
    const { status, text } = await rawRequest(port);
    expect([status, JSON.parse(text)]).toStrictEqual([200, { engine: 'ddbcdc', version: '1.2.3' }]);
  });

  it('refuses an unknown target, method or path in the form of AWS', async () => {
    const { port, reached } = await start();
    for (const call of [
      { method: 'POST', headers: { 'x-amz-target': 'Kinesis_20131202.PutRecord' } },
      { method: 'GET', headers: { 'x-amz-target': 'DynamoDB_20120810.ListTables' } },
      { method: 'POST', headers: { 'x-amz-target': 'constructor.ListTables' } },
      { method: 'GET', path: '/favicon.ico' },
      { method: 'OPTIONS' },
    ]) {
      const { status, text, headers } = await rawRequest(port, call);
      expect(status).toBe(400);
      expect(JSON.parse(text).__type).toBe('com.amazon.coral.service#UnknownOperationException');
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toStrictEqual([]);
    }
    expect(reached).toStrictEqual([]);
  });
});

describe('answers', () => {
  it('carries the checksum of the body and a request id on DynamoDB answers', async () => {
    const { port } = await start({ dynamodb: () => ({ status: 200, body: { TableNames: ['é'] } }) });
    const { headers, text } = await rawRequest(port, DYNAMODB_CALL);
    expect(headers['content-type']).toBe('application/x-amz-json-1.0');
    expect(headers['x-amz-crc32']).toBe(String(crc32(Buffer.from(text))));
    expect(headers['x-amzn-requestid']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('gives an SDK its typed error, further members included', async () => {
    const { endpoint } = await start({
      dynamodb: () => {
        throw new ServiceError('ResourceNotFoundException', 'Cannot do operations on a non-existent table');
      },
    });
    const sent = new DynamoDBClient(settings(endpoint)).send(
      new GetItemCommand({ TableName: 't', Key: { Id: { N: '1' } } }),
    );
    await expect(sent).rejects.toThrow(ResourceNotFoundException);
    await expect(sent).rejects.toThrow('Cannot do operations on a non-existent table');
  });

  it('writes the wire form of each protocol', async () => {
    const fail = (): never => {
      throw new ServiceError('ResourceNotFoundException', 'gone', 404, { Resource: 'r' });
    };
    const { port } = await start({ dynamodb: fail, logs: fail, lambda: fail });
    const { authorization } = DYNAMODB_CALL.headers;
    const dynamodb = await rawRequest(port, DYNAMODB_CALL);
    const logs = await rawRequest(port, {
      method: 'POST',
      headers: { authorization, 'x-amz-target': 'Logs_20140328.FilterLogEvents' },
      body: '{}',
    });
    const lambda = await rawRequest(port, { path: '/2015-03-31/functions/f', headers: { authorization } });
    expect(JSON.parse(dynamodb.text)).toStrictEqual({
      __type: 'com.amazonaws.dynamodb.v20120810#ResourceNotFoundException',
      message: 'gone',
      Resource: 'r',
    });
    expect(JSON.parse(logs.text)).toStrictEqual({
      __type: 'ResourceNotFoundException',
      message: 'gone',
      Resource: 'r',
    });
    expect(JSON.parse(lambda.text)).toStrictEqual({ Type: 'User', Message: 'gone', Resource: 'r' });
    expect([logs.headers['content-type'], lambda.headers['x-amzn-errortype'], lambda.status]).toStrictEqual([
      'application/x-amz-json-1.1',
      'ResourceNotFoundException',
      404,
    ]);
  });

  it('turns a defect into a 500, logs it, and goes on', async () => {
    let broken = true;
    const { port, log } = await start({
      dynamodb: () => {
        if (broken) throw new TypeError('oops');
        return { status: 200, body: {} };
      },
    });
    const failed = await rawRequest(port, DYNAMODB_CALL);
    broken = false;
    const fine = await rawRequest(port, DYNAMODB_CALL);
    expect([failed.status, JSON.parse(failed.text).__type, fine.status]).toStrictEqual([
      500,
      'com.amazonaws.dynamodb.v20120810#InternalServerError',
      200,
    ]);
    expect(failed.text).not.toContain('oops');
    expect(log.join('\n')).toContain('error POST dynamodb.ListTables: TypeError: oops');
  });

  it('refuses a body over the limit with an answer that the client can read, and serves the next request', async () => {
    const { port, reached } = await start();
    const body = Buffer.alloc(17 * 1024 * 1024);
    for (const length of [{ 'content-length': String(body.length) }, { 'transfer-encoding': 'chunked' }]) {
      const headers = { ...DYNAMODB_CALL.headers, ...length };
      const { status, text } = await rawRequest(port, { ...DYNAMODB_CALL, headers, body });
      expect([status, JSON.parse(text).message]).toStrictEqual([
        413,
        'The request body is over 16777216 bytes.',
      ]);
    }
    expect((await rawRequest(port, DYNAMODB_CALL)).status).toBe(200);
    expect(reached).toHaveLength(1);
  });

  it('tells a service that its client went away', async () => {
    let aborted: Promise<void> | undefined;
    let began = (): void => {};
    const beginning = new Promise<void>((resolve) => {
      began = resolve;
    });
    const { endpoint } = await start({
      streams: (request) => {
        aborted = new Promise((resolve) => request.signal.addEventListener('abort', () => resolve()));
        began();
        return new Promise(() => {});
      },
    });
    const controller = new AbortController();
    const sent = new DynamoDBStreamsClient(settings(endpoint)).send(
      new DescribeStreamCommand({ StreamArn: 'arn:aws:dynamodb:us-east-1:000000000000:table/t/stream/x' }),
      {
        abortSignal: controller.signal,
      },
    );
    await beginning;
    controller.abort();
    await expect(sent).rejects.toThrow();
    await aborted;
  });

  it('finishes a request that is under way when it closes', async () => {
    let finish = (): void => {};
    let began = (): void => {};
    const beginning = new Promise<void>((resolve) => {
      began = resolve;
    });
    const { port, server } = await start({
      dynamodb: async () => {
        began();
        await new Promise<void>((resolve) => {
          finish = resolve;
        });
        return { status: 200, body: { done: true } };
      },
    });
    const answer = rawRequest(port, DYNAMODB_CALL);
    await beginning;
    const closed = server.close(30_000);
    finish();
    expect((await answer).text).toBe('{"done":true}');
    await closed;
    await expect(rawRequest(port)).rejects.toThrow('ECONNREFUSED');
  });
});
