import { ServiceError } from '../service.js';
import { tableNameOf } from './catalog.js';
import type { RequestBody } from './item-operations.js';

/** Reads and checks `TableName`, which may be a table's ARN. Throws ValidationException. */
export function readTableName(body: RequestBody): string {
  const value = body.TableName;
  if (value === undefined || value === null) {
    throw new ServiceError(
      'ValidationException',
      "The parameter 'TableName' is required but was not present in the request",
    );
  }
  if (typeof value !== 'string') {
    throw new ServiceError('SerializationException', 'Unexpected token received from parser');
  }
  const name = tableNameOf(value);
  if (name.length < 3 || name.length > 255) {
    throw new ServiceError(
      'ValidationException',
      'TableName must be at least 3 characters long and at most 255 characters long',
    );
  }
  if (!/^[a-zA-Z0-9_.-]+$/.test(name)) {
    throw new ServiceError(
      'ValidationException',
      `1 validation error detected: Value '${name}' at 'tableName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+`,
    );
  }
  return name;
}
