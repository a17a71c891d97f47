// A small HTTP server that answers DynamoDB operations as a test says, for faults that no real server makes on demand.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** What to answer: a body, an AWS error, or a cut connection. */
export type Answer =
  | { readonly body: unknown }
  | { readonly error: string; readonly status?: number; readonly message?: string }
  | 'cut';

export interface DynamoDBDouble extends AsyncDisposable {
  readonly url: string;
  readonly client: DynamoDBClient;
}

/** `answer` sees each request's operation and parsed body. The client does not retry by itself. */
export async function startDynamoDBDouble(
  answer: (operation: string, body: Record<string, unknown>) => Answer,
): Promise<DynamoDBDouble> {
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const operation = String(request.headers['x-amz-target']).split('.')[1] ?? '';
      const reply = answer(operation, JSON.parse(Buffer.concat(chunks).toString()));
      if (reply === 'cut') {
        request.socket.destroy();
        return;
      }
      const failed = 'error' in reply;
      response.writeHead(failed ? (reply.status ?? 400) : 200, {
        'content-type': 'application/x-amz-json-1.0',
      });
      response.end(
        JSON.stringify(failed ? { __type: `x#${reply.error}`, message: reply.message ?? '' } : reply.body),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = new DynamoDBClient({ endpoint: url, region: 'us-east-1', credentials, maxAttempts: 1 });
  return {
    url,
    client,
    async [Symbol.asyncDispose]() {
      client.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
