import {
  DynamoDBStreamsServiceException,
  ExpiredIteratorException,
  GetRecordsCommand,
  TrimmedDataAccessException,
} from '@aws-sdk/client-dynamodb-streams';
import { afterEach, describe, expect, it } from 'vitest';
import { decodeRecord, type StreamRecord } from '../../../src/model/index.js';
import { BodyPool } from '../../../src/stream/records/body-pool.js';
import { getRecords } from '../../../src/stream/records/get-records.js';
import { type Answer, type CannedServer, startCannedServer } from '../helpers/canned-server.js';
import { recordsOf } from '../helpers/records-of.js';

const RECORD = {
  eventID: 'e1',
  eventName: 'INSERT',
  eventVersion: '1.1',
  eventSource: 'aws:dynamodb',
  awsRegion: 'us-east-1',
  dynamodb: {
    ApproximateCreationDateTime: 1_768_435_200,
    Keys: { Id: { N: '1' } },
    NewImage: {
      Id: { N: '1' },
      Data: { B: 'AAECAw==' },
      Name: { S: 'naïve 🙂' },
      Many: { BS: ['AQ==', 'Ag=='] },
    },
    SequenceNumber: '000000000000000000001',
    SizeBytes: 33,
    StreamViewType: 'NEW_IMAGE',
  },
} as const;

let server: CannedServer | undefined;

async function serve(answer: Answer): Promise<CannedServer> {
  server = await startCannedServer(answer);
  return server;
}

afterEach(async () => {
  await server?.close();
  server = undefined;
});

const never = { signal: new AbortController().signal };

/** A page with its records parsed. */
async function read(streams: CannedServer['streams'], iterator: string) {
  const { records, ...page } = await getRecords(streams, iterator, never);
  return { records: recordsOf(records), ...page };
}

