// What a server that stands in for AWS serves. DynamoDB Local and its like have tables and streams, and no Lambda.
import { ListFunctionsCommand } from '@aws-sdk/client-lambda';
import type { Target } from '../target/target.js';
import { isAbort } from '../target/translate-error.js';
import { noLambda } from './explain-error.js';
import { ROLE_PATH } from './names.js';
import { abortable, isNamed, type ResourceContext } from './resources/context.js';

/** True when the server answers as Lambda does. Throws when it cannot be reached at all. */
export async function servesLambda(context: ResourceContext): Promise<boolean> {
  return (await probe(context)) === undefined;
}

/** Throws `target.noLambda`, with the way out, where the server has no Lambda. */
export async function requireLambda(context: ResourceContext, endpoint: string): Promise<void> {
  const error = await probe(context);
  if (error !== undefined) throw noLambda(endpoint, error);
}

/**
 * True where roles can be made. A server that stands in for AWS may run functions and have no IAM, as the embedded
 * engine does when it is reached by its URL: a function's role is only a name there. Throws when it cannot be reached.
 */
export async function servesIam(context: ResourceContext, target: Pick<Target, 'kind'>): Promise<boolean> {
  if (target.kind !== 'endpoint') return target.kind === 'aws';
  const { ListRolesCommand } = await import('@aws-sdk/client-iam');
  const client = await context.clients.iam();
  try {
    await client.send(new ListRolesCommand({ PathPrefix: ROLE_PATH, MaxItems: 1 }), abortable(context));
    return true;
  } catch (error) {
    if (isAbort(error) || isSocketError(error)) throw error;
    // Who may not list roles speaks to an IAM all the same.
    return isNamed(error, 'AccessDenied', 'AccessDeniedException');
  }
}

async function probe(context: ResourceContext): Promise<unknown> {
  const client = await context.clients.lambda();
  try {
    const answer = await client.send(new ListFunctionsCommand({ MaxItems: 1 }), abortable(context));
    return Array.isArray(answer.Functions) ? undefined : new Error('the answer lists no functions');
  } catch (error) {
    if (isAbort(error) || isSocketError(error)) throw error;
    return error;
  }
}

/** Nothing listens there: this says nothing of what it serves. */
function isSocketError(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    /^E[A-Z]+$/.test(error.code)
  );
}
