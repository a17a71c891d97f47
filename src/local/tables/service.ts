import { type EngineRequest, type EngineResponse, type EngineService, ServiceError } from '../service.js';
import { type Catalog, requireTable } from './catalog.js';
import { createTable } from './create-table.js';
import { deleteTable } from './delete-table.js';
import { describeTable } from './describe-table.js';
import { ITEM_OPERATIONS, type RequestBody, runItemOperation } from './item-operations.js';
import { KeyLock } from './key-lock.js';
import { listTables } from './list-tables.js';
import { readTableName } from './read-table-name.js';
import { listTagsOfResource, tagResource, untagResource } from './tags.js';
import { updateTable } from './update-table.js';
import { toServiceError } from './wire-error.js';

type Operation = (catalog: Catalog, body: RequestBody) => unknown;

const TABLE_OPERATIONS: Readonly<Record<string, Operation>> = {
  CreateTable: createTable,
  DeleteTable: deleteTable,
  DescribeTable: (catalog, body) => ({ Table: describeTable(requireTable(catalog, readTableName(body))) }),
  ListTables: listTables,
  ListTagsOfResource: listTagsOfResource,
  TagResource: tagResource,
  UntagResource: untagResource,
  UpdateTable: updateTable,
};

/** Makes the DynamoDB table API. */
export function tableService(catalog: Catalog): EngineService {
  const locks = new KeyLock();
  return {
    async handle(request) {
      const name = request.operation ?? '';
      const body = parseBody(request);
      const action = Object.hasOwn(ITEM_OPERATIONS, name) ? ITEM_OPERATIONS[name] : undefined;
      if (action !== undefined) return ok(await runItemOperation(catalog, locks, action, body));
      const operation = Object.hasOwn(TABLE_OPERATIONS, name) ? TABLE_OPERATIONS[name] : undefined;
      if (operation === undefined) throw unknownOperation(name);
      return ok(await runOperation(catalog, name, () => operation(catalog, body)));
    },
    close: () => catalog.commits.idle(),
  };
}

/** Runs an operation, so that whatever it throws is an error for the wire. */
export async function runOperation(
  catalog: Pick<Catalog, 'log'>,
  name: string,
  operation: () => unknown,
): Promise<unknown> {
  try {
    return await operation();
  } catch (error) {
    throw toServiceError(error, name, catalog.log);
  }
}

/** Parses a JSON-RPC body. Throws SerializationException. */
export function parseBody(request: EngineRequest): RequestBody {
  let body: unknown;
  try {
    body = JSON.parse(
      Buffer.from(request.body.buffer, request.body.byteOffset, request.body.length).toString(),
    );
  } catch {
    throw new ServiceError('SerializationException', 'The request body is not valid JSON');
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new ServiceError('SerializationException', 'The request body is not a JSON object');
  }
  return body as RequestBody;
}

/** The error for an operation that the engine does not have. */
export function unknownOperation(name: string): ServiceError {
  return new ServiceError('UnknownOperationException', `The engine has no operation ${name}`);
}

/** A JSON answer. */
export function ok(body: unknown): EngineResponse {
  return { status: 200, body };
}
