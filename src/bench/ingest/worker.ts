// One reader of the backlog as a process of its own, for its time and its memory. Forked by bench-ingest with the
// endpoint and how to read; the figures go back as one message.
import { openSync, writeSync } from 'node:fs';
import { devNull } from 'node:os';
import { type AttributeValue, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from '@aws-sdk/client-dynamodb-streams';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { sampleModel } from '../../model/index.js';
import { tailLines } from '../../stream/tail.js';
import { keepHeapTight } from '../../stream/tight-heap.js';
import { createLineEncoder } from '../../ui/tail/encode-lines.js';
import { jsonLine } from '../../ui/tail/json-lines.js';
import { BACKLOG } from './canned-pages.js';

/** What a reader measured. */
export interface WorkerResult {
  readonly records: number;
  /** From the first page printed to the last: connecting and loading are not what is compared. */
  readonly timedRecords: number;
  readonly elapsedMs: number;
  readonly peakRssBytes: number;
}

const [endpoint = '', reader = ''] = process.argv.slice(2);
const config = {
  endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
};
const streams = new DynamoDBStreamsClient(config);
const PAGES_A_SAMPLE = 4;
const out = openSync(devNull, 'w');
let peakRssBytes = 0;
let pages = 0;
let startedAt = 0;
let endedAt = 0;
let recordsBefore = 0;

/** A page's lines in one write, as stdout would take them. */
function print(lines: string | Uint8Array, recordsSoFar: number): void {
  if (typeof lines === 'string') writeSync(out, lines);
  else writeSync(out, lines);
  if (pages === 0) {
    startedAt = performance.now();
    recordsBefore = recordsSoFar;
  }
  endedAt = performance.now();
  pages += 1;
  if (pages % PAGES_A_SAMPLE === 0) peakRssBytes = Math.max(peakRssBytes, process.memoryUsage.rss());
}

/** The tail's own pipeline, from the response body to JSON Lines. */
async function readByTail(): Promise<number> {
  keepHeapTight();
  let records = 0;
  const tail = tailLines(
    {
      streams,
      dynamodb: new DynamoDBClient(config),
      table: BACKLOG.table,
      loopback: true,
      position: { type: 'trim-horizon' },
      follow: false,
    },
    createLineEncoder({ model: sampleModel, images: undefined }),
  );
  for await (const event of tail) {
    if (event.type === 'lines') {
      records += event.lines;
      print(event.bytes, records);
    } else if (event.type === 'batch') writeSync(out, `${jsonLine(event)}\n`);
  }
  return records;
}

/** What people write: GetRecords, unmarshall, JSON.stringify, iterator after iterator. */
async function readBySdk(): Promise<number> {
  let records = 0;
  const { ShardIterator } = await streams.send(
    new GetShardIteratorCommand({
      StreamArn: BACKLOG.streamArn,
      ShardId: BACKLOG.shard,
      ShardIteratorType: 'TRIM_HORIZON',
    }),
  );
  for (let iterator = ShardIterator; iterator !== undefined; ) {
    const page = await streams.send(new GetRecordsCommand({ ShardIterator: iterator }));
    let lines = '';
    for (const { eventID, eventName, dynamodb } of page.Records ?? []) {
      // The two clients' types of attribute values are one shape under two names.
      const keys = unmarshall(dynamodb?.Keys as Record<string, AttributeValue>);
      const image = unmarshall(dynamodb?.NewImage as Record<string, AttributeValue>);
      lines += `${JSON.stringify({ eventID, eventName, keys, new: image, seq: dynamodb?.SequenceNumber })}\n`;
      records += 1;
    }
    print(lines, records);
    iterator = page.NextShardIterator;
  }
  return records;
}

const records = reader === 'tail' ? await readByTail() : await readBySdk();
const result: WorkerResult = {
  records,
  timedRecords: records - recordsBefore,
  elapsedMs: endedAt - startedAt,
  peakRssBytes,
};
process.send?.(result);
process.disconnect?.();
