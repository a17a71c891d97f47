// Invoke: synchronous, asynchronous (with Lambda's two retries) and dry runs.
import { type EngineResponse, ServiceError } from '../service.js';
import { type FunctionParts, findFunction } from './function-operations.js';
import type { FunctionRecord } from './function-record.js';
import type { Invocation } from './invoker.js';
import { type RestInput, type Route, route } from './rest.js';

const MAX_REQUEST_BYTES = 6_291_456;
const MAX_ASYNC_BYTES = 1_048_576;
const MAX_ASYNC_WAITING = 1000;
/** Lambda waits one and two minutes; on one's own machine that is only confusing. */
const ASYNC_RETRY_DELAYS_MS = [1000, 2000];
const EMPTY_EVENT = new TextEncoder().encode('{}');

export function invokeRoutes(parts: FunctionParts): readonly Route[] {
  const { invoker, context } = parts;
  let waiting = 0;

  async function invoke(input: RestInput): Promise<EngineResponse> {
    const { request } = input;
    const { record, qualifier } = findFunction(
      parts,
      input.path.FunctionName ?? '',
      request.query.get('Qualifier'),
    );
    const type = request.headers['x-amz-invocation-type'] ?? 'RequestResponse';
    const event = readEvent(request.body, type);
    const options = { qualifier, clientContext: readClientContext(request.headers['x-amz-client-context']) };
    switch (type) {
      case 'DryRun':
        return { status: 204 };
      case 'Event':
        return startAsync(record, event, options);
      case 'RequestResponse': {
        const wantsTail = request.headers['x-amz-log-type'] === 'Tail';
        return answer(await invoker.invoke(record, event, options), wantsTail);
      }
      default:
        throw new ServiceError('InvalidParameterValueException', `Unknown invocation type ${type}`);
    }
  }

  function startAsync(
    record: FunctionRecord,
    event: Uint8Array,
    options: Parameters<typeof invoker.invoke>[2],
  ): EngineResponse {
    if (waiting >= MAX_ASYNC_WAITING) {
      throw new ServiceError('TooManyRequestsException', 'Rate Exceeded.', 429, {
        Reason: 'ConcurrentInvocationLimitExceeded',
      });
    }
    waiting += 1;
    runAsync(record.name, event, options)
      .catch((error: unknown) =>
        context.log(`asynchronous invocation of ${record.name} ended: ${String(error)}`),
      )
      .finally(() => {
        waiting -= 1;
      });
    return { status: 202 };
  }

  async function runAsync(
    name: string,
    event: Uint8Array,
    options: Parameters<typeof invoker.invoke>[2],
  ): Promise<void> {
    for (const delay of [...ASYNC_RETRY_DELAYS_MS, undefined]) {
      const record = parts.functions.get(name);
      if (record === undefined) return;
      const invocation = await invoker.invoke(record, event, options);
      if (invocation.functionError === undefined || delay === undefined) return;
      await new Promise<void>((resolve) => setTimeout(resolve, delay).unref());
    }
  }

  return [route('POST', '/2015-03-31/functions/{FunctionName}/invocations', invoke)];
}

function answer(invocation: Invocation, wantsTail: boolean): EngineResponse {
  return {
    status: 200,
    headers: {
      'content-type': 'application/json',
      'x-amz-executed-version': '$LATEST',
      'x-amzn-requestid': invocation.requestId,
      ...(invocation.functionError === undefined ? {} : { 'x-amz-function-error': invocation.functionError }),
      ...(wantsTail ? { 'x-amz-log-result': invocation.logTail() } : {}),
    },
    body: invocation.payload,
  };
}

function readEvent(body: Uint8Array, type: string): Uint8Array {
  if (body.length === 0) return EMPTY_EVENT;
  const limit = type === 'Event' ? MAX_ASYNC_BYTES : MAX_REQUEST_BYTES;
  if (body.length > limit) {
    throw new ServiceError(
      'RequestTooLargeException',
      `Request must be smaller than ${limit} bytes for the InvokeFunction operation`,
      413,
    );
  }
  try {
    JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8'));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ServiceError(
      'InvalidRequestContentException',
      `Could not parse request body into json: ${reason}`,
    );
  }
  return body;
}

function readClientContext(header: string | undefined): unknown {
  if (header === undefined) return undefined;
  try {
    return JSON.parse(Buffer.from(header, 'base64').toString('utf8'));
  } catch {
    throw new ServiceError('InvalidRequestContentException', 'Client context must be base64-encoded JSON');
  }
}
