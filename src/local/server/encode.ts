// Answers and errors in the wire form of each protocol. Pure: a Route and a value in, bytes and headers out.
import { randomUUID } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { EngineResponse, ServiceError } from '../service.js';
import type { Route } from './route.js';

export interface Encoded {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** Errors that AWS's common front end gives, under its own namespaces. */
const COMMON_ERRORS: Readonly<Record<string, string>> = {
  AccessDeniedException: 'com.amazon.coral.service#',
  InvalidSignatureException: 'com.amazon.coral.service#',
  MissingAuthenticationTokenException: 'com.amazon.coral.service#',
  SerializationException: 'com.amazon.coral.service#',
  UnknownOperationException: 'com.amazon.coral.service#',
  UnrecognizedClientException: 'com.amazon.coral.service#',
  ValidationException: 'com.amazon.coral.validate#',
};

/** Lambda writes `message` in these error shapes and `Message` in all others. */
const LOWER_CASE_MESSAGE: ReadonlySet<string> = new Set([
  'CodeStorageExceededException',
  'InvalidParameterValueException',
  'InvalidRequestContentException',
  'PreconditionFailedException',
  'RequestTooLargeException',
  'ResourceConflictException',
  'ResourceNotReadyException',
  'TooManyRequestsException',
  'UnsupportedMediaTypeException',
]);

/** A service's answer. An object is sent as JSON, text and bytes as they are, nothing as an empty body. */
export function encodeResponse(to: Route, response: EngineResponse): Encoded {
  const requestId = randomUUID();
  const body = toBytes(response.body);
  const headers: Record<string, string> = { 'x-amzn-requestid': requestId };
  if (body.length > 0 || to.kind === 'rpc') headers['content-type'] = contentType(to);
  if (isDynamoDb(to)) headers['x-amz-crc32'] = String(crc32(body));
  for (const [name, value] of Object.entries(response.headers ?? {})) headers[name.toLowerCase()] = value;
  return { status: response.status, headers, body };
}

/** An error in the form that the SDK of the route's service reads. */
export function encodeError(to: Route, error: ServiceError): Encoded {
  if (to.kind === 'query') return encodeQueryError(error);
  const { type, status, message, members } = error;
  if (to.kind === 'lambda') {
    return encodeResponse(to, {
      status,
      headers: { 'x-amzn-errortype': type },
      body: {
        Type: status >= 500 ? 'Service' : 'User',
        [LOWER_CASE_MESSAGE.has(type) ? 'message' : 'Message']: message,
        ...members,
      },
    });
  }
  const namespace = COMMON_ERRORS[type] ?? 'com.amazonaws.dynamodb.v20120810#';
  return encodeResponse(to, {
    status,
    headers: { 'x-amzn-errortype': type },
    body: {
      __type: to.kind === 'rpc' && !isDynamoDb(to) ? type : `${namespace}${type}`,
      message,
      ...members,
    },
  });
}

/** A document of the query protocol, which is XML. */
export function encodeXml(status: number, xml: string): Encoded {
  return {
    status,
    headers: { 'content-type': 'text/xml', 'x-amzn-requestid': randomUUID() },
    body: Buffer.from(xml),
  };
}

/** Text made safe inside an XML element. */
export function escapeXml(text: string): string {
  return text.replace(/[<>&]/g, (character) => `&#${character.charCodeAt(0)};`);
}

function encodeQueryError(error: ServiceError): Encoded {
  const code = error.type.replace(/Exception$/, '');
  return encodeXml(
    error.status,
    `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>${escapeXml(code)}</Code><Message>${escapeXml(error.message)}</Message></Error><RequestId>${randomUUID()}</RequestId></ErrorResponse>`,
  );
}

function isDynamoDb(to: Route): boolean {
  return to.kind === 'rpc' && (to.service === 'dynamodb' || to.service === 'streams');
}

function contentType(to: Route): string {
  if (to.kind !== 'rpc') return 'application/json';
  return to.service === 'logs' ? 'application/x-amz-json-1.1' : 'application/x-amz-json-1.0';
}

function toBytes(body: unknown): Uint8Array {
  if (body === undefined) return new Uint8Array();
  if (body instanceof Uint8Array) return body;
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
}
