import { hash } from 'node:crypto';
import { ServiceError } from '../service.js';
import { applyChange, type ItemChange, isNoChange } from './apply-change.js';
import { type Catalog, requireLive } from './catalog.js';
import { keys, rangeOf, readEntries } from './database.js';
import { isDynaliteError, loadAction } from './dynalite.js';
import type { RequestBody } from './item-operations.js';
import { RequestStore } from './request-store.js';
import { readWriteEntries, type TransactionEntry } from './transaction-items.js';

/** A client token makes a repeated transaction a no-op for this time. */
const TOKEN_LIFE_MS = 10 * 60 * 1000;

interface CancellationReason {
  readonly Code: string;
  readonly Message?: string;
  readonly Item?: unknown;
}

interface StoredToken {
  readonly at: number;
  readonly request: string;
}

/**
 * TransactWriteItems: all items are locked, every entry is evaluated against what is there, and either all changes
 * go into one batch or TransactionCanceledException names the reason of each entry.
 */
export async function transactWriteItems(catalog: Catalog, body: RequestBody): Promise<unknown> {
  const request = hash('md5', JSON.stringify(body.TransactItems ?? null), 'hex');
  const token = typeof body.ClientRequestToken === 'string' ? body.ClientRequestToken : undefined;
  if (isRepeated(catalog, token, request)) return {};
  const entries = readWriteEntries(catalog, body);
  const lockKeys = entries.map((entry) => entry.lockKey);
  await catalog.locks.acquireAll(lockKeys);
  try {
    // Again under the locks: the same request may have been under way.
    if (isRepeated(catalog, token, request)) return {};
    const changes = await evaluate(catalog, entries);
    await catalog.commits.commit((batch) => {
      for (const change of changes) requireLive(change.table);
      for (const change of changes) applyChange(batch, catalog.streamLog, change);
      if (token !== undefined) {
        const stored: StoredToken = { at: catalog.now(), request };
        batch.put(keys.token(token), JSON.stringify(stored));
      }
    });
    return {};
  } finally {
    for (const key of lockKeys) catalog.locks.release(key);
  }
}

/** Removes client tokens that are too old to matter. */
export async function dropOldTokens(catalog: Catalog): Promise<void> {
  const stored = await readEntries(catalog.commits.database, rangeOf('k!'));
  const old = stored.filter(([, text]) => catalog.now() - parseToken(text).at > TOKEN_LIFE_MS);
  if (old.length === 0) return;
  await catalog.commits.commit((batch) => {
    for (const [key] of old) batch.del(key);
  });
}

function isRepeated(catalog: Catalog, token: string | undefined, request: string): boolean {
  const text = token === undefined ? undefined : catalog.commits.database.getSync(keys.token(token));
  if (text === undefined) return false;
  const stored = parseToken(text);
  if (catalog.now() - stored.at > TOKEN_LIFE_MS) return false;
  if (stored.request === request) return true;
  throw new ServiceError(
    'IdempotentParameterMismatchException',
    'The client token was used before with other parameters',
  );
}

/** The text is what transactWriteItems stored. */
function parseToken(text: string): StoredToken {
  return JSON.parse(text) as StoredToken;
}

async function evaluate(
  catalog: Catalog,
  entries: readonly TransactionEntry[],
): Promise<readonly ItemChange[]> {
  const changes: ItemChange[] = [];
  const reasons: CancellationReason[] = [];
  for (const entry of entries) {
    const store = new RequestStore(catalog, undefined, (change, done) => {
      if (entry.kind !== 'ConditionCheck' && !isNoChange(change)) changes.push(change);
      done();
    });
    try {
      await store.run(loadAction(entry.action), entry.data);
      reasons.push({ Code: 'None' });
    } catch (error) {
      reasons.push(cancellationReason(error, entry, store));
    }
  }
  if (reasons.every((reason) => reason.Code === 'None')) return changes;
  const codes = reasons.map((reason) => reason.Code).join(', ');
  throw new ServiceError(
    'TransactionCanceledException',
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
    400,
    { CancellationReasons: reasons },
  );
}

function cancellationReason(
  error: unknown,
  entry: TransactionEntry,
  store: RequestStore,
): CancellationReason {
  if (!isDynaliteError(error)) throw error;
  const { __type, message } = error.body;
  const failed = __type.endsWith('#ConditionalCheckFailedException');
  return {
    Code: failed ? 'ConditionalCheckFailed' : 'ValidationError',
    ...(message === undefined ? {} : { Message: message }),
    ...(failed && entry.returnsOld && store.lastRead !== undefined ? { Item: store.lastRead } : {}),
  };
}
