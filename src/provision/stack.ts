// The vocabulary of provisioning: what a stack should be (desired) and what there is (actual). Plain data, no AWS types.
import type { PolicyDocument } from './policy.js';
import type { Tags } from './tags.js';

export const VIEW_TYPES = ['KEYS_ONLY', 'NEW_IMAGE', 'OLD_IMAGE', 'NEW_AND_OLD_IMAGES'] as const;
export type ViewType = (typeof VIEW_TYPES)[number];

export const STARTING_POSITIONS = ['TRIM_HORIZON', 'LATEST'] as const;
export type StartingPosition = (typeof STARTING_POSITIONS)[number];

export const RESOURCE_KINDS = ['table', 'role', 'policy', 'log-group', 'function', 'mapping'] as const;
export type ResourceKind = (typeof RESOURCE_KINDS)[number];

/**
 * A value with whether the user stated it. What was not stated is a default for creation only: an existing resource
 * keeps its own value, so that `init` without flags never undoes an earlier `init --memory 512`.
 */
export interface Setting<T> {
  readonly value: T;
  readonly stated: boolean;
}

export interface KeyAttribute {
  readonly name: string;
  readonly type: 'S' | 'N' | 'B';
}

export type Billing =
  | { readonly mode: 'PAY_PER_REQUEST' }
  | { readonly mode: 'PROVISIONED'; readonly read: number; readonly write: number };

export interface DesiredTable {
  /** Partition key first, then the sort key if there is one. */
  readonly keys: Setting<readonly KeyAttribute[]>;
  readonly viewType: Setting<ViewType>;
  readonly billing: Setting<Billing>;
  readonly deletionProtection: Setting<boolean>;
}

/** The bundled handler, as `lambda/bundle` makes it. */
export interface CodeBundle {
  readonly zip: Uint8Array;
  readonly codeBytes: number;
  readonly zipBytes: number;
  /** SHA-256 of the zip in base64, as Lambda reports it. */
  readonly codeSha256: string;
  readonly handler: string;
  readonly runtime: string;
}

export interface DesiredFunction {
  readonly name: string;
  readonly memoryMb: Setting<number>;
  readonly timeoutSeconds: Setting<number>;
  readonly environment: Readonly<Record<string, string>>;
  readonly bundle: CodeBundle;
}

export interface DesiredMapping {
  readonly batchSize: Setting<number>;
  /** 0 to 300 seconds. */
  readonly batchWindowSeconds: Setting<number>;
  readonly parallelization: Setting<number>;
  readonly startingPosition: Setting<StartingPosition>;
  /** -1 is without end. */
  readonly maximumRetries: Setting<number>;
  /** 60 to 604,800 seconds; -1 is without end. */
  readonly maximumRecordAgeSeconds: Setting<number>;
  readonly bisect: Setting<boolean>;
  /** Patterns in Lambda's event-filter syntax; any of them lets a record through. */
  readonly filters: Setting<readonly string[]>;
  /** ARN of a queue, topic or bucket. */
  readonly onFailure: Setting<string | null>;
}

export type DesiredRole =
  | { readonly kind: 'managed'; readonly name: string }
  | { readonly kind: 'given'; readonly arn: string };

export interface DesiredCompute {
  readonly role: DesiredRole;
  readonly logGroup: { readonly name: string; readonly retentionDays: Setting<number> };
  readonly function: DesiredFunction;
  readonly mapping: DesiredMapping;
}

export interface DesiredStack {
  /** The table's name, which is the stack's name too. */
  readonly name: string;
  readonly version: string;
  readonly place: Place;
  /** Use a table that ddbcdc did not make, as it is. */
  readonly adopt: boolean;
  /** Set when an earlier run in this folder adopted the table. */
  readonly adoptedBefore?: true;
  /** The user's own tags; ddbcdc's come on top. */
  readonly tags: Tags;
  readonly table: DesiredTable;
  /** Absent with `--no-function`. */
  readonly compute?: DesiredCompute;
}

/** Where a stack is: what ARNs are made of. */
export interface Place {
  /** `aws`, `aws-cn`, `aws-us-gov` … */
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
}

export interface ActualTable {
  readonly name: string;
  readonly arn: string;
  readonly status: string;
  readonly keys: readonly KeyAttribute[];
  /** Only while the stream is enabled. */
  readonly viewType?: ViewType;
  readonly streamArn?: string;
  readonly billing: Billing;
  readonly deletionProtection: boolean;
  readonly itemCount: number;
  readonly tags: Tags;
}

export interface ActualRole {
  readonly name: string;
  readonly arn: string;
  readonly trust: PolicyDocument;
  /** The inline policy that ddbcdc put there. */
  readonly policy?: PolicyDocument;
  readonly tags: Tags;
}

export interface ActualLogGroup {
  readonly name: string;
  readonly retentionDays?: number;
  readonly tags: Tags;
}

export interface ActualFunction {
  readonly name: string;
  readonly arn: string;
  readonly state: string;
  readonly stateReason?: string;
  readonly lastUpdateStatus?: string;
  readonly lastUpdateReason?: string;
  readonly architecture: string;
  readonly runtime: string;
  readonly handler: string;
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  readonly roleArn: string;
  readonly codeSha256: string;
  readonly codeBytes: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly tags: Tags;
}

export interface ActualMapping {
  readonly uuid: string;
  readonly functionArn: string;
  readonly streamArn: string;
  readonly state: string;
  readonly lastResult?: string;
  readonly batchSize: number;
  readonly batchWindowSeconds: number;
  readonly parallelization: number;
  readonly startingPosition: string;
  readonly maximumRetries: number;
  readonly maximumRecordAgeSeconds: number;
  readonly bisect: boolean;
  readonly partialResponses: boolean;
  readonly filters: readonly string[];
  readonly onFailure: string | null;
  /** Absent where the server has no tags on mappings: then the function's tag decides. */
  readonly tags?: Tags;
}

export interface ActualStack {
  readonly table?: ActualTable;
  readonly role?: ActualRole;
  readonly logGroup?: ActualLogGroup;
  readonly function?: ActualFunction;
  /** Of this function, from any stream of this table, dead ones too. */
  readonly mappings: readonly ActualMapping[];
}

export type FieldValue = string | number | boolean | null | readonly string[];

/** One difference. `from` is null where there was nothing. */
export interface FieldChange {
  readonly field: string;
  readonly from: FieldValue;
  readonly to: FieldValue;
}

export const STEP_ACTIONS = ['create', 'update', 'unchanged', 'delete', 'conflict'] as const;
export type StepAction = (typeof STEP_ACTIONS)[number];

export interface PlanStep {
  readonly resource: ResourceKind;
  /** The table's, role's or function's name; a mapping's UUID, or `<function> ← <table>` before it has one. */
  readonly name: string;
  readonly action: StepAction;
  readonly reason: string;
  readonly changes: readonly FieldChange[];
}

/** Stands in a plan for a value that only exists once an earlier step is done. */
export const KNOWN_LATER = '(known after the table is made)';
