// JSON-RPC as the data services speak it: bodies in, answers and errors out.
import { type EngineRequest, type EngineResponse, ServiceError } from '../service.js';
import type { Catalog } from './catalog.js';
import type { RequestBody } from './item-operations.js';
import { toServiceError } from './wire-error.js';

/** Parses a JSON-RPC body. Throws SerializationException. */
export function parseBody(
  request: EngineRequest,
  parse: (text: string) => unknown = JSON.parse,
): RequestBody {
  const { buffer, byteOffset, length } = request.body;
  let body: unknown;
  try {
    body = parse(Buffer.from(buffer, byteOffset, length).toString());
  } catch {
    throw new ServiceError('SerializationException', 'The request body is not valid JSON');
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new ServiceError('SerializationException', 'The request body is not a JSON object');
  }
  return body as RequestBody;
}

/** Runs an operation, so that whatever it throws is an error for the wire. */
export async function runOperation<T>(
  catalog: Pick<Catalog, 'log'>,
  name: string,
  operation: () => T,
): Promise<Awaited<T>> {
  try {
    return await operation();
  } catch (error) {
    throw toServiceError(error, name, catalog.log);
  }
}

/** The error for an operation that the engine does not have. */
export function unknownOperation(name: string): ServiceError {
  return new ServiceError('UnknownOperationException', `The engine has no operation ${name}`);
}

/** A JSON answer. */
export function ok(body: unknown): EngineResponse {
  return { status: 200, body };
}
