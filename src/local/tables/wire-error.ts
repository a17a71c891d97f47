import { ServiceError } from '../service.js';
import { isDynaliteError } from './dynalite.js';

/**
 * Turns what an operation threw into the error that goes to the client: AWS errors as they are, anything else into
 * InternalServerError, with a line for the engine's log.
 */
export function toServiceError(
  error: unknown,
  operation: string,
  log: (line: string) => void,
  members: Readonly<Record<string, unknown>> = {},
): ServiceError {
  if (error instanceof ServiceError) return error;
  if (isDynaliteError(error)) {
    const { __type, message, Message } = error.body;
    const type = __type.slice(__type.indexOf('#') + 1);
    return new ServiceError(type, message ?? Message ?? '', error.statusCode, members);
  }
  log(`${operation} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  return new ServiceError(
    'InternalServerError',
    'The request processing has failed because of an unknown error',
    500,
  );
}
