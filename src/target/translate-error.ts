// The one place where an error of AWS, of the SDK or of a socket becomes a CliError: by name, and along `cause`.
// Message text is read only to name the action and resource of a denial, never to decide what an error is.
import { CliError, EXIT } from '../errors.js';
import { type CallPlace, callPlaceOf } from './call-place.js';
import { BY_NAME, BY_SOCKET_CODE, type Translation, unreachableHint } from './known-errors.js';

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
  const message = error instanceof Error ? `${error.name}: ${oneLine(error.message)}` : String(error);
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
  const place = callPlaceOf(cause);
  const translated = strangeAnswer(error, place) ?? socketError(error, place) ?? byName(error);
  if (translated === undefined) return undefined;
  const { code, exitCode, text = oneLine(error.message) || error.name, hint } = translated;
  return new CliError(code, `${prefix}${text}`, {
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(hint === undefined ? {} : { hint: typeof hint === 'string' ? hint : hint(place) }),
    cause,
  });
}

function byName({ name }: Error): Translation | undefined {
  return Object.hasOwn(BY_NAME, name) ? BY_NAME[name] : undefined;
}

/** The SDK hides the answer on the error; one that it could read has a `$fault` too, and a name of AWS's. */
function strangeAnswer(error: Error, place: CallPlace | undefined): Translation | undefined {
  const { $response, $fault } = error as Error & {
    readonly $response?: { readonly statusCode?: unknown };
    readonly $fault?: unknown;
  };
  const status = $response?.statusCode;
  const isRead = $fault !== undefined && error.name !== 'Unknown';
  if (typeof status !== 'number' || isRead) return undefined;
  const who =
    place?.endpoint ?? (place?.kind === 'aws' ? `AWS ${place.region ?? ''}`.trimEnd() : 'the server');
  return {
    code: 'target.notAws',
    exitCode: EXIT.precondition,
    text: `${who} answered HTTP ${status} with something that is no AWS answer`,
    hint:
      place?.endpoint === undefined
        ? 'run the command again; if it stays so, see what stands between here and the server, such as a proxy'
        : 'check the URL: another server, or a proxy, answers there',
  };
}

function socketError(error: Error, place: CallPlace | undefined): Translation | undefined {
  const { code, address, port, hostname } = error as NodeJS.ErrnoException & {
    readonly address?: string;
    readonly port?: number;
    readonly hostname?: string;
  };
  const text = code === undefined ? undefined : BY_SOCKET_CODE[code];
  if (text === undefined) return undefined;
  const what = text.replace(' {host}', hostname === undefined ? '' : ` ${hostname}`);
  // A region that there is not has no host either: that is the likelier cause than a broken name service.
  if (code === 'ENOTFOUND' && place?.kind === 'aws' && place.endpoint === undefined) {
    return {
      code: 'aws.unknownRegion',
      exitCode: EXIT.precondition,
      text: `${what}: there may be no region ${place.region ?? 'of this name'}`,
      hint: 'check the spelling (--region us-east-1), and the network',
    };
  }
  return {
    code: 'target.unreachable',
    exitCode: EXIT.precondition,
    text: address === undefined ? what : `${what} (${address}:${port})`,
    hint: unreachableHint,
  };
}

/** Messages go on one line; the SDK's have several. */
function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ').trim();
}

/** "User: arn:… is not authorized to perform: lambda:CreateFunction on resource: arn:…" */
const DENIAL = /is not authorized to perform: (\S+)(?: on resource: (\S+))?/;

function denial(error: Error, prefix: string, cause: unknown): CliError {
  const match = DENIAL.exec(error.message);
  const action = match?.[1];
  const resource = match?.[2] ?? '*';
  return new CliError('aws.accessDenied', `${prefix}${oneLine(error.message) || 'access denied'}`, {
    exitCode: EXIT.precondition,
    hint:
      action === undefined
        ? 'ask whoever manages the account for the missing permission'
        : `this statement would allow it: ${JSON.stringify({ Effect: 'Allow', Action: action, Resource: resource })}`,
    cause,
  });
}
