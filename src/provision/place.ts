// Where a target is, as AWS knows it: account, caller and partition. Only AWS itself must answer; a server that stands in
// for it may have no STS.
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { CliError, EXIT } from '../errors.js';
import type { Target } from '../target/target.js';
import { translateAwsError } from '../target/translate-error.js';
import type { Place } from './stack.js';

export interface Whereabouts {
  readonly place: Place;
  /** ARN of who calls; absent where nobody knows. */
  readonly caller?: string;
}

/** What the embedded engine, and most other stand-ins, put into ARNs. */
const NO_ACCOUNT = '000000000000';

/** Throws the translated AWS error (credentials, region, denial) on AWS; never throws elsewhere. */
export async function findWhereabouts(target: Target, signal: AbortSignal): Promise<Whereabouts> {
  const standIn: Place = { partition: 'aws', region: target.region, accountId: NO_ACCOUNT };
  if (target.kind === 'local') return { place: standIn };
  try {
    const client = await target.clients.sts();
    const { Account, Arn } = await client.send(new GetCallerIdentityCommand({}), { abortSignal: signal });
    return {
      place: {
        partition: Arn?.split(':')[1] ?? standIn.partition,
        region: target.region,
        accountId: Account ?? NO_ACCOUNT,
      },
      ...(Arn === undefined ? {} : { caller: Arn }),
    };
  } catch (error) {
    signal.throwIfAborted();
    if (target.kind === 'aws') throw unknownRegion(error, target) ?? translateAwsError(error, 'who calls');
    return { place: standIn };
  }
}

/** A region that there is not has no host either: that is the likelier cause than a broken name service. */
function unknownRegion(error: unknown, target: Target): CliError | undefined {
  if (target.endpoint !== undefined || !(error instanceof Error)) return undefined;
  const causes = [error, error.cause];
  const isUnknownHost = causes.some(
    (cause) => cause instanceof Error && 'code' in cause && cause.code === 'ENOTFOUND',
  );
  if (!isUnknownHost) return undefined;
  return new CliError('aws.unknownRegion', `AWS cannot be found in the region ${target.region}`, {
    exitCode: EXIT.precondition,
    hint: 'check the spelling (--region us-east-1), and the network',
    cause: error,
  });
}

/** `the embedded engine` and the like: what a person calls the target. */
export function targetText(target: Target): string {
  if (target.kind === 'local') return 'embedded engine';
  return target.kind === 'aws' ? 'AWS' : `endpoint ${target.endpoint ?? ''}`.trimEnd();
}
