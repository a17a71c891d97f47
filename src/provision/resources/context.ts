// What every resource file is given, and the few things that they all need. A resource file owns the AWS calls of one
// resource: it reads it, makes it, changes it, deletes it. It decides nothing: the plan has.
import type { TargetClients } from '../../target/target.js';
import type { Pace, WaitOptions } from '../pace.js';

export interface ResourceContext {
  readonly clients: TargetClients;
  readonly pace: Pace;
  readonly signal: AbortSignal;
  /**
   * The table of this folder's ddbcdc.json. It stands for the tag on a server that has no tags on tables (DynamoDB Local
   * has none): what init made there is known by nothing else.
   */
  readonly remembered?: string;
}

/** IAM and Lambda need some seconds to see a new role; AWS's own tools give them two minutes at most. */
export const PROPAGATION_LIMIT_MS = 120_000;

/** A mapping on AWS can take some minutes to be enabled, a table with provisioned capacity too. */
export const STATE_LIMIT_MS = 600_000;

/** The request option with which an SDK call ends when the command is interrupted. */
export function abortable({ signal }: ResourceContext): { abortSignal: AbortSignal } {
  return { abortSignal: signal };
}

export function waitFor(context: ResourceContext, what: string, limitMs: number): WaitOptions {
  return { pace: context.pace, signal: context.signal, what, limitMs };
}

export function isNamed(error: unknown, ...names: readonly string[]): error is Error {
  return error instanceof Error && names.includes(error.name);
}

/** The answer, or undefined where AWS says that there is no such thing. */
export async function orAbsent<T>(answer: Promise<T>, ...names: readonly string[]): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (isNamed(error, ...names)) return undefined;
    throw error;
  }
}
