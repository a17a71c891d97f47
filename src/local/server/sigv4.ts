// AWS Signature Version 4, both sides: the engine verifies calls that run code, the CLI signs its own. Written out
// (it is 60 lines of node:crypto) because the SDK only offers the signing half.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { canonicalRequest, type SignableRequest, sha256 } from './canonical-request.js';

const ALGORITHM = 'AWS4-HMAC-SHA256';
/** AWS refuses a signature that is older or newer than this. */
const MAX_SKEW_MS = 15 * 60_000;

export interface AccessKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export interface Authorization {
  readonly accessKeyId: string;
  /** `20260101/us-east-1/lambda/aws4_request`. */
  readonly scope: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

export type Verdict = 'valid' | 'otherKey' | 'badSignature' | 'expired';

/** Takes an `Authorization` header apart; undefined when it is absent or not Signature Version 4. */
export function parseAuthorization(header: string | undefined): Authorization | undefined {
  if (header === undefined || !header.startsWith(`${ALGORITHM} `)) return undefined;
  const fields = new Map(
    header
      .slice(ALGORITHM.length + 1)
      .split(',')
      .map((field): [string, string] => {
        const [name = '', ...value] = field.trim().split('=');
        return [name, value.join('=')];
      }),
  );
  const [accessKeyId = '', ...scope] = (fields.get('Credential') ?? '').split('/');
  const signedHeaders = (fields.get('SignedHeaders') ?? '').split(';');
  const signature = fields.get('Signature') ?? '';
  if (accessKeyId === '' || scope.length !== 4 || scope[3] !== 'aws4_request' || signature === '') {
    return undefined;
  }
  return { accessKeyId, scope: scope.join('/'), signedHeaders, signature };
}

/** Checks that the request was signed with these keys. The comparison takes the same time for every wrong value. */
export function verifySignature(
  request: SignableRequest,
  authorization: Authorization,
  keys: AccessKeys,
  nowMs: number,
): Verdict {
  if (!sameText(authorization.accessKeyId, keys.accessKeyId)) return 'otherKey';
  // An unsigned Host or time could be replaced, so both must be under the signature.
  if (!['host', 'x-amz-date'].every((name) => authorization.signedHeaders.includes(name)))
    return 'badSignature';
  const timestamp = request.headers['x-amz-date'] ?? '';
  const signedAt = parseTimestamp(timestamp);
  if (signedAt === undefined || !authorization.scope.startsWith(`${timestamp.slice(0, 8)}/`))
    return 'badSignature';
  const payloadHash = sha256(request.body);
  const claimed = request.headers['x-amz-content-sha256'];
  if (claimed !== undefined && claimed !== payloadHash) return 'badSignature';
  const expected = signature(request, authorization, payloadHash, timestamp, keys.secretAccessKey);
  if (!sameText(authorization.signature, expected)) return 'badSignature';
  return Math.abs(nowMs - signedAt) > MAX_SKEW_MS ? 'expired' : 'valid';
}

/** The request's headers with `x-amz-date` and `authorization` added. `host` must be among them. */
export function signHeaders(
  request: SignableRequest,
  keys: AccessKeys,
  scope: { readonly region: string; readonly service: string },
  nowMs: number,
): Record<string, string> {
  const timestamp = new Date(nowMs).toISOString().replace(/[-:]|\.\d{3}/g, '');
  const headers: Record<string, string> = { 'x-amz-date': timestamp };
  for (const [name, value] of Object.entries(request.headers)) if (value !== undefined) headers[name] = value;
  const signing = {
    scope: `${timestamp.slice(0, 8)}/${scope.region}/${scope.service}/aws4_request`,
    signedHeaders: Object.keys(headers).sort(),
  };
  const hex = signature(
    { ...request, headers },
    signing,
    sha256(request.body),
    timestamp,
    keys.secretAccessKey,
  );
  headers.authorization = `${ALGORITHM} Credential=${keys.accessKeyId}/${signing.scope}, SignedHeaders=${signing.signedHeaders.join(';')}, Signature=${hex}`;
  return headers;
}

/** Compares two texts in a time that depends on neither. */
export function sameText(a: string, b: string): boolean {
  return timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest());
}

function signature(
  request: SignableRequest,
  signing: Pick<Authorization, 'scope' | 'signedHeaders'>,
  payloadHash: string,
  timestamp: string,
  secretAccessKey: string,
): string {
  const text = [
    ALGORITHM,
    timestamp,
    signing.scope,
    sha256(canonicalRequest(request, signing.signedHeaders, payloadHash)),
  ].join('\n');
  let key: string | Buffer = `AWS4${secretAccessKey}`;
  for (const part of signing.scope.split('/')) key = createHmac('sha256', key).update(part).digest();
  return createHmac('sha256', key).update(text).digest('hex');
}

/** Milliseconds of `20260101T120000Z`. */
function parseTimestamp(text: string): number | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second] = match;
  const ms = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(ms) ? undefined : ms;
}
