// A data folder, the data services on it, and real AWS SDK clients that reach them over a loopback socket.
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import type { EngineResponse, EngineService } from '../../../src/local/service.js';
import { ServiceError } from '../../../src/local/service.js';
import { type DataServices, openDataServices } from '../../../src/local/tables/open.js';

export interface Harness {
  readonly services: DataServices;
  readonly dynamodb: DynamoDBClient;
  readonly streams: DynamoDBStreamsClient;
  readonly dataDir: string;
  readonly log: string[];
  /** Milliseconds added to the real clock. */
  advance(ms: number): void;
  /** Calls an admin operation. */
  admin(operation: string, body: object): Promise<Record<string, unknown>>;
  /** Closes the services and opens them again on the same data. */
  reopen(): Promise<void>;
  close(): Promise<void>;
}

/** Opens services on an empty folder behind a loopback server. */
export async function openHarness(): Promise<Harness> {
  const dataDir = await mkdtemp(join(tmpdir(), 'ddbcdc-data-'));
  const log: string[] = [];
  let offsetMs = 0;
  const context = {
    dataDir,
    region: 'eu-west-1',
    accountId: '123456789012',
    now: () => Date.now() + offsetMs,
    log: (line: string) => void log.push(line),
  };
  let services = await openDataServices(context);
  const server = createServer((request, response) => void serve(services, request, response));
  const endpoint = await listen(server);
  const options = {
    endpoint,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  };
  const dynamodb = new DynamoDBClient(options);
  const streams = new DynamoDBStreamsClient(options);
  return {
    get services() {
      return services;
    },
    dynamodb,
    streams,
    dataDir,
    log,
    advance(ms) {
      offsetMs += ms;
    },
    async admin(operation, body) {
      const answer = await call(services.admin, operation, body);
      return answer.body as Record<string, unknown>;
    },
    async reopen() {
      await services.close();
      services = await openDataServices(context);
    },
    async close() {
      dynamodb.destroy();
      streams.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await services.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Calls a service directly, with a body or its JSON text. */
export function call(
  service: EngineService,
  operation: string,
  body: object | string,
): Promise<EngineResponse> {
  return service.handle({
    operation,
    method: 'POST',
    path: '/',
    query: new URLSearchParams(),
    headers: {},
    body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
    signal: new AbortController().signal,
  });
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port');
  return `http://127.0.0.1:${address.port}`;
}

async function serve(
  services: DataServices,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const [api, operation] = String(request.headers['x-amz-target']).split('.');
  const service = api === 'DynamoDBStreams_20120810' ? services.streams : services.dynamodb;
  let status = 200;
  let body: unknown;
  try {
    const answer = await service.handle({
      ...(operation === undefined ? {} : { operation }),
      method: 'POST',
      path: '/',
      query: new URLSearchParams(),
      headers: {},
      body: Buffer.concat(chunks),
      signal: new AbortController().signal,
    });
    body = answer.body;
    status = answer.status;
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    status = error.status;
    body = {
      __type: `com.amazonaws.dynamodb.v20120810#${error.type}`,
      message: error.message,
      ...error.members,
    };
  }
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}
