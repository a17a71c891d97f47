// From init's flags and ddbcdc.json to the stack that should be. Every flag is checked here, before anything is asked of
// AWS. Pure.
import { type Config, DEFAULT_FUNCTION, DEFAULT_TABLE } from '../config.js';
import { usageError } from '../errors.js';
import { compileFilter } from '../stream/filter/index.js';
import { logGroupName, roleName } from './names.js';
import {
  parseFunctionName,
  parseKey,
  parseOnFailure,
  parseRetention,
  parseRoleArn,
  parseSeconds,
  parseTableName,
  parseTags,
} from './parse.js';
import {
  type Billing,
  type CodeBundle,
  type DesiredCompute,
  type DesiredFunction,
  type DesiredMapping,
  type DesiredRole,
  type DesiredStack,
  type DesiredTable,
  type KeyAttribute,
  type Place,
  type Setting,
  VIEW_TYPES,
  type ViewType,
} from './stack.js';
import { refuseFunctionFlags, type StackFlags } from './stack-flags.js';
import type { Tags } from './tags.js';

export const DEFAULT_KEY = 'Id:N';
export const DEFAULT_VIEW_TYPE: ViewType = 'NEW_IMAGE';

/** The part of a stack that flags and file decide; where it stands and what code it runs come from outside. */
export interface StackOptions {
  readonly name: string;
  readonly adopt: boolean;
  /** Set when an earlier run in this folder adopted the table. */
  readonly adoptedBefore?: true;
  readonly tags: Tags;
  readonly table: DesiredTable;
  readonly compute?: ComputeOptions;
}

export interface ComputeOptions {
  readonly functionName: string;
  readonly memoryMb: Setting<number>;
  readonly timeoutSeconds: Setting<number>;
  readonly mapping: DesiredMapping;
  readonly logRetentionDays: Setting<number>;
  readonly roleArn?: string;
}

/** Checks everything and fills in defaults. Throws usage errors (exit 2) that name flag, value and rule. */
export function parseStackFlags(flags: StackFlags, config: Config = {}): StackOptions {
  const name = parseTableName(flags.table ?? config.table ?? DEFAULT_TABLE);
  // What the file says of keys, stream and function is about the file's table, not about another.
  const saved = config.table === undefined || config.table === name ? config : {};
  if (flags.function === false) refuseFunctionFlags(flags);
  return {
    name,
    adopt: flags.adopt ?? false,
    ...(config.table === name && config.adopted === name ? { adoptedBefore: true } : {}),
    tags: parseTags(flags.tag ?? []),
    table: {
      keys: keySetting(flags, saved),
      viewType: viewTypeSetting(flags, saved),
      billing: billingSetting(flags),
      deletionProtection: setting(flags.deletionProtection, false),
    },
    ...(flags.function === false
      ? {}
      : {
          compute: {
            functionName: parseFunctionName(flags.function ?? saved.function ?? DEFAULT_FUNCTION),
            memoryMb: setting(flags.memory, 256),
            timeoutSeconds: secondsSetting('--timeout', flags.timeout, 60, { min: 1, max: 900 }),
            mapping: mappingSetting(flags),
            logRetentionDays: setting(
              flags.logRetention === undefined ? undefined : parseRetention(flags.logRetention),
              14,
            ),
            ...(flags.roleArn === undefined ? {} : { roleArn: parseRoleArn(flags.roleArn) }),
          },
        }),
  };
}

/** Puts the options into a place, with the code that the function runs. */
export function desiredStack(
  options: StackOptions,
  where: { readonly place: Place; readonly version: string; readonly fixedRoleArn?: string },
  bundle: CodeBundle | undefined,
): DesiredStack {
  const { compute, ...rest } = options;
  return {
    ...rest,
    version: where.version,
    place: where.place,
    ...(compute === undefined || bundle === undefined
      ? {}
      : { compute: desiredCompute(compute, where.place, where.fixedRoleArn, bundle) }),
  };
}

