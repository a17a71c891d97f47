// A small AWS for tests: the real wire protocols (JSON, REST and IAM's query protocol with XML) over loopback, with
// resources that take a moment to be ready, and errors and breakdowns on request.
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dynamodb } from './dynamodb.js';
import { query, queryError } from './iam.js';
import { lambda, lambdaOperation, logs } from './lambda.js';
import { AwsError, AwsState } from './state.js';

export interface Call {
  readonly operation: string;
  readonly input: Record<string, unknown>;
}

export interface AwsServer extends AsyncDisposable {
  readonly url: string;
  readonly state: AwsState;
  /** Every call that changes something, in order. */
  readonly changes: Call[];
  /** Makes the next calls of an operation fail with these errors, one each. */
  fail(operation: string, ...errors: AwsError[]): void;
  /** Refuses every change after so many more; undefined ends that. */
  breakAfter(changes: number | undefined): void;
  /** Serves only DynamoDB from now on, as DynamoDB Local does. */
  serveOnlyDynamoDb(): void;
}

const CHANGES = /^(Create|Update|Delete|Put|Tag)/;

export async function startAwsServer(): Promise<AwsServer> {
  const state = new AwsState();
  const changes: Call[] = [];
  const failures = new Map<string, AwsError[]>();
  let changesLeft: number | undefined;
  let onlyDynamoDb = false;

  function call(operation: string, input: Record<string, unknown>, answer: () => unknown): unknown {
    const failure = failures.get(operation)?.shift();
    if (failure !== undefined) throw failure;
    if (!CHANGES.test(operation)) return answer();
    if (changesLeft === 0) throw new AwsError('BrokenForTest', `${operation} was not carried out`);
    const result = answer();
    if (changesLeft !== undefined) changesLeft -= 1;
    changes.push({ operation, input });
    return result;
  }

  async function handle(request: IncomingMessage): Promise<{ body: string; type: string }> {
    const body = await readBody(request);
    const url = new URL(request.url ?? '/', 'http://aws');
    if (request.headers.authorization?.startsWith('AWS4-HMAC-SHA256') !== true) {
      throw new AwsError('MissingAuthenticationTokenException', 'the request is not signed', 403);
    }
    if (
      request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true &&
      !onlyDynamoDb
    ) {
      const form = new URLSearchParams(body);
      const answer = call(form.get('Action') ?? '', Object.fromEntries(form), () => query(state, form));
      return { body: String(answer), type: 'text/xml' };
    }
    const [service, operation = ''] = String(request.headers['x-amz-target'] ?? '').split('.');
    const input = body === '' ? {} : (JSON.parse(body) as Record<string, unknown>);
    const json = (answer: unknown) => ({ body: JSON.stringify(answer ?? {}), type: 'application/json' });
    if (onlyDynamoDb && /Tag/.test(operation)) {
      throw new AwsError(
        'UnknownOperationException',
        'Tagging is not currently supported in DynamoDB Local.',
      );
    }
    if (service?.startsWith('DynamoDB') === true) {
      return json(call(operation, input, () => dynamodb(state, operation, input)));
    }
    if (onlyDynamoDb) throw new AwsError('MissingAuthenticationToken', 'Request must contain a valid target');
    if (service === 'Logs_20140328') return json(call(operation, input, () => logs(state, operation, input)));
    const route = lambdaOperation(request.method ?? '', url.pathname);
    if (route === undefined)
      throw new AwsError('UnknownOperationException', `${request.method} ${url.pathname}`);
    return json(call(route.operation, input, () => lambda(state, route, input, url.searchParams)));
  }

  const server = createServer((request, response) => {
    handle(request).then(
      ({ body, type }) => {
        response.writeHead(200, { 'content-type': type });
        response.end(body);
      },
      (error: unknown) => {
        const known = error instanceof AwsError ? error : new AwsError('TestServerError', String(error), 400);
        const isQuery =
          request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true;
        response.writeHead(known.status, {
          'content-type': isQuery ? 'text/xml' : 'application/json',
          'x-amzn-errortype': known.name,
        });
        response.end(
          isQuery ? queryError(known) : JSON.stringify({ __type: known.name, message: known.message }),
        );
      },
    );
  });
  await listen(server);
  // A listening TCP server has an address with a port.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    state,
    changes,
    fail: (operation, ...errors) => {
      failures.set(operation, [...(failures.get(operation) ?? []), ...errors]);
    },
    breakAfter: (count) => {
      changesLeft = count;
    },
    serveOnlyDynamoDb: () => {
      onlyDynamoDb = true;
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function listen(server: Server): Promise<void> {
  return new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks).toString('utf8');
}
