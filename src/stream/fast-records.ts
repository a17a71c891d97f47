// GetRecords without the SDK's generic deserializer: for a page of 1,000 records that is most of what a read costs.
// Everything else of the SDK stays: credentials, signing, retries, endpoints, time-outs, and what becomes of errors.
//
// A middleware within the SDK's deserializer takes the body of a good answer, parses it natively and leaves an empty
// body behind, of which the SDK makes the metadata. Whatever is no good answer in JSON reaches the SDK's deserializer
// whole. The records keep Lambda's wire shape: base64 text, creation time as a number.
import { StringDecoder } from 'node:string_decoder';
import { type DynamoDBStreamsClient, GetRecordsCommand } from '@aws-sdk/client-dynamodb-streams';
import type { StreamRecord } from '../model/wire.js';
import type { RecordsPage } from './stream-api.js';

const RECORDS_A_PAGE = 1_000;
const NOTHING = new Uint8Array(0);

interface RawPage {
  readonly Records?: readonly StreamRecord[];
  readonly NextShardIterator?: string | null;
}

/** What an HTTP handler answers, as far as it matters here. */
interface RawResponse {
  readonly statusCode: number;
  body?: unknown;
}

/** Reads one page. Rejects as `client.send(new GetRecordsCommand(…))` would, with the same error classes. */
export async function getRecordsFast(
  client: DynamoDBStreamsClient,
  iterator: string,
  abortSignal: AbortSignal,
): Promise<RecordsPage> {
  const command = new GetRecordsCommand({ ShardIterator: iterator, Limit: RECORDS_A_PAGE });
  let page: RawPage | undefined;
  command.middlewareStack.add(
    (next) => async (args) => {
      page = undefined;
      const result = await next(args);
      page = await takePage(result.response);
      return result;
    },
    // Low priority is closest to the wire: inside the SDK's deserializer, which has the normal one.
    { name: 'ddbcdcTakePage', step: 'deserialize', priority: 'low' },
  );
  const { Records, NextShardIterator, $metadata } = await client.send(command, { abortSignal });
  // A response that was not taken was deserialized by the SDK: the decoder takes that shape too.
  const records = page === undefined ? ((Records ?? []) as readonly StreamRecord[]) : (page.Records ?? []);
  const after = page === undefined ? NextShardIterator : page.NextShardIterator;
  return {
    records,
    ...(after === undefined || after === null ? {} : { next: after }),
    ...($metadata.attempts === undefined ? {} : { attempts: $metadata.attempts }),
  };
}

/** The parsed body of a good answer, which is then empty; undefined, with the body whole, for any other. */
async function takePage(response: unknown): Promise<RawPage | undefined> {
  if (!isRawResponse(response) || response.statusCode !== 200) return undefined;
  const text = await readBody(response.body);
  if (text === undefined) return undefined;
  let page: unknown;
  try {
    page = JSON.parse(text);
  } catch {
    response.body = Buffer.from(text);
    return undefined;
  }
  if (typeof page !== 'object' || page === null || !Array.isArray((page as RawPage).Records ?? [])) {
    response.body = Buffer.from(text);
    return undefined;
  }
  response.body = NOTHING;
  // A cast at a parsing boundary: the service's contract, its one array checked above; the decoder checks every record.
  return page as RawPage;
}

/**
 * The text of a Node stream or of a body that is there already; undefined for what only the SDK can read. Decoded chunk
 * by chunk: a page in one buffer would be as much memory again, outside the heap, where it is collected late.
 */
async function readBody(body: unknown): Promise<string | undefined> {
  if (body instanceof Uint8Array) {
    return Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8');
  }
  if (!isReadable(body)) return undefined;
  const decoder = new StringDecoder('utf8');
  let text = '';
  for await (const chunk of body) {
    text +=
      chunk instanceof Uint8Array
        ? decoder.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length))
        : chunk;
  }
  return text + decoder.end();
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
