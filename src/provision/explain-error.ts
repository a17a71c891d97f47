// Errors that mean something particular while a stack is made or taken away; everything else is the shared translation.
import { CliError, EXIT } from '../errors.js';
import { isAbort, knownError, translateAwsError } from '../target/translate-error.js';

interface Explanation {
  readonly code: string;
  readonly text: string;
  readonly hint: string;
}

const NAME_TAKEN: Explanation = {
  code: 'name.taken',
  text: 'something of this name was made meanwhile, or is still being deleted',
  hint: 'run the command again: it looks at what is there first',
};

const BY_NAME: Readonly<Record<string, Explanation>> = {
  EntityAlreadyExistsException: NAME_TAKEN,
  EntityAlreadyExists: NAME_TAKEN,
  ResourceAlreadyExistsException: NAME_TAKEN,
  DeleteConflictException: {
    code: 'role.inUse',
    text: 'policies that ddbcdc did not put there are on the role',
    hint: 'detach them (aws iam list-attached-role-policies, list-role-policies), then run the command again',
  },
  DeleteConflict: {
    code: 'role.inUse',
    text: 'policies that ddbcdc did not put there are on the role',
    hint: 'detach them (aws iam list-attached-role-policies, list-role-policies), then run the command again',
  },
};

/** The error with what it is about. An abort, and a defect of ours, are given back as they are. */
export function explainError(error: unknown, what: string): unknown {
  if (error instanceof CliError || isAbort(error) || !(error instanceof Error)) return error;
  const known = Object.hasOwn(BY_NAME, error.name) ? BY_NAME[error.name] : undefined;
  if (known !== undefined) {
    return new CliError(known.code, `${what}: ${known.text}`, { hint: known.hint, cause: error });
  }
  // Only what a server answered, or a socket said, is AWS's: anything else must keep its stack.
  return '$metadata' in error ? translateAwsError(error, what) : (knownError(error, what) ?? error);
}

/** For a server that stands in for AWS and answered a call to Lambda with something else than Lambda's answers. */
export function noLambda(endpoint: string, cause: unknown): CliError {
  return new CliError('target.noLambda', `${endpoint} does not speak Lambda's API`, {
    exitCode: EXIT.precondition,
    hint: 'ddbcdc init --no-function makes the table and its stream alone; ddbcdc tail reads it',
    cause,
  });
}
