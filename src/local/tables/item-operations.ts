// GetItem, PutItem, UpdateItem, DeleteItem, Query, Scan and the batch operations: dynalite's own actions on a store
// that captures changes. Transactions use the same actions: see transact-write.ts.
import type { EngineResponse } from '../service.js';
import { applyChange, isNoChange } from './apply-change.js';
import { type Catalog, requireLive, tableNameOf } from './catalog.js';
import { type DynaliteActionName, loadAction, validateRequest } from './dynalite.js';
import { stringifySafely } from './item-text.js';
import { type ChangeSink, RequestStore } from './request-store.js';
import { transactGetItems } from './transact-get.js';
import { transactWriteItems } from './transact-write.js';
import { toServiceError } from './wire-error.js';

/** A request body after JSON.parse. */
export type RequestBody = Readonly<Record<string, unknown>>;

const ACTIONS: Readonly<Record<string, DynaliteActionName>> = {
  BatchGetItem: 'batchGetItem',
  BatchWriteItem: 'batchWriteItem',
  DeleteItem: 'deleteItem',
  GetItem: 'getItem',
  PutItem: 'putItem',
  Query: 'query',
  Scan: 'scan',
  UpdateItem: 'updateItem',
};

const TRANSACTIONS = { TransactGetItems: transactGetItems, TransactWriteItems: transactWriteItems } as const;

/** Tells whether an operation reads or writes items. */
export function isItemOperation(name: string): boolean {
  return Object.hasOwn(ACTIONS, name) || isTransaction(name);
}

/** Validates and runs one item operation. The answer is JSON text. Throws ServiceError. */
export async function runItemOperation(
  catalog: Catalog,
  name: string,
  body: RequestBody,
): Promise<EngineResponse> {
  try {
    const answer = isTransaction(name)
      ? await TRANSACTIONS[name](catalog, body)
      : await runAction(catalog, ACTIONS[name], body);
    return {
      status: 200,
      headers: { 'content-type': 'application/x-amz-json-1.0' },
      body: stringifySafely(answer),
    };
  } catch (error) {
    throw toServiceError(error, name, catalog.log);
  }
}

function isTransaction(name: string): name is keyof typeof TRANSACTIONS {
  return Object.hasOwn(TRANSACTIONS, name);
}

async function runAction(
  catalog: Catalog,
  action: DynaliteActionName | undefined,
  body: RequestBody,
): Promise<unknown> {
  if (action === undefined) throw new Error('Not an item operation');
  const returnsOld = body.ReturnValuesOnConditionCheckFailure === 'ALL_OLD';
  const store = new RequestStore(catalog, catalog.locks, committingSink(catalog));
  try {
    return await store.run(loadAction(action), validateRequest(action, withTableName(body), store));
  } catch (error) {
    const item = returnsOld ? store.lastRead : undefined;
    throw toServiceError(error, action, catalog.log, item === undefined ? {} : { Item: item });
  }
}

/** Returns the sink that commits each change as soon as the disk takes it; a change of nothing is done at once. */
function committingSink(catalog: Catalog): ChangeSink {
  return (change, done) => {
    if (isNoChange(change)) {
      done();
      return;
    }
    catalog.commits.enqueue((batch) => {
      requireLive(change.table);
      applyChange(batch, catalog.streamLog, change);
    }, done);
  };
}

/** dynalite knows tables by name only; AWS takes an ARN as well. */
function withTableName(body: RequestBody): RequestBody {
  const { TableName: given } = body;
  return typeof given === 'string' && given.startsWith('arn:')
    ? { ...body, TableName: tableNameOf(given) }
    : body;
}
