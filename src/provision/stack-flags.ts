// The flags of init that describe a stack.
import { usageError } from '../errors.js';
import type { StartingPosition, ViewType } from './stack.js';

/** What `init` takes, as commander leaves it. Absent fields were not given. */
export interface StackFlags {
  readonly table?: string;
  readonly partitionKey?: string;
  readonly sortKey?: string;
  readonly viewType?: ViewType;
  /** False with `--no-function`. */
  readonly function?: string | false;
  readonly memory?: number;
  readonly timeout?: string;
  readonly batchSize?: number;
  readonly batchWindow?: string;
  readonly parallelization?: number;
  readonly startingPosition?: StartingPosition;
  readonly retries?: number;
  readonly maxRecordAge?: string;
  readonly bisect?: boolean;
  readonly filter?: readonly string[];
  readonly onFailure?: string;
  readonly logRetention?: number;
  readonly roleArn?: string;
  readonly readCapacity?: number;
  readonly writeCapacity?: number;
  readonly deletionProtection?: boolean;
  readonly tag?: readonly string[];
  readonly model?: string;
  readonly handler?: string;
  readonly adopt?: boolean;
}

/** Flags that say something of the function, which `--no-function` contradicts. */
const FUNCTION_FLAGS = {
  memory: '--memory',
  timeout: '--timeout',
  batchSize: '--batch-size',
  batchWindow: '--batch-window',
  parallelization: '--parallelization',
  startingPosition: '--starting-position',
  retries: '--retries',
  maxRecordAge: '--max-record-age',
  bisect: '--bisect',
  filter: '--filter',
  onFailure: '--on-failure',
  logRetention: '--log-retention',
  roleArn: '--role-arn',
  handler: '--handler',
} as const satisfies Partial<Record<keyof StackFlags, string>>;

/** Throws a usage error that names the flags which say something of a function, for a stack without one. */
export function refuseFunctionFlags(flags: StackFlags): void {
  const names = Object.entries(FUNCTION_FLAGS)
    .filter(([field]) => flags[field as keyof StackFlags] !== undefined)
    .map(([, name]) => name);
  if (names.length > 0) {
    throw usageError(
      'init.badFlag',
      `${names.join(', ')}: these are about a function, and --no-function makes none`,
    );
  }
}
