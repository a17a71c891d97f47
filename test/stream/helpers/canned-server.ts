// A loopback server that answers AWS JSON requests with what a test gives it.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';

export interface CannedAnswer {
  readonly status?: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Cuts the connection after the first bytes of the body. */
  readonly isCut?: boolean;
}

export interface CannedServer {
  readonly endpoint: string;
  readonly streams: DynamoDBStreamsClient;
  readonly dynamodb: DynamoDBClient;
  /** The operations asked for, in order. */
  readonly operations: string[];
  readonly headers: IncomingMessage['headers'][];
  close(): Promise<void>;
}

export type Answer = (operation: string, input: Record<string, unknown>) => CannedAnswer;

export async function startCannedServer(answer: Answer): Promise<CannedServer> {
  const operations: string[] = [];
  const headers: IncomingMessage['headers'][] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const operation = String(request.headers['x-amz-target']).split('.').at(-1) ?? '';
      operations.push(operation);
      headers.push(request.headers);
      send(response, answer(operation, JSON.parse(Buffer.concat(chunks).toString('utf8'))));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const config = {
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 2,
    retryMode: 'standard',
  };
  const streams = new DynamoDBStreamsClient(config);
  const dynamodb = new DynamoDBClient(config);
  return {
    endpoint,
    streams,
    dynamodb,
    operations,
    headers,
    async close() {
      streams.destroy();
      dynamodb.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function send(
  response: ServerResponse,
  { status = 200, body, headers = {}, isCut = false }: CannedAnswer,
): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/x-amz-json-1.0',
    ...('transfer-encoding' in headers ? {} : { 'content-length': Buffer.byteLength(text) }),
    'x-amzn-requestid': 'request-1',
    ...headers,
  });
  if (isCut) response.write(text.slice(0, 10), () => response.destroy());
  else response.end(text);
}
