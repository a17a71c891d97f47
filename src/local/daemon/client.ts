// The CLI's side of the engine's own calls: health, and admin operations signed with the engine's key.
import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { CliError } from '../../errors.js';
import type { EngineState } from '../engine-state.js';
import { sameText, signHeaders } from '../server/sigv4.js';
import { type Health, proveIdentity } from './health.js';

/** A healthy engine answers in a millisecond; on a machine that is starved of CPU it may need thousands. */
const HEALTH_TIMEOUT_MS = 5_000;

/** Asks the engine behind a state file for its health. Undefined when nothing answers there, or something else does. */
export async function checkHealth(
  state: EngineState,
  options: { readonly touch?: boolean; readonly timeoutMs?: number; readonly signal?: AbortSignal } = {},
): Promise<Health | undefined> {
  const nonce = randomBytes(16).toString('hex');
  try {
    const { status, body } = await exchange(state, {
      method: 'GET',
      target: `/?nonce=${nonce}${options.touch === true ? '&touch=1' : ''}`,
      headers: {},
      body: '',
      timeoutMs: options.timeoutMs ?? HEALTH_TIMEOUT_MS,
      signal: options.signal,
    });
    if (status !== 200) return undefined;
    // A parsing boundary: the fields that matter are checked on the next line.
    const health = JSON.parse(body) as Partial<Health>;
    const expected = proveIdentity(state.secretAccessKey, nonce, state.pid);
    return sameText(health.proof ?? '', expected) ? (health as Health) : undefined;
  } catch {
    options.signal?.throwIfAborted();
    return undefined;
  }
}

/** Calls an operation of the engine's own API. Throws `engine.callFailed` with the engine's message. */
export async function callEngine(
  state: EngineState,
  operation: string,
  input: unknown,
  signal?: AbortSignal,
): Promise<unknown> {
  const body = JSON.stringify(input);
  const headers = {
    host: `127.0.0.1:${state.port}`,
    'content-type': 'application/x-amz-json-1.0',
    'x-amz-target': `DdbcdcEngine.${operation}`,
  };
  const signed = signHeaders(
    { method: 'POST', target: '/', headers, body: Buffer.from(body) },
    state,
    { region: state.region, service: 'ddbcdc' },
    Date.now(),
  );
  const answer = await exchange(state, { method: 'POST', target: '/', headers: signed, body, signal }).catch(
    (error: unknown) => {
      signal?.throwIfAborted();
      throw new CliError('engine.callFailed', `the engine at ${state.endpoint} does not answer`, {
        cause: error,
        hint: 'ddbcdc local status',
      });
    },
  );
  const value: unknown = answer.body === '' ? {} : JSON.parse(answer.body);
  if (answer.status === 200) return value;
  // The engine's own error form.
  const { __type: type = 'Error', message = `status ${answer.status}` } = value as Record<string, string>;
  throw new CliError('engine.callFailed', `${operation} failed: ${message} (${type.replace(/^.*#/, '')})`);
}

interface Exchange {
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly timeoutMs?: number;
  readonly signal: AbortSignal | undefined;
}

function exchange(state: EngineState, call: Exchange): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        host: '127.0.0.1',
        port: state.port,
        method: call.method,
        path: call.target,
        headers: { ...call.headers, 'content-length': Buffer.byteLength(call.body) },
        agent: false,
        ...(call.timeoutMs === undefined ? {} : { timeout: call.timeoutMs }),
        ...(call.signal === undefined ? {} : { signal: call.signal }),
      },
      (incoming) => {
        let text = '';
        incoming.setEncoding('utf8');
        incoming.on('data', (chunk: string) => {
          text += chunk;
        });
        incoming.on('error', reject);
        incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, body: text }));
      },
    );
    outgoing.on('timeout', () => outgoing.destroy(new Error('no answer in time')));
    outgoing.on('error', reject);
    outgoing.end(call.body);
  });
}
