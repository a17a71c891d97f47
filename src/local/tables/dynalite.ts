// The only module that touches dynalite: a typed facade over the CommonJS pieces that the table API is made of.
// dynalite validates requests, parses expressions and decides what an operation means. Storage is ours (see
// request-store.ts): its own store scans the whole database to list tables, writes index entries apart from items
// and throws out of callbacks.
import { createRequire } from 'node:module';
import type { AttributeMap } from '../../model/wire.js';

const require = createRequire(import.meta.url);
/** Resolves packages as dynalite sees them, so that the engine opens LevelDB with the version dynalite ships. */
const requireBesideDynalite = createRequire(require.resolve('dynalite'));

export type NodeCallback<T = unknown> = (error?: unknown, value?: T) => void;

/** An error as dynalite makes it for the wire. */
export interface DynaliteError {
  readonly statusCode: number;
  readonly body: { readonly __type: string; readonly message?: string; readonly Message?: string };
}

export interface KeySchemaElement {
  readonly AttributeName: string;
  readonly KeyType: string;
}

export interface AttributeDefinition {
  readonly AttributeName: string;
  readonly AttributeType: 'S' | 'N' | 'B';
}

export interface IndexProjection {
  readonly ProjectionType?: string;
  readonly NonKeyAttributes?: readonly string[];
}

export interface IndexDescription {
  readonly IndexName: string;
  readonly KeySchema: readonly KeySchemaElement[];
  readonly Projection: IndexProjection;
  readonly [member: string]: unknown;
}

/** The members of a table description that dynalite's actions read. */
export interface TableShape {
  readonly TableName: string;
  readonly KeySchema: readonly KeySchemaElement[];
  readonly AttributeDefinitions: readonly AttributeDefinition[];
  readonly LocalSecondaryIndexes?: readonly IndexDescription[];
  readonly GlobalSecondaryIndexes?: readonly IndexDescription[];
}

/** A parsed ConditionExpression, UpdateExpression and so on hang on the data as `_condition`, `_updates`, … */
export type RequestData = Record<string, unknown>;

export interface RangeOptions {
  readonly gt?: string;
  readonly gte?: string;
  readonly lt?: string;
  readonly lte?: string;
  readonly reverse?: boolean;
  readonly limit?: number;
}

/** What an action does with the items of a table or the entries of an index. */
export interface DynaliteDb {
  get(key: string, callback: NodeCallback<AttributeMap>): void;
  put(key: string, item: AttributeMap, callback: NodeCallback): void;
  del(key: string, callback: NodeCallback): void;
  lock(key: string, holder: (release: (callback: NodeCallback) => NodeCallback) => void): void;
  createValueStream(options: RangeOptions): NodeJS.EventEmitter;
}

/** What an action may ask of its store. */
export interface DynaliteStore {
  readonly options: { readonly maxItemSize: number };
  getTable(
    name: string,
    checkStatus: boolean | NodeCallback<TableShape>,
    callback?: NodeCallback<TableShape>,
  ): void;
  getItemDb(name: string): DynaliteDb;
  getIndexDb(indexType: string, tableName: string, indexName: string): DynaliteDb;
}

export type DynaliteAction = (store: DynaliteStore, data: RequestData, callback: NodeCallback) => void;

interface OperationValidation {
  readonly types: Readonly<Record<string, unknown>>;
  readonly custom?: (data: RequestData, store: DynaliteStore) => string | undefined;
}

interface ValidationsModule {
  checkTypes(data: unknown, types: OperationValidation['types']): RequestData;
  checkValidations(
    data: RequestData,
    types: OperationValidation['types'],
    custom: OperationValidation['custom'],
    store: DynaliteStore,
  ): void;
}

interface DbModule {
  createKey(item: AttributeMap, table: TableShape): string;
  validateItem(item: AttributeMap, table: TableShape): DynaliteError | undefined | null;
  validateKey(key: AttributeMap, table: TableShape): DynaliteError | undefined | null;
  checkConditional(data: RequestData, item: AttributeMap | undefined): DynaliteError | undefined | null;
  getIndexActions(
    indexes: readonly IndexDescription[],
    before: AttributeMap | undefined,
    after: AttributeMap | undefined,
    table: TableShape,
  ): {
    readonly puts: readonly { readonly index: string; readonly key: string; readonly item: AttributeMap }[];
    readonly deletes: readonly { readonly index: string; readonly key: string }[];
  };
}

/** The members of abstract-level's database that the engine uses; keys and values are text. */
export interface LevelDatabase {
  open(): Promise<void>;
  close(): Promise<void>;
  getSync(key: string): string | undefined;
  batch(operations: readonly LevelOperation[]): Promise<void>;
  clear(range: RangeOptions): Promise<void>;
  iterator(range: RangeOptions & { readonly highWaterMarkBytes?: number }): LevelIterator<[string, string]>;
  keys(range: RangeOptions): LevelIterator<string>;
  values(range: RangeOptions & { readonly highWaterMarkBytes?: number }): LevelIterator<string>;
}

export interface LevelIterator<T> {
  nextv(size: number): Promise<T[]>;
  close(): Promise<void>;
}

export type LevelOperation =
  | { readonly type: 'put'; readonly key: string; readonly value: string }
  | { readonly type: 'del'; readonly key: string };

interface LevelModule {
  readonly Level: new (
    path: string,
    options: { keyEncoding: 'utf8'; valueEncoding: 'utf8' },
  ) => LevelDatabase;
}

// `require` returns untyped modules: the shapes above are what these files of dynalite 4 export.
const validations = require('dynalite/validations/index.js') as ValidationsModule;

/** dynalite's helpers for keys, conditions and indexes. */
export const dynaliteDb = require('dynalite/db/index.js') as DbModule;

/** The constructor of the LevelDB binding that dynalite depends on. */
export const { Level } = requireBesideDynalite('level') as LevelModule;

export type DynaliteActionName =
  | 'batchGetItem'
  | 'batchWriteItem'
  | 'deleteItem'
  | 'getItem'
  | 'putItem'
  | 'query'
  | 'scan'
  | 'updateItem';

export type DynaliteValidationName = DynaliteActionName | 'createTable' | 'listTables' | 'updateTable';

/** Loads one action of dynalite. */
export function loadAction(name: DynaliteActionName): DynaliteAction {
  return require(`dynalite/actions/${name}.js`) as DynaliteAction;
}

/**
 * Checks a request body against an operation's shape, constraints and expressions, and returns the cleaned data.
 * Unknown members are dropped; parsed expressions are attached. Throws dynalite's error.
 */
export function validateRequest(
  name: DynaliteValidationName,
  body: unknown,
  store: DynaliteStore,
): RequestData {
  const { types, custom } = require(`dynalite/validations/${name}.js`) as OperationValidation;
  const data = validations.checkTypes(body, types);
  validations.checkValidations(data, types, custom, store);
  return data;
}

/** True for an error that dynalite made for the wire. */
export function isDynaliteError(error: unknown): error is DynaliteError {
  return error instanceof Error && 'statusCode' in error && 'body' in error;
}
