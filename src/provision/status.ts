// The state of a stack, and what is wrong with it. Reads only.
import type { EngineStatus } from '../local/daemon/status.js';
import { findFunctionOfStream } from './find.js';
import { inspectStack } from './inspect.js';
import { logGroupName } from './names.js';
import { findProblems, type Problem, type Remedies } from './plan/problems.js';
import { type RecentError, readRecentErrors } from './recent-errors.js';
import type { ResourceContext } from './resources/context.js';
import { listMappings } from './resources/mapping.js';
import type { ActualFunction, ActualMapping, ActualTable } from './stack.js';
import { readStream, type StreamStatus } from './stream-status.js';
import { stackOf } from './tags.js';

/** How a table came to this stack. */
export type Ownership = 'made' | 'adopted' | 'foreign';

export interface StackStatus {
  readonly stack: string;
  readonly engine?: EngineStatus;
  readonly table?: ActualTable & { readonly ownership: Ownership };
  readonly stream?: StreamStatus;
  readonly function?: ActualFunction & {
    /** Against what `init` would deploy from here. */
    readonly bundle: 'same' | 'differs' | 'unknown';
  };
  /** All mappings of the function from this table, those on dead streams too. */
  readonly mappings: readonly ActualMapping[];
  /** Every mapping on the stream reads each of its shards; a tail is one reader more, and two are allowed. */
  readonly readersPerShard: number;
  readonly recentErrors: readonly RecentError[];
  readonly problems: readonly Problem[];
}

export interface StatusOptions {
  readonly stack: string;
  /** Known from flag or ddbcdc.json: then its absence is a problem. */
  readonly functionName?: string;
  /** What to look at when nothing is known and nothing reads the stream. */
  readonly fallbackFunction: string;
  readonly functionsServed: boolean;
  /** True when ddbcdc.json says that `init` adopted the table. */
  readonly adopted?: boolean;
  /** Hash of the local bundle, or undefined when it could not be made. */
  readonly localCodeSha256?: string;
  readonly engine?: EngineStatus;
  /** What mends a problem, where that takes more than the plain commands. */
  readonly remedies?: Remedies;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Reads everything; a part that is not there is absent, and a problem where it should be. */
export async function readStatus(context: ResourceContext, options: StatusOptions): Promise<StackStatus> {
  const { stack } = options;
  const functionName = options.functionsServed
    ? (options.functionName ?? (await findFunctionOfStream(context, stack)) ?? options.fallbackFunction)
    : undefined;
  const actual = await inspectStack(context, {
    table: stack,
    ...(functionName === undefined ? {} : { function: functionName }),
  });
  const { table } = actual;
  // A function found by its default name alone is this stack's only if its tag says so.
  const isOurs =
    actual.function !== undefined &&
    (options.functionName !== undefined ||
      stackOf(actual.function.tags) === stack ||
      actual.mappings.some(({ streamArn }) => streamArn === table?.streamArn));
  const found = isOurs ? actual.function : undefined;
  const [stream, recentErrors, reading] = await Promise.all([
    table?.streamArn === undefined ? undefined : readStream(context, table.streamArn, options.now),
    found === undefined ? [] : readRecentErrors(context, logGroupName(found.name), options.now),
    // Of all functions: what matters is who else reads.
    table?.streamArn === undefined || !options.functionsServed
      ? []
      : listMappings(context, { streamArn: table.streamArn }),
  ]);
  const status = {
    stack,
    ...(options.engine === undefined ? {} : { engine: options.engine }),
    ...(table === undefined ? {} : { table: { ...table, ownership: ownership(table, found, options) } }),
    ...(stream === undefined ? {} : { stream }),
    ...(found === undefined
      ? {}
      : { function: { ...found, bundle: compareBundle(found, options.localCodeSha256) } }),
    mappings: isOurs ? actual.mappings : [],
    readersPerShard: reading.filter(({ state }) => state !== 'Disabled').length,
    recentErrors,
  };
  return { ...status, problems: findProblems(status, options.functionName, options.remedies) };
}

function ownership(
  table: ActualTable,
  found: ActualFunction | undefined,
  { stack, adopted }: StatusOptions,
): Ownership {
  if (stackOf(table.tags) === stack) return 'made';
  if (adopted === true) return 'adopted';
  return found !== undefined && stackOf(found.tags) === stack ? 'adopted' : 'foreign';
}

function compareBundle(found: ActualFunction, local: string | undefined): 'same' | 'differs' | 'unknown' {
  if (local === undefined) return 'unknown';
  return found.codeSha256 === local ? 'same' : 'differs';
}

/** What can be said of a stack on an engine that is stopped: that it is, and that its data is on disk. */
export function stoppedStatus(stack: string, engine: EngineStatus): StackStatus {
  const status = { stack, engine, mappings: [], readersPerShard: 0, recentErrors: [] };
  return { ...status, problems: findProblems(status, undefined) };
}
