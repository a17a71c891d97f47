// The one place where an error of AWS, of the SDK or of a socket becomes a CliError: by name, and along `cause`.
// Message text is read only to name the action and resource of a denial, never to decide what an error is.
import { CliError, EXIT, type ExitCode } from '../errors.js';

interface Translation {
  readonly code: string;
  readonly exitCode?: ExitCode;
  /** Completes "<what>: …"; absent: the error's own message. */
  readonly text?: string;
  readonly hint?: string;
}

const CREDENTIAL_HINT =
  'set AWS_PROFILE or AWS_ACCESS_KEY_ID, or run aws configure; or drop --target aws to use the local engine';
const RENEW_HINT = 'renew them (aws sso login, or your own way), then run the command again';
const UNREACHABLE_HINT =
  'check the endpoint, and that the server is running; for the embedded engine: ddbcdc local status';

const BY_NAME: Readonly<Record<string, Translation>> = {
  CredentialsProviderError: {
    code: 'aws.noCredentials',
    exitCode: EXIT.precondition,
    text: 'no AWS credentials were found',
    hint: CREDENTIAL_HINT,
  },
  TokenProviderError: {
    code: 'aws.ssoExpired',
    exitCode: EXIT.precondition,
    text: 'the SSO session is missing or has expired',
    hint: 'run aws sso login, then the command again',
  },
  UnauthorizedException: {
    code: 'aws.ssoExpired',
    exitCode: EXIT.precondition,
    text: 'the SSO session is missing or has expired',
    hint: 'run aws sso login, then the command again',
  },
  ExpiredToken: {
    code: 'aws.expiredCredentials',
    exitCode: EXIT.precondition,
    text: 'the AWS credentials have expired',
    hint: RENEW_HINT,
  },
  ExpiredTokenException: {
    code: 'aws.expiredCredentials',
    exitCode: EXIT.precondition,
    text: 'the AWS credentials have expired',
    hint: RENEW_HINT,
  },
  RequestExpired: {
    code: 'aws.clock',
    exitCode: EXIT.precondition,
    text: 'the request was signed at another time than the server has',
    hint: "check this machine's clock",
  },
  UnrecognizedClientException: {
    code: 'aws.badCredentials',
    exitCode: EXIT.precondition,
    text: 'the credentials are not valid there',
    hint: CREDENTIAL_HINT,
  },
  InvalidClientTokenId: {
    code: 'aws.badCredentials',
    exitCode: EXIT.precondition,
    text: 'the credentials are not valid there',
    hint: CREDENTIAL_HINT,
  },
  InvalidSignatureException: {
    code: 'aws.badCredentials',
    exitCode: EXIT.precondition,
    text: 'the signature was refused',
    hint: "check the secret key, and this machine's clock",
  },
  SignatureDoesNotMatch: {
    code: 'aws.badCredentials',
    exitCode: EXIT.precondition,
    text: 'the signature was refused',
    hint: "check the secret key, and this machine's clock",
  },
  MissingAuthenticationToken: {
    code: 'aws.noCredentials',
    exitCode: EXIT.precondition,
    text: 'the server wants a signed request',
    hint: CREDENTIAL_HINT,
  },
  MissingAuthenticationTokenException: {
    code: 'aws.noCredentials',
    exitCode: EXIT.precondition,
    text: 'the server wants a signed request',
    hint: CREDENTIAL_HINT,
  },
  ResourceNotFoundException: {
    code: 'resource.notFound',
    exitCode: EXIT.precondition,
    hint: 'ddbcdc status shows what is there; ddbcdc init makes what is missing',
  },
  ResourceInUseException: {
    code: 'resource.inUse',
    hint: 'wait until the other change is done, then run the command again',
  },
  ResourceConflictException: {
    code: 'resource.inUse',
    hint: 'wait until the other change is done, then run the command again',
  },
  LimitExceededException: {
    code: 'aws.quota',
    hint: 'delete what is not needed, or ask AWS for a higher quota (Service Quotas)',
  },
  ServiceQuotaExceededException: {
    code: 'aws.quota',
    hint: 'delete what is not needed, or ask AWS for a higher quota (Service Quotas)',
  },
  CodeStorageExceededException: {
    code: 'aws.quota',
    hint: 'delete old Lambda versions, or ask AWS for a higher quota',
  },
  ProvisionedThroughputExceededException: {
    code: 'aws.throttled',
    hint: 'run the command again, more slowly',
  },
  ThrottlingException: { code: 'aws.throttled', hint: 'run the command again, more slowly' },
  RequestLimitExceeded: { code: 'aws.throttled', hint: 'run the command again, more slowly' },
  TooManyRequestsException: { code: 'aws.throttled', hint: 'run the command again, more slowly' },
  UnknownOperationException: {
    code: 'target.unsupported',
    exitCode: EXIT.precondition,
    text: 'the server does not know this operation',
    hint: 'a server that serves only DynamoDB takes ddbcdc init --no-function',
  },
  TimeoutError: {
    code: 'target.unreachable',
    exitCode: EXIT.precondition,
    text: 'the server did not answer in time',
    hint: UNREACHABLE_HINT,
  },
};

