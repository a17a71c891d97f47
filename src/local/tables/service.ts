import { type EngineService, ServiceError } from '../service.js';
import { describeContinuousBackups, describeLimits } from './account-answers.js';
import { type Catalog, requireTable } from './catalog.js';
import { createTable } from './create-table.js';
import { deleteTable } from './delete-table.js';
import { describeTable } from './describe-table.js';
import { isItemOperation, type RequestBody, runItemOperation } from './item-operations.js';
import { parseSafely } from './item-text.js';
import { listTables } from './list-tables.js';
import { readTableName } from './read-table-name.js';
import { ok, parseBody, runOperation, unknownOperation } from './rpc.js';
import { listTagsOfResource, tagResource, untagResource } from './tags.js';
import { describeTimeToLive, updateTimeToLive } from './time-to-live.js';
import { updateTable } from './update-table.js';

type Operation = (catalog: Catalog, body: RequestBody) => unknown;

const TABLE_OPERATIONS: Readonly<Record<string, Operation>> = {
  CreateTable: createTable,
  DeleteTable: deleteTable,
  DescribeContinuousBackups: describeContinuousBackups,
  DescribeLimits: describeLimits,
  DescribeTable: (catalog, body) => ({ Table: describeTable(requireTable(catalog, readTableName(body))) }),
  DescribeTimeToLive: describeTimeToLive,
  ListTables: listTables,
  ListTagsOfResource: listTagsOfResource,
  TagResource: tagResource,
  UntagResource: untagResource,
  UpdateTable: updateTable,
  UpdateTimeToLive: updateTimeToLive,
};

const PARTIQL_OPERATIONS = ['BatchExecuteStatement', 'ExecuteStatement', 'ExecuteTransaction'];

/** Makes the DynamoDB table API. */
export function tableService(catalog: Catalog): EngineService {
  return {
    async handle(request) {
      const name = request.operation ?? '';
      if (isItemOperation(name)) {
        return runItemOperation(catalog, name, parseBody(request, parseSafely));
      }
      if (PARTIQL_OPERATIONS.includes(name)) throw noPartiQl(name);
      const operation = Object.hasOwn(TABLE_OPERATIONS, name) ? TABLE_OPERATIONS[name] : undefined;
      if (operation === undefined) throw unknownOperation(name);
      const body = parseBody(request);
      return ok(await runOperation(catalog, name, () => operation(catalog, body)));
    },
    close: () => catalog.commits.idle(),
  };
}

function noPartiQl(name: string): ServiceError {
  return new ServiceError(
    'ValidationException',
    `The embedded engine does not run PartiQL (${name}): use GetItem, Query, Scan or the write operations`,
  );
}