function desiredCompute(
  options: ComputeOptions,
  place: Place,
  fixedRoleArn: string | undefined,
  bundle: CodeBundle,
): DesiredCompute {
  const { functionName, memoryMb, timeoutSeconds, mapping, logRetentionDays } = options;
  const givenRole = options.roleArn ?? fixedRoleArn;
  const role: DesiredRole =
    givenRole === undefined
      ? { kind: 'managed', name: roleName(functionName, place.region) }
      : { kind: 'given', arn: givenRole };
  const wanted: DesiredFunction = {
    name: functionName,
    memoryMb,
    timeoutSeconds,
    // The handler needs none: what it does is in its bundle. Variables that a user adds on the function are kept.
    environment: {},
    bundle,
  };
  return {
    role,
    logGroup: { name: logGroupName(functionName), retentionDays: logRetentionDays },
    function: wanted,
    mapping,
  };
}

function keySetting(flags: StackFlags, saved: Config): Setting<readonly KeyAttribute[]> {
  const partition = parseKey('--partition-key', flags.partitionKey ?? saved.partitionKey ?? DEFAULT_KEY);
  // A partition key on the command line says the whole key: the file's sort key belongs to another partition key.
  const sortText = flags.sortKey ?? (flags.partitionKey === undefined ? saved.sortKey : undefined);
  const sort = sortText === undefined ? [] : [parseKey('--sort-key', sortText)];
  if (sort[0]?.name === partition.name) {
    throw usageError('init.badFlag', `--sort-key ${sortText}: it is the partition key already`);
  }
  return {
    value: [partition, ...sort],
    stated: [flags.partitionKey, flags.sortKey, saved.partitionKey].some((text) => text !== undefined),
  };
}

function viewTypeSetting(flags: StackFlags, saved: Config): Setting<ViewType> {
  const stated = flags.viewType ?? saved.viewType;
  const viewType = VIEW_TYPES.find((known) => known === stated);
  if (stated !== undefined && viewType === undefined) {
    throw usageError('init.badFlag', `view type ${stated}: it takes ${VIEW_TYPES.join(', ')}`);
  }
  return setting(viewType, DEFAULT_VIEW_TYPE);
}

function billingSetting({ readCapacity, writeCapacity }: StackFlags): Setting<Billing> {
  if (readCapacity === undefined && writeCapacity === undefined) {
    return { value: { mode: 'PAY_PER_REQUEST' }, stated: false };
  }
  if (readCapacity === undefined || writeCapacity === undefined) {
    throw usageError(
      'init.badFlag',
      '--read-capacity and --write-capacity go together: a table is on demand or has both',
    );
  }
  return { value: { mode: 'PROVISIONED', read: readCapacity, write: writeCapacity }, stated: true };
}

function mappingSetting(flags: StackFlags): DesiredMapping {
  if (flags.filter !== undefined) compileFilter(flags.filter);
  return {
    batchSize: setting(flags.batchSize, 100),
    batchWindowSeconds: secondsSetting('--batch-window', flags.batchWindow, 0, { min: 0, max: 300 }),
    parallelization: setting(flags.parallelization, 1),
    startingPosition: setting(flags.startingPosition, 'TRIM_HORIZON'),
    maximumRetries: setting(flags.retries, 10),
    maximumRecordAgeSeconds: secondsSetting('--max-record-age', flags.maxRecordAge, 86_400, {
      min: 60,
      max: 604_800,
      endless: true,
    }),
    bisect: setting(flags.bisect, true),
    filters: setting(flags.filter, []),
    onFailure: setting(flags.onFailure === undefined ? undefined : parseOnFailure(flags.onFailure), null),
  };
}

function setting<T>(stated: T | undefined, fallback: T): Setting<T> {
  return stated === undefined ? { value: fallback, stated: false } : { value: stated, stated: true };
}

function secondsSetting(
  flag: string,
  text: string | undefined,
  fallback: number,
  range: Parameters<typeof parseSeconds>[2],
): Setting<number> {
  return setting(text === undefined ? undefined : parseSeconds(flag, text, range), fallback);
}
