// GetRecords without the SDK's generic deserializer: for a page of 1,000 records that is most of what a read costs.
// Everything else of the SDK stays: credentials, signing, retries, endpoints, time-outs, and what becomes of errors.
//
// A middleware within the SDK's deserializer takes the body of a good answer and leaves an empty body behind, of which
// the SDK makes the metadata. The body's bytes are walked once, and a record is decoded straight from them when it is
// asked for. Whatever is no good answer in JSON reaches the SDK's deserializer whole. The records keep Lambda's wire
// shape: base64 text, creation time as a number.
import { type DynamoDBStreamsClient, GetRecordsCommand } from '@aws-sdk/client-dynamodb-streams';
import type { StreamRecord } from '../../model/wire.js';
import { observeAttempts } from '../api/observe-attempts.js';
import type { ApiCall, RecordsPage } from '../api/stream-api.js';
import { BodyPool } from './body-pool.js';
import { parsedRecords } from './record-list.js';
import { scanPage } from './scan-page.js';

const RECORDS_A_PAGE = 1_000;
/** A page holds 1 MB of items; as JSON, and as base64, somewhat more. What claims to be larger is taken as it comes. */
const LARGEST_ANSWER = 64 * 1_048_576;
const FIRST_BODY_BYTES = 16_384;
const NOTHING = new Uint8Array(0);

/** A page as JSON has it. */
interface ParsedPage {
  readonly Records?: readonly StreamRecord[] | undefined;
  readonly NextShardIterator?: string | null | undefined;
}

/** What an HTTP handler answers, as far as it matters here. */
interface RawResponse {
  readonly statusCode: number;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  body?: unknown;
}

/** Reads one page. Rejects as `client.send(new GetRecordsCommand(…))` would, with the same error classes. */
export async function getRecords(
  client: DynamoDBStreamsClient,
  iterator: string,
  { signal: abortSignal, onRetried }: ApiCall,
  bodies: BodyPool = new BodyPool(),
): Promise<RecordsPage> {
  const command = new GetRecordsCommand({ ShardIterator: iterator, Limit: RECORDS_A_PAGE });
  let page: RecordsPage | undefined;
  command.middlewareStack.add(
    (next) => async (args) => {
      page = undefined;
      const result = await next(args);
      page = await takePage(result.response, bodies);
      return result;
    },
    // Low priority is closest to the wire: inside the SDK's deserializer, which has the normal one.
    { name: 'ddbcdcTakePage', step: 'deserialize', priority: 'low' },
  );
  observeAttempts(command.middlewareStack, onRetried);
  const { Records, NextShardIterator } = await client.send(command, { abortSignal });
  // A response that was not taken was deserialized by the SDK: the decoder takes that shape too.
  return page ?? toPage({ Records: Records as readonly StreamRecord[] | undefined, NextShardIterator });
}

/** The page in the body of a good answer, which is then empty; undefined, with the body whole, for any other. */
async function takePage(response: unknown, bodies: BodyPool): Promise<RecordsPage | undefined> {
  if (!isRawResponse(response) || response.statusCode !== 200) return undefined;
  const isRead = response.body instanceof Uint8Array;
  const bytes = await readBody(response, bodies);
  if (bytes === undefined) return undefined;
  // What another middleware has read is that one's.
  const giveBack = (): void => (isRead ? undefined : bodies.give(Buffer.from(bytes.buffer)));
  const page = scanPage(bytes, giveBack) ?? parsePage(bytes);
  response.body = page === undefined ? bytes : NOTHING;
  return page;
}

/** What the scan refuses is parsed as a whole. Undefined for what is no page. */
function parsePage(bytes: Buffer): RecordsPage | undefined {
  let page: unknown;
  try {
    page = JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
  if (typeof page !== 'object' || page === null || !Array.isArray((page as ParsedPage).Records ?? []))
    return undefined;
  // A cast at a parsing boundary: the service's contract, its one array checked above; the decoder checks every record.
  return toPage(page as ParsedPage);
}

function toPage({ Records, NextShardIterator: next }: ParsedPage): RecordsPage {
  return { records: parsedRecords(Records ?? []), ...(next === undefined || next === null ? {} : { next }) };
}

/**
 * The bytes of a Node stream or of a body that is there already; undefined for what only the SDK can read. They go into
 * one buffer as they come, when the answer says how many there will be.
 */
async function readBody({ body, headers }: RawResponse, bodies: BodyPool): Promise<Buffer | undefined> {
  if (body instanceof Uint8Array) return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  if (!isReadable(body)) return undefined;
  const length = Number(headers?.['content-length'] ?? 0);
  let bytes = bodies.take(length > 0 && length <= LARGEST_ANSWER ? length : FIRST_BODY_BYTES);
  let filled = 0;
  for await (const chunk of body) {
    const part = chunk instanceof Uint8Array ? chunk : Buffer.from(String(chunk));
    if (filled + part.length > bytes.length) {
      const larger = bodies.take(Math.max(filled + part.length, bytes.length * 2));
      bytes.copy(larger, 0, 0, filled);
      bodies.give(bytes);
      bytes = larger;
    }
    bytes.set(part, filled);
    filled += part.length;
  }
  return bytes.subarray(0, filled);
}

function isRawResponse(response: unknown): response is RawResponse {
  return typeof response === 'object' && response !== null && 'statusCode' in response && 'body' in response;
}

/** A Node stream that nobody has read from. */
function isReadable(body: unknown): body is AsyncIterable<unknown> {
  if (typeof body !== 'object' || body === null || !(Symbol.asyncIterator in body)) return false;
  const { readableDidRead, readableEnded } = body as { readableDidRead?: boolean; readableEnded?: boolean };
  return readableDidRead !== true && readableEnded !== true && 'pipe' in body;
}
