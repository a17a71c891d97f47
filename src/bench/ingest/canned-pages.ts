// A backlog as canned bytes: one shard of so many records, a thousand a page, served on loopback. A page is made once
// and its numbers are written over for each request, so that the server costs next to nothing.
import { createServer, type Server } from 'node:http';
import { sampleItem } from '../../seed/items.js';

export const RECORDS_A_PAGE = 1_000;
const STREAM_ARN = 'arn:aws:dynamodb:us-east-1:000000000000:table/Backlog/stream/2026-01-01T00:00:00.000';
const SHARD_ID = 'shardId-00000001767225600000-00000001';
/** Where the backlog is, for a reader without a tail. */
export const BACKLOG = { table: 'Backlog', streamArn: STREAM_ARN, shard: SHARD_ID } as const;

/** Stands for a record's number, in as many digits, so that a page keeps its length. */
const PLACEHOLDER = '@@@@@@@@@@@@';
const PLACES_A_RECORD = 2;
const CREATED_AT_S = 1_767_225_600;

/** A server for `records` records, which must be whole pages. */
export function createCannedServer(records: number): Server {
  const pages = new CannedPages(makePage(), records);
  return createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const operation = String(request.headers['x-amz-target']).split('.').at(-1);
      // A cast at a parsing boundary: only the bench's own clients ask.
      const input = JSON.parse(Buffer.concat(chunks).toString()) as Input;
      const isPage = operation === 'GetRecords';
      const body = isPage ? pages.at(input.ShardIterator ?? '') : JSON.stringify(answerTo(operation, input));
      if (typeof body !== 'string') response.once('close', () => pages.giveBack(body));
      response.writeHead(200, {
        'content-type': 'application/x-amz-json-1.0',
        'content-length': Buffer.byteLength(body),
      });
      response.end(body);
    });
  });
}

interface Input {
  readonly ShardIterator?: string;
  /** With AFTER_SEQUENCE_NUMBER. */
  readonly SequenceNumber?: string;
}

interface Page {
  readonly bytes: Buffer;
  /** Where the numbers go, and which: of record 0 to 999, or of the first record after the page. */
  readonly places: readonly { readonly at: number; readonly record: number }[];
}

function makePage(): Page {
  const records = Array.from({ length: RECORDS_A_PAGE }, (_, i) => recordText(i)).join(',');
  const bytes = Buffer.from(`{"NextShardIterator":"backlog-${PLACEHOLDER}","Records":[${records}]}`);
  const places: { at: number; record: number }[] = [];
  for (let at = bytes.indexOf(PLACEHOLDER); at !== -1; at = bytes.indexOf(PLACEHOLDER, at + 1)) {
    const isIterator = places.length === 0;
    places.push({
      at,
      record: isIterator ? RECORDS_A_PAGE : Math.floor((places.length - 1) / PLACES_A_RECORD),
    });
  }
  return { bytes, places };
}

/** The reference's sample item as it comes out of a stream; event id and sequence number carry the record's number. */
function recordText(i: number): string {
  const { Id, Message, EntityType } = sampleItem(i, []);
  return JSON.stringify({
    awsRegion: 'us-east-1',
    dynamodb: {
      ApproximateCreationDateTime: CREATED_AT_S,
      Keys: { Id },
      NewImage: { EntityType, Id, Message },
      SequenceNumber: `100000000${PLACEHOLDER}`,
      SizeBytes: 68,
      StreamViewType: 'NEW_IMAGE',
    },
    eventID: `00000000000000000000${PLACEHOLDER}`,
    eventName: 'INSERT',
    eventSource: 'aws:dynamodb',
    eventVersion: '1.1',
  });
}

/** Pages in a few buffers that are used again: garbage of this size would stop the server now and then. */
class CannedPages {
  private readonly free: Buffer[] = [];

  constructor(
    private readonly page: Page,
    private readonly records: number,
  ) {}

  at(iterator: string): Buffer | string {
    const from = Number(iterator.slice('backlog-'.length));
    if (from >= this.records) return '{"Records":[]}';
    const bytes = this.free.pop() ?? Buffer.from(this.page.bytes);
    for (const { at, record } of this.page.places) writeNumber(bytes, at, from + record);
    return bytes;
  }

  giveBack(bytes: Buffer): void {
    this.free.push(bytes);
  }
}

/** In as many digits as the placeholder has. */
function writeNumber(bytes: Buffer, at: number, number: number): void {
  let rest = number;
  for (let i = at + PLACEHOLDER.length - 1; i >= at; i -= 1) {
    bytes[i] = 0x30 + (rest % 10);
    rest = Math.floor(rest / 10);
  }
}

function answerTo(operation: string | undefined, { SequenceNumber }: Input): unknown {
  switch (operation) {
    case 'DescribeTable':
      return {
        Table: {
          TableStatus: 'ACTIVE',
          LatestStreamArn: STREAM_ARN,
          StreamSpecification: { StreamEnabled: true },
        },
      };
    case 'DescribeStream':
      return {
        StreamDescription: {
          StreamArn: STREAM_ARN,
          StreamStatus: 'ENABLED',
          StreamViewType: 'NEW_IMAGE',
          Shards: [
            {
              ShardId: SHARD_ID,
              SequenceNumberRange: { StartingSequenceNumber: '1', EndingSequenceNumber: '9' },
            },
          ],
        },
      };
    default:
      return {
        ShardIterator: `backlog-${SequenceNumber === undefined ? 0 : Number(SequenceNumber.slice(-PLACEHOLDER.length)) + 1}`,
      };
  }
}
