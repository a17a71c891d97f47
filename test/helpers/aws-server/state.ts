// What the in-test AWS keeps. Resources take a read or two to be ready, as real ones do.

export interface TableState {
  readonly name: string;
  readonly keys: readonly { AttributeName: string; KeyType: string }[];
  readonly attributes: readonly { AttributeName: string; AttributeType: string }[];
  status: string;
  /** Reads left until the next status. */
  pending: number;
  billing: { mode: string; read: number; write: number };
  deletionProtection: boolean;
  stream?: { viewType: string; label: string };
  latestStream?: string;
  tags: Record<string, string>;
}

export interface FunctionState {
  readonly name: string;
  state: string;
  update: string;
  pending: number;
  configuration: Record<string, unknown>;
  sha256: string;
  codeSize: number;
  tags: Record<string, string>;
}

export interface MappingState {
  readonly uuid: string;
  state: string;
  pending: number;
  configuration: Record<string, unknown>;
  tags: Record<string, string>;
}

export interface RoleState {
  readonly name: string;
  readonly path: string;
  trust: string;
  readonly policies: Map<string, string>;
  readonly attached: Set<string>;
  tags: Record<string, string>;
}

export interface LogGroupState {
  readonly name: string;
  retentionDays?: number;
  tags: Record<string, string>;
}

export const ACCOUNT = '123456789012';
export const REGION = 'eu-west-1';

export class AwsState {
  readonly tables = new Map<string, TableState>();
  readonly functions = new Map<string, FunctionState>();
  readonly mappings = new Map<string, MappingState>();
  readonly roles = new Map<string, RoleState>();
  readonly logGroups = new Map<string, LogGroupState>();
  #counter = 0;

  /** 1, 2, 3 … for labels and ids. */
  next(): number {
    this.#counter += 1;
    return this.#counter;
  }

  streamArn(table: TableState): string {
    return `${tableArn(table.name)}/stream/${table.latestStream}`;
  }
}

export function tableArn(name: string): string {
  return `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${name}`;
}

export function functionArn(name: string): string {
  return `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${name}`;
}

export function mappingArn(uuid: string): string {
  return `arn:aws:lambda:${REGION}:${ACCOUNT}:event-source-mapping:${uuid}`;
}

export function roleArn(role: Pick<RoleState, 'name' | 'path'>): string {
  return `arn:aws:iam::${ACCOUNT}:role${role.path}${role.name}`;
}

export function logGroupArn(name: string): string {
  return `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:${name}`;
}

/** An error as AWS sends it; `name` is what the SDK calls it. */
export class AwsError extends Error {
  constructor(
    override readonly name: string,
    message: string,
    readonly status = 400,
  ) {
    super(message);
  }
}