const BY_SOCKET_CODE: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'the host name is not known',
  EAI_AGAIN: 'the host name could not be looked up',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
  ECONNRESET: 'the connection was cut',
  EPIPE: 'the connection was cut',
  ETIMEDOUT: 'the server did not answer in time',
};

/** True for the error that an aborted wait or request throws. */
export function isAbort(error: unknown): boolean {
  return error instanceof Error && (error.name === 'AbortError' || error.name === 'RequestAbortedError');
}

/** The same error as a CliError, or undefined when it is none that we know: then it is a defect, to be shown whole. */
export function knownError(error: unknown, what?: string): CliError | undefined {
  if (error instanceof CliError) return error;
  for (let e: unknown = error, depth = 0; e instanceof Error && depth < 8; e = e.cause, depth += 1) {
    const known = translateOne(e, what, error);
    if (known !== undefined) return known;
    const inner =
      e instanceof AggregateError ? e.errors.map((x) => knownError(x, what)).find((x) => x) : undefined;
    if (inner !== undefined) return inner;
  }
  return undefined;
}

/** As `knownError`, with `aws.error` for any other. `what` names what was being done, such as `table Orders`. */
export function translateAwsError(error: unknown, what: string): CliError {
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return knownError(error, what) ?? new CliError('aws.error', `${what}: ${message}`, { cause: error });
}

function translateOne(error: Error, what: string | undefined, cause: unknown): CliError | undefined {
  const prefix = what === undefined ? '' : `${what}: `;
  if (
    error.name === 'AccessDeniedException' ||
    error.name === 'AccessDenied' ||
    error.name === 'UnauthorizedOperation'
  ) {
    return denial(error, prefix, cause);
  }
  const socketCode = (error as NodeJS.ErrnoException).code;
  const socketText = socketCode === undefined ? undefined : BY_SOCKET_CODE[socketCode];
  if (socketText !== undefined) {
    const { address, port } = error as Error & { address?: string; port?: number };
    const where = address === undefined ? '' : ` (${address}:${port})`;
    return new CliError('target.unreachable', `${prefix}${socketText}${where}`, {
      exitCode: EXIT.precondition,
      hint: UNREACHABLE_HINT,
      cause,
    });
  }
  const known = Object.hasOwn(BY_NAME, error.name) ? BY_NAME[error.name] : undefined;
  if (known === undefined) return undefined;
  const text = known.text ?? (error.message || error.name);
  return new CliError(known.code, `${prefix}${text}`, {
    ...(known.exitCode === undefined ? {} : { exitCode: known.exitCode }),
    ...(known.hint === undefined ? {} : { hint: known.hint }),
    cause,
  });
}

/** "User: arn:… is not authorized to perform: lambda:CreateFunction on resource: arn:…" */
const DENIAL = /is not authorized to perform: (\S+)(?: on resource: (\S+))?/;

function denial(error: Error, prefix: string, cause: unknown): CliError {
  const match = DENIAL.exec(error.message);
  const action = match?.[1];
  const resource = match?.[2] ?? '*';
  return new CliError('aws.accessDenied', `${prefix}${error.message || 'access denied'}`, {
    exitCode: EXIT.precondition,
    hint:
      action === undefined
        ? 'ask whoever manages the account for the missing permission'
        : `this statement would allow it: ${JSON.stringify({ Effect: 'Allow', Action: action, Resource: resource })}`,
    cause,
  });
}
