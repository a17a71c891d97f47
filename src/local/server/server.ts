// The engine's one HTTP server: refuses strangers, finds the service, checks the signature where code could run, and
// turns whatever happens into an answer. It owns no state of any service.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { ConnectionCut } from '../faults/connection-cut.js';
import { type EngineService, ServiceError } from '../service.js';
import { admit } from './authorize.js';
import { dropBody, MAX_BODY_BYTES, MAX_LAMBDA_BODY_BYTES, readBody } from './body.js';
import { type Encoded, encodeError, encodeResponse } from './encode.js';
import { refuseForeign } from './guard.js';
import { type Route, type RpcService, route } from './route.js';
import type { AccessKeys } from './sigv4.js';
import { answerQuery } from './sts.js';

export const LOOPBACK = '127.0.0.1';

/** Longer than an SDK's pause between two polls, so that no client meets a socket that is just being closed. */
const KEEP_ALIVE_MS = 5 * 60_000;

export interface EngineServerOptions {
  readonly services: Readonly<Record<RpcService | 'lambda', EngineService>>;
  readonly keys: AccessKeys;
  readonly accountId: string;
  readonly now: () => number;
  readonly log: (line: string) => void;
  /** The answer to `GET /`. */
  readonly health: (query: URLSearchParams) => Readonly<Record<string, unknown>>;
  /** Called when a request for a service begins; what it returns is called when the answer is sent. */
  readonly onRequest: () => () => void;
}

export interface EngineServer {
  /** Listens on loopback; 0 takes a free port. Resolves to the port, rejects with Node's error (`EADDRINUSE`). */
  listen(port: number): Promise<number>;
  /** Refuses new requests, waits at most `graceMs` for those under way, then cuts the rest. */
  close(graceMs: number): Promise<void>;
}

export function createEngineServer(options: EngineServerOptions): EngineServer {
  let port = 0;
  const server: Server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
    void answer(request, response);
  });
  // Requests under way on each open connection. Node counts a connection that has not asked anything yet as active, and
  // would wait for it to the end when the server closes.
  const connections = new Map<Socket, number>();
  server.on('connection', (socket: Socket) => {
    connections.set(socket, 0);
    socket.on('close', () => connections.delete(socket));
  });

  // Must outlast the keep-alive time, or Node cuts a connection that waits for its next request.
  server.headersTimeout = KEEP_ALIVE_MS + 5_000;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const headers = singleHeaders(request);
    const target = request.url ?? '/';
    const mark = target.indexOf('?');
    const path = mark === -1 ? target : target.slice(0, mark);
    const query = mark === -1 ? '' : target.slice(mark + 1);
    const method = request.method ?? 'GET';
    const to = route(method, path, headers);
    const gone = new AbortController();
    count(request.socket, 1);
    response.on('close', () => {
      count(request.socket, -1);
      if (!response.writableFinished) gone.abort();
    });
    response.on('error', () => {}); // the client went away; nobody is left to tell
    let encoded: Encoded;
    try {
      const refusal = refuseForeign(headers, port);
      if (refusal !== undefined) throw new ServiceError('AccessDeniedException', refusal, 403);
      if (to.kind === 'health') {
        encoded = encodeResponse(to, { status: 200, body: options.health(new URLSearchParams(query)) });
      } else {
        const done = options.onRequest();
        try {
          encoded = await serve(to, { request, method, target, path, query, headers, signal: gone.signal });
        } finally {
          done();
        }
      }
    } catch (error) {
      // A client that hung up ends the read of its body with an error that is no defect.
      if (gone.signal.aborted || request.errored !== null || response.destroyed) return;
      if (error instanceof ConnectionCut) {
        request.socket.destroy();
        return;
      }
      await dropBody(request);
      encoded = encodeError(to, toServiceError(error, `${method} ${describe(to, path)}`));
    }
    response.writeHead(encoded.status, {
      ...encoded.headers,
      'content-length': encoded.body.length,
      ...(server.listening ? {} : { connection: 'close' }),
    });
    response.end(encoded.body);
  }

  function count(socket: Socket, change: number): void {
    const running = connections.get(socket);
    if (running === undefined) return;
    connections.set(socket, running + change);
    if (!server.listening && running + change === 0) socket.end();
  }

  async function serve(to: Route, call: Call): Promise<Encoded> {
    const { request, method, target, path, query, headers, signal } = call;
    if (to.kind === 'unknown' || to.kind === 'health') {
      throw new ServiceError('UnknownOperationException', `The embedded engine has no ${method} ${path}.`);
    }
    const admission = admit(to, method, headers.authorization, options.keys);
    const body = await readBody(request, to.kind === 'lambda' ? MAX_LAMBDA_BODY_BYTES : MAX_BODY_BYTES);
    admission.verify({ method, target, headers, body }, options.now());
    if (to.kind === 'query') {
      return answerQuery(body, options.accountId, admission.accessKeyId ?? 'unknown');
    }
    const service = options.services[to.kind === 'rpc' ? to.service : 'lambda'];
    const answer = await service.handle({
      ...(to.kind === 'rpc' ? { operation: to.operation } : {}),
      method,
      path,
      query: new URLSearchParams(query),
      headers,
      body,
      signal,
    });
    return encodeResponse(to, answer);
  }

  function toServiceError(error: unknown, what: string): ServiceError {
    if (error instanceof ServiceError) return error;
    options.log(`error ${what}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    return new ServiceError(
      'InternalServerError',
      'The engine met an internal error; its log has more.',
      500,
    );
  }

  return {
    listen(wanted) {
      return new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(wanted, LOOPBACK, () => {
          server.off('error', reject);
          const address = server.address();
          port = typeof address === 'object' && address !== null ? address.port : wanted;
          resolve(port);
        });
      });
    },
    async close(graceMs) {
      if (!server.listening) return;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const [socket, running] of connections) if (running === 0) socket.destroy();
      const cut = setTimeout(() => server.closeAllConnections(), graceMs);
      await closed;
      clearTimeout(cut);
    },
  };
}

interface Call {
  readonly request: IncomingMessage;
  readonly method: string;
  readonly target: string;
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

function singleHeaders(request: IncomingMessage): Record<string, string | undefined> {
  const headers: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    headers[name] = Array.isArray(value) ? value.join(',') : value;
  }
  return headers;
}

function describe(to: Route, path: string): string {
  return to.kind === 'rpc' ? `${to.service}.${to.operation}` : path;
}