describe('getRecords', () => {
  it('gives the records in wire shape, the next iterator and the attempts', async () => {
    const { streams, headers } = await serve(() => ({
      body: { Records: [RECORD], NextShardIterator: 'next' },
    }));
    expect(await read(streams, 'first')).toStrictEqual({ records: [RECORD], next: 'next' });
    expect(headers[0]?.authorization).toMatch(/^AWS4-HMAC-SHA256 Credential=test\//);
  });

  it('decodes to what the SDK gives', async () => {
    const { streams } = await serve(() => ({ body: { Records: [RECORD], NextShardIterator: 'next' } }));
    const { records } = await getRecords(streams, 'first', never);
    const slow = await streams.send(new GetRecordsCommand({ ShardIterator: 'first' }));
    const changes = (slow.Records ?? []).map((record) => decodeRecord(record as StreamRecord));
    expect(recordsOf(records).map((record) => decodeRecord(record))).toStrictEqual(changes);
  });

  it('has no next iterator at the end of a shard', async () => {
    const { streams } = await serve(() => ({ body: { Records: [] } }));
    expect(await read(streams, 'last')).toStrictEqual({ records: [] });
    await server?.close();
    const again = await serve(() => ({ body: { Records: [], NextShardIterator: null } }));
    expect(await read(again.streams, 'last')).toStrictEqual({ records: [] });
  });

  it('rejects with the error classes of the SDK', async () => {
    const { streams } = await serve((_, { ShardIterator }) => ({
      status: 400,
      body: { __type: `com.amazonaws.dynamodb.v20120810#${String(ShardIterator)}`, message: 'as canned' },
    }));
    await expect(getRecords(streams, 'ExpiredIteratorException', never)).rejects.toBeInstanceOf(
      ExpiredIteratorException,
    );
    const trimmed = await getRecords(streams, 'TrimmedDataAccessException', never).catch((e: unknown) => e);
    expect(trimmed).toBeInstanceOf(TrimmedDataAccessException);
    expect(trimmed).toMatchObject({
      message: 'as canned',
      $metadata: { httpStatusCode: 400, requestId: 'request-1' },
    });
    const other = await getRecords(streams, 'SomethingElse', never).catch((e: unknown) => e);
    expect(other).toBeInstanceOf(DynamoDBStreamsServiceException);
    expect(other).toMatchObject({ name: 'SomethingElse' });
  });

  it('leaves retries to the SDK, and tells of each', async () => {
    let asked = 0;
    const { streams } = await serve(() => {
      asked += 1;
      if (asked === 1) return { status: 500, body: { __type: 'InternalServerError' } };
      return { body: { Records: [RECORD], NextShardIterator: 'next' } };
    });
    const retried: unknown[] = [];
    const call = { ...never, onRetried: (error: unknown, delayMs: number) => retried.push([error, delayMs]) };
    expect(await getRecords(streams, 'first', call)).toMatchObject({ next: 'next' });
    expect(retried).toMatchObject([[{ name: 'InternalServerError' }, expect.any(Number)]]);
  });

  it('asks again when the connection is cut within a page', async () => {
    let asked = 0;
    const { streams } = await serve(() => {
      asked += 1;
      return { body: { Records: [RECORD], NextShardIterator: 'next' }, isCut: asked === 1 };
    });
    const read = getRecords(streams, 'first', never).catch((error: unknown) => error);
    const result = await read;
    if (result instanceof Error) expect(result).toMatchObject({ code: 'ECONNRESET' });
    else expect(result).toMatchObject({ next: 'next' });
  });

  it('leaves an answer that is no JSON to the SDK, whose error it is', async () => {
    const { streams } = await serve(() => ({ body: '<html>proxy</html>' }));
    await expect(getRecords(streams, 'first', never)).rejects.toBeInstanceOf(SyntaxError);
  });

  it('takes a body that another middleware has read already', async () => {
    const { streams } = await serve(() => ({ body: { Records: [RECORD], NextShardIterator: 'next' } }));
    streams.middlewareStack.add(
      (next) => async (args) => {
        const result = await next(args);
        const response = result.response as { body: AsyncIterable<Uint8Array> | string };
        const chunks: Uint8Array[] = [];
        for await (const chunk of response.body as AsyncIterable<Uint8Array>) chunks.push(chunk);
        response.body = new Uint8Array(Buffer.concat(chunks)) as never;
        return result;
      },
      { step: 'deserialize', priority: 'low', name: 'reader' },
    );
    const { records, next } = await getRecords(streams, 'first', never);
    expect(next).toBe('next');
    expect(recordsOf(records).map((record) => decodeRecord(record))).toStrictEqual([decodeRecord(RECORD)]);
  });

  it('rejects when aborted', async () => {
    const { streams } = await serve(() => ({ body: { Records: [] } }));
    await expect(getRecords(streams, 'first', { signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: 'AbortError',
    });
  });

  it('reads what the scan refuses as well', async () => {
    const body = JSON.stringify({ Records: [RECORD], NextShardIterator: 'next' }).replace(
      'Next',
      '\\u004eext',
    );
    const { streams } = await serve(() => ({ body }));
    expect(await read(streams, 'first')).toStrictEqual({ records: [RECORD], next: 'next' });
  });

  it('uses a buffer again only when its records were released', async () => {
    const { streams } = await serve((_, { ShardIterator }) => ({
      body: { Records: [{ ...RECORD, eventID: ShardIterator }] },
    }));
    const bodies = new BodyPool();
    const [first, second] = [
      await getRecords(streams, 'first', never, bodies),
      await getRecords(streams, 'second', never, bodies),
    ];
    const ids = [first, second].map(({ records }) => records.record(0).eventID);
    expect(ids).toStrictEqual(['first', 'second']);
    first.records.release();
    const third = await getRecords(streams, 'third', never, bodies);
    expect(third.records.record(0).eventID).toBe('third');
    expect(second.records.record(0).eventID).toBe('second');
    expect(first.records.length).toBe(0);
  });

  it('reads an answer of a length that is not announced', async () => {
    const long = { ...RECORD, eventID: 'x'.repeat(200_000) };
    const { streams } = await serve(() => ({
      body: { Records: [long] },
      headers: { 'transfer-encoding': 'chunked' },
    }));
    expect((await read(streams, 'first')).records).toStrictEqual([long]);
  });
});
