// The entries of a transaction, validated by dynalite as the single operations that they are.
import type { AttributeMap } from '../../model/wire.js';
import { ServiceError } from '../service.js';
import type { Catalog } from './catalog.js';
import { validationStore } from './create-table.js';
import { type DynaliteActionName, dynaliteDb, type RequestData, validateRequest } from './dynalite.js';
import type { RequestBody } from './item-operations.js';

/** DynamoDB's limit for one transaction. */
const MAX_ENTRIES = 100;

const WRITE_ACTIONS = {
  ConditionCheck: 'deleteItem',
  Delete: 'deleteItem',
  Put: 'putItem',
  Update: 'updateItem',
} as const satisfies Record<string, DynaliteActionName>;

const READ_ACTIONS = { Get: 'getItem' } as const satisfies Record<string, DynaliteActionName>;

/** One entry of a transaction. */
export interface TransactionEntry {
  readonly kind: keyof typeof WRITE_ACTIONS | keyof typeof READ_ACTIONS;
  readonly action: DynaliteActionName;
  readonly data: RequestData;
  /** The item's key in the database: what is locked. */
  readonly lockKey: string;
  /** True when a failed condition answers with the item as it is. */
  readonly returnsOld: boolean;
}

/** Reads the entries of TransactWriteItems. Throws the AWS error for the first entry that is wrong. */
export function readWriteEntries(catalog: Catalog, body: RequestBody): readonly TransactionEntry[] {
  return readEntries(catalog, body, WRITE_ACTIONS);
}

/** Reads the entries of TransactGetItems. */
export function readGetEntries(catalog: Catalog, body: RequestBody): readonly TransactionEntry[] {
  return readEntries(catalog, body, READ_ACTIONS);
}

function readEntries<K extends TransactionEntry['kind']>(
  catalog: Catalog,
  body: RequestBody,
  actions: Readonly<Record<K, DynaliteActionName>>,
): readonly TransactionEntry[] {
  const items = body.TransactItems;
  if (!Array.isArray(items) || items.length === 0 || items.length > MAX_ENTRIES) {
    const rule = `Member must have length ${Array.isArray(items) && items.length > 0 ? 'less' : 'greater'} than or equal to`;
    throw invalid(
      `1 validation error detected: Value at 'transactItems' failed to satisfy constraint: ${rule} ${Array.isArray(items) && items.length > 0 ? MAX_ENTRIES : 1}`,
    );
  }
  const entries = (items as readonly unknown[]).map((item) => readEntry(catalog, item, actions));
  if (new Set(entries.map((entry) => entry.lockKey)).size < entries.length) {
    throw invalid('Transaction request cannot include multiple operations on one item');
  }
  return entries;
}

function readEntry<K extends TransactionEntry['kind']>(
  catalog: Catalog,
  item: unknown,
  actions: Readonly<Record<K, DynaliteActionName>>,
): TransactionEntry {
  const members = Object.entries(typeof item === 'object' && item !== null ? item : {});
  const [member, more] = members.filter(([, value]) => value !== null && value !== undefined);
  const kinds = Object.keys(actions) as K[];
  const kind = kinds.find((name) => name === member?.[0]);
  const request: unknown = member?.[1];
  if (kind === undefined || more !== undefined || typeof request !== 'object' || request === null) {
    throw invalid(`TransactItems can only contain one of ${kinds.join(', ')}`);
  }
  const { ReturnValuesOnConditionCheckFailure: returns, ...rest } = request as RequestBody;
  if (kind === 'ConditionCheck' && typeof rest.ConditionExpression !== 'string') {
    throw invalid(
      "1 validation error detected: Value null at 'transactItems.1.member.conditionCheck.conditionExpression' failed to satisfy constraint: Member must not be null",
    );
  }
  const action = actions[kind];
  const data = validateRequest(action, rest, validationStore(catalog));
  return { kind, action, data, lockKey: lockKey(catalog, data), returnsOld: returns === 'ALL_OLD' };
}

function lockKey(catalog: Catalog, data: RequestData): string {
  const table = catalog.tables.get(String(data.TableName));
  if (table === undefined)
    throw new ServiceError('ResourceNotFoundException', 'Requested resource not found');
  const { description } = table.row;
  // dynalite's validation has checked that the one member which the operation needs is a map of attribute values.
  const item = (data.Item ?? data.Key) as AttributeMap;
  const wrong =
    data.Item === undefined
      ? dynaliteDb.validateKey(item, description)
      : dynaliteDb.validateItem(item, description);
  if (wrong) throw wrong;
  return table.itemPrefix + dynaliteDb.createKey(item, description);
}

function invalid(message: string): ServiceError {
  return new ServiceError('ValidationException', message);
}
