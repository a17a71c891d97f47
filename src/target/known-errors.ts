// What the errors of AWS, of the SDK and of sockets mean to a user, and what to do about each.
import { EXIT, type ExitCode } from '../errors.js';
import type { CallPlace } from './call-place.js';

export interface Translation {
  readonly code: string;
  readonly exitCode?: ExitCode;
  /** Completes "<what>: …"; absent: the error's own message. */
  readonly text?: string;
  readonly hint?: string | ((place: CallPlace | undefined) => string);
}

function credentialHint(place: CallPlace | undefined): string {
  return place?.kind === 'endpoint'
    ? 'requests are signed: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, to x both if the server checks neither'
    : 'set AWS_PROFILE or AWS_ACCESS_KEY_ID, or run aws configure; or drop --target aws to use the local engine';
}

const RENEW_HINT = 'renew them (aws sso login, or your own way), then run the command again';

/** What to look at when no answer came. */
export function unreachableHint(place: CallPlace | undefined): string {
  switch (place?.kind) {
    case 'aws':
      return place.endpoint === undefined ? 'check the network, and --region' : checkEndpoint(place.endpoint);
    case 'endpoint':
      return checkEndpoint(place.endpoint ?? 'the endpoint');
    case 'local':
      return 'ddbcdc local status says whether the embedded engine runs; every command starts it';
    case undefined:
      return 'check the endpoint, and that the server is running; for the embedded engine: ddbcdc local status';
  }
}

function checkEndpoint(endpoint: string): string {
  return `check the URL ${endpoint}, and that the server is running`;
}

/** By the name of the error. */
export const BY_NAME: Readonly<Record<string, Translation>> = {
  CredentialsProviderError: {
    code: 'aws.noCredentials',
    exitCode: EXIT.precondition,
    text: 'no AWS credentials were found',
    hint: credentialHint,
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
    hint: credentialHint,
  },
  InvalidClientTokenId: {
    code: 'aws.badCredentials',
    exitCode: EXIT.precondition,
    text: 'the credentials are not valid there',
    hint: credentialHint,
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
    hint: credentialHint,
  },
  MissingAuthenticationTokenException: {
    code: 'aws.noCredentials',
    exitCode: EXIT.precondition,
    text: 'the server wants a signed request',
    hint: credentialHint,
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
    hint: unreachableHint,
  },
};

/** By the code of a socket's error. */
export const BY_SOCKET_CODE: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'the host name {host} is not known',
  EAI_AGAIN: 'the host name {host} could not be looked up',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
  ECONNRESET: 'the connection was cut',
  EPIPE: 'the connection was cut',
  ETIMEDOUT: 'the server did not answer in time',
};
