// Names and ARNs that follow from a stack's own name: nothing has to be remembered to find a stack again.
import { createHash } from 'node:crypto';
import type { Place } from './stack.js';

/** Stands for a role on the embedded engine, which has no IAM and looks at no role. */
export const LOCAL_ROLE_ARN = 'arn:aws:iam::000000000000:role/ddbcdc-local';

/** Roles are made under this path, so that all of them are listed with one call. */
export const ROLE_PATH = '/ddbcdc/';

/** The name of the inline policy on the role. */
export const POLICY_NAME = 'ddbcdc-stream-handler';

const ROLE_NAME_LIMIT = 64;

/** IAM is global and Lambda is not: the region is part of the name, and a name over 64 characters ends in a hash. */
export function roleName(functionName: string, region: string): string {
  const name = `ddbcdc-${functionName}-${region}`;
  if (name.length <= ROLE_NAME_LIMIT) return name;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 8);
  return `${name.slice(0, ROLE_NAME_LIMIT - hash.length - 1)}-${hash}`;
}

export function logGroupName(functionName: string): string {
  return `/aws/lambda/${functionName}`;
}

export function tableArn(place: Place, table: string): string {
  return `arn:${place.partition}:dynamodb:${place.region}:${place.accountId}:table/${table}`;
}

export function logGroupArn(place: Place, name: string): string {
  return `arn:${place.partition}:logs:${place.region}:${place.accountId}:log-group:${name}`;
}

/** True when the stream is, or was, one of the table's. */
export function isStreamOf(streamArn: string, table: string): boolean {
  return streamArn.split(':table/')[1]?.startsWith(`${table}/stream/`) ?? false;
}
