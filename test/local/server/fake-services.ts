// Services that answer with what they were asked, behind the real server on a real socket.
import { once } from 'node:events';
import { request } from 'node:http';
import { createEngineServer, type EngineServer } from '../../../src/local/server/server.js';
import type { EngineRequest, EngineResponse, EngineService } from '../../../src/local/service.js';

export const ENGINE_KEYS = { accessKeyId: 'DDBCDC0123456789', secretAccessKey: 'engine-secret' };
export const OTHER_KEYS = { accessKeyId: 'AKIAOTHER', secretAccessKey: 'other-secret' };

export type Handler = (request: EngineRequest) => EngineResponse | Promise<EngineResponse>;

export interface TestServer {
  readonly server: EngineServer;
  readonly port: number;
  readonly endpoint: string;
  readonly log: string[];
  /** Every request that reached a service. */
  readonly reached: EngineRequest[];
}

export async function startTestServer(
  handlers: Partial<Record<'dynamodb' | 'streams' | 'lambda' | 'logs' | 'admin', Handler>> = {},
  nowMs: () => number = Date.now,
): Promise<TestServer> {
  const log: string[] = [];
  const reached: EngineRequest[] = [];
  const service = (name: keyof typeof handlers): EngineService => ({
    async handle(incoming) {
      reached.push(incoming);
      return (await handlers[name]?.(incoming)) ?? { status: 200, body: {} };
    },
    close: () => Promise.resolve(),
  });
  const server = createEngineServer({
    services: {
      dynamodb: service('dynamodb'),
      streams: service('streams'),
      lambda: service('lambda'),
      logs: service('logs'),
      admin: service('admin'),
    },
    keys: ENGINE_KEYS,
    accountId: '000000000000',
    now: nowMs,
    log: (line) => log.push(line),
    health: () => ({ engine: 'ddbcdc', version: '1.2.3' }),
    onRequest: () => () => {},
  });
  const port = await server.listen(0);
  return { server, port, endpoint: `http://127.0.0.1:${port}`, log, reached };
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
}

/** A request as it is, with no SDK between: a header of `undefined` is left out. */
export async function rawRequest(
  port: number,
  options: {
    readonly method?: string;
    readonly path?: string;
    readonly headers?: Readonly<Record<string, string | undefined>>;
    readonly body?: string | Uint8Array;
  } = {},
): Promise<RawAnswer> {
  const headers = Object.fromEntries(
    Object.entries({ host: `127.0.0.1:${port}`, ...options.headers }).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    ),
  );
  const outgoing = request({
    host: '127.0.0.1',
    port,
    method: options.method ?? 'GET',
    path: options.path ?? '/',
    headers,
    setHost: false,
    agent: false,
  });
  outgoing.end(options.body);
  const [incoming] = await once(outgoing, 'response');
  let text = '';
  for await (const chunk of incoming) text += String(chunk);
  return { status: incoming.statusCode, headers: incoming.headers, text };
}
