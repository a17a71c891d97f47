// GetItem, PutItem, UpdateItem, DeleteItem, Query, Scan and the two batch operations: dynalite's own actions on a
// store that captures changes.
import { applyChange, isNoChange, requireLive } from './apply-change.js';
import type { Catalog } from './catalog.js';
import { type DynaliteActionName, loadAction, validateRequest } from './dynalite.js';
import type { KeyLock } from './key-lock.js';
import { type ChangeSink, RequestStore } from './request-store.js';
import { toServiceError } from './wire-error.js';

/** A request body after JSON.parse. */
export type RequestBody = Readonly<Record<string, unknown>>;

/** Operations that dynalite carries out as they are. */
export const ITEM_OPERATIONS: Readonly<Record<string, DynaliteActionName>> = {
  BatchGetItem: 'batchGetItem',
  BatchWriteItem: 'batchWriteItem',
  DeleteItem: 'deleteItem',
  GetItem: 'getItem',
  PutItem: 'putItem',
  Query: 'query',
  Scan: 'scan',
  UpdateItem: 'updateItem',
};

/** Returns the sink that commits each change as soon as the disk takes it; a change of nothing is done at once. */
export function committingSink(catalog: Catalog): ChangeSink {
  return (change, done) => {
    if (isNoChange(change)) {
      done();
      return;
    }
    catalog.commits.enqueue((batch) => {
      requireLive(change);
      applyChange(batch, catalog.streamLog, change);
    }, done);
  };
}

/** Validates and runs one item operation. */
export async function runItemOperation(
  catalog: Catalog,
  locks: KeyLock,
  action: DynaliteActionName,
  body: RequestBody,
): Promise<unknown> {
  const returnsOld = body.ReturnValuesOnConditionCheckFailure === 'ALL_OLD';
  const store = new RequestStore(catalog, locks, committingSink(catalog));
  try {
    return await store.run(loadAction(action), validateRequest(action, body, store));
  } catch (error) {
    const item = returnsOld ? store.lastRead : undefined;
    throw toServiceError(error, action, catalog.log, item === undefined ? {} : { Item: item });
  }
}
