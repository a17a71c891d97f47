// What an error of the streams API means for a reader. By name and socket code only: message texts differ between
// servers and change without notice.

/**
 * - `expired`: the iterator is of no use any more; the position is.
 * - `trimmed`: what was asked for has left the stream.
 * - `notFound`: no such shard, or no such stream.
 * - `throttled`: too many requests; nothing is wrong.
 * - `invalid`: the server does not accept the iterator or sequence number.
 * - `denied`: credentials or permissions, which a person can mend while the tail waits.
 * - `transient`: anything else, above all sockets, time-outs and 5xx.
 */
export type ReadErrorKind =
  | 'expired'
  | 'trimmed'
  | 'notFound'
  | 'throttled'
  | 'invalid'
  | 'denied'
  | 'transient';

const KIND_BY_NAME: Readonly<Record<string, ReadErrorKind>> = {
  ExpiredIteratorException: 'expired',
  TrimmedDataAccessException: 'trimmed',
  ResourceNotFoundException: 'notFound',
  LimitExceededException: 'throttled',
  ProvisionedThroughputExceededException: 'throttled',
  ThrottlingException: 'throttled',
  Throttling: 'throttled',
  RequestLimitExceeded: 'throttled',
  TooManyRequestsException: 'throttled',
  ValidationException: 'invalid',
  SerializationException: 'invalid',
  AccessDeniedException: 'denied',
  UnrecognizedClientException: 'denied',
  InvalidSignatureException: 'denied',
  MissingAuthenticationTokenException: 'denied',
  IncompleteSignatureException: 'denied',
  ExpiredTokenException: 'denied',
  CredentialsProviderError: 'denied',
  TokenProviderError: 'denied',
};

export function readErrorKind(error: unknown): ReadErrorKind {
  const name = errorName(error);
  return Object.hasOwn(KIND_BY_NAME, name) ? (KIND_BY_NAME[name] ?? 'transient') : 'transient';
}

/** The name to show for an error: its class, or the socket's code where there is one. */
export function errorName(error: unknown): string {
  if (!(error instanceof Error)) return 'Error';
  const { code } = error as NodeJS.ErrnoException;
  if (typeof code === 'string' && (error.name === 'Error' || error.name === 'AggregateError')) return code;
  return error.name;
}

/** True for an error that the service answered with: all but sockets, time-outs and what never left this machine. */
export function isAnswer(error: unknown): boolean {
  // A cast at a boundary: the SDK puts it on every error of a service.
  const { $metadata } = (error ?? {}) as { $metadata?: { httpStatusCode?: number } };
  return $metadata?.httpStatusCode !== undefined;
}
