// The store that one request's dynalite action works on. It turns the action's reads and writes into changes with
// both images at hand: the old image is the text that the action itself read under the key's lock, so capturing a
// change costs no second read. Whatever the action throws in a callback fails this request, never the process.
import { Stream } from 'node:stream';
import type { AttributeMap } from '../../model/wire.js';
import type { StoredItem } from '../streams/record-text.js';
import type { ItemChange } from './apply-change.js';
import type { Catalog } from './catalog.js';
import { keys, rangeOf } from './database.js';
import type {
  DynaliteAction,
  DynaliteDb,
  DynaliteStore,
  NodeCallback,
  RangeOptions,
  RequestData,
  TableShape,
} from './dynalite.js';
import { parseItem, stringifyItem } from './item-text.js';
import type { KeyLock } from './key-lock.js';
import type { TableState } from './table-state.js';

/** DynamoDB's limit for one item, in bytes. */
export const MAX_ITEM_BYTES = 400 * 1024;
/** Values read from disk at once during a scan: small, so that writes get their turn. */
const SCAN_CHUNK = 200;

/** Takes a change and calls back when it is durable. */
export type ChangeSink = (change: ItemChange, done: (error?: unknown) => void) => void;

/** One request: its store, its locks, and the items it read. */
export class RequestStore implements DynaliteStore {
  readonly options = { maxItemSize: MAX_ITEM_BYTES };
  /** The item that was read last: the one whose condition failed, if a condition did. */
  lastRead: AttributeMap | undefined;
  readonly #held = new Set<string>();
  #fail: (error: unknown) => void = () => {};

  constructor(
    readonly catalog: Catalog,
    readonly locks: KeyLock | undefined,
    readonly sink: ChangeSink,
  ) {}

  /** Runs an action to its answer. Rejects with what the action reports or throws. */
  run(action: DynaliteAction, data: RequestData): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#fail = (error) => {
        this.#releaseAll();
        reject(error);
      };
      this.#guard(() =>
        action(this, data, (error, value) => {
          if (error) reject(error);
          else resolve(value);
        }),
      );
    });
  }

  getTable(
    name: string,
    checkStatus: boolean | NodeCallback<TableShape>,
    callback?: NodeCallback<TableShape>,
  ): void {
    const done = typeof checkStatus === 'function' ? checkStatus : callback;
    const table = this.catalog.tables.get(name);
    if (table === undefined) done?.(resourceNotFound());
    else done?.(null, table.row.description);
  }

  getItemDb(name: string): DynaliteDb {
    const table = this.catalog.tables.get(name);
    if (table === undefined) throw resourceNotFound();
    return this.#itemDb(table);
  }

  getIndexDb(indexType: string, tableName: string, indexName: string): DynaliteDb {
    const table = this.catalog.tables.get(tableName);
    if (table === undefined) throw resourceNotFound();
    const prefix = keys.index(table.row.generation, indexType, indexName);
    return {
      get: () => this.#fail(new Error('Index entries are read by range only')),
      lock: () => this.#fail(new Error('Index entries have no locks of their own')),
      // Index entries are written with their item: see applyChange.
      put: (_key, _item, callback) => callback(),
      del: (_key, callback) => callback(),
      createValueStream: (options) => this.#values(prefix, options),
    };
  }

  #itemDb(table: TableState): DynaliteDb {
    const read = new Map<string, StoredItem>();
    return {
      get: (key, callback) => {
        const text = this.catalog.commits.database.getSync(table.itemPrefix + key);
        const item = text === undefined ? undefined : parseItem(text);
        if (text !== undefined && item !== undefined) read.set(key, { item, text });
        this.lastRead = item;
        callback(null, item);
      },
      put: (key, item, callback) => {
        const after = { item, text: stringifyItem(item) };
        this.#write({ table, key, before: read.get(key), after }, callback);
      },
      del: (key, callback) => {
        this.#write({ table, key, before: read.get(key), after: undefined }, callback);
      },
      lock: (key, holder) => this.#lock(table.itemPrefix + key, holder),
      createValueStream: (options) => this.#values(table.itemPrefix, options),
    };
  }

  #write(change: ItemChange, callback: NodeCallback): void {
    this.sink(change, (error) => this.#guard(() => callback(error)));
  }

  #lock(key: string, holder: (release: (callback: NodeCallback) => NodeCallback) => void): void {
    const { locks } = this;
    if (locks === undefined) {
      this.#guard(() => holder((callback) => callback));
      return;
    }
    locks.acquire(key, () => {
      this.#held.add(key);
      this.#guard(() =>
        holder((callback) => (error, value) => {
          if (this.#held.delete(key)) locks.release(key);
          callback(error, value);
        }),
      );
    });
  }

  #releaseAll(): void {
    for (const key of this.#held) {
      this.#held.delete(key);
      this.locks?.release(key);
    }
  }

  #values(prefix: string, options: RangeOptions): NodeJS.EventEmitter {
    const values = new ValueStream();
    const range = prefixedRange(prefix, options);
    this.#pump(values, range).catch((error: unknown) => this.#fail(error));
    return values;
  }

  async #pump(values: ValueStream, range: RangeOptions): Promise<void> {
    const iterator = this.catalog.commits.database.values(range);
    try {
      while (!values.destroyed) {
        const chunk = await iterator.nextv(SCAN_CHUNK);
        if (chunk.length === 0) break;
        for (const text of chunk) {
          if (values.destroyed) break;
          values.emit('data', parseItem(text));
        }
      }
      if (!values.destroyed) values.emit('end');
    } finally {
      await iterator.close();
    }
  }

  #guard(step: () => void): void {
    try {
      step();
    } catch (error) {
      this.#fail(error);
    }
  }
}

/** The event form in which dynalite reads ranges. It must be a `Stream`, or dynalite hears each value twice. */
class ValueStream extends Stream {
  destroyed = false;

  destroy(): void {
    this.destroyed = true;
  }
}

function prefixedRange(prefix: string, options: RangeOptions): RangeOptions {
  const whole = rangeOf(prefix);
  const { gt, gte, lt, lte, reverse = false, limit = -1 } = options;
  return {
    ...(gt !== undefined ? { gt: prefix + gt } : { gte: prefix + (gte ?? '') }),
    ...(lt !== undefined
      ? { lt: prefix + lt }
      : lte !== undefined
        ? { lte: prefix + lte }
        : { lt: whole.lt }),
    reverse,
    limit,
  };
}

function resourceNotFound(): Error {
  const message = 'Requested resource not found';
  return Object.assign(new Error(message), {
    statusCode: 400,
    body: { __type: 'com.amazonaws.dynamodb.v20120810#ResourceNotFoundException', message },
  });
}
