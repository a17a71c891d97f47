// The promises of seed, tail and the mapping, kept under a heavy mix of everything that AWS does to its clients.

import { FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { CreateEventSourceMappingCommand, CreateFunctionCommand } from '@aws-sdk/client-lambda';
import { expect, it } from 'vitest';
import { seedItems } from '../../src/seed/write.js';
import type { ChangeEvent, GapEvent, TailEvent } from '../../src/stream/events.js';
import { tailStream } from '../../src/stream/tail.js';
import { type FaultyEngine, startFaultyEngine } from '../helpers/faulty-engine.js';
import { makeZip, ROLE } from '../local/functions/compute-harness.js';

const TABLE = 'Faulty';
const COUNT = 600;
/** Each item is written so often: one item's changes must stay in order. */
const VERSIONS = 3;
const TRIMS = 5;
/** Far more than it takes to meet that many trims. */
const MOST_WRITES = 10_000;
/** Only a tail that has failed lasts so long. */
const TAIL_MS = 40_000;

const WRITE_FAULTS = [
  'BatchWriteItem:throttle=10%',
  'BatchWriteItem:error=10%',
  'BatchWriteItem:cut=10%',
  'BatchWriteItem:unprocessed=30%',
];
const READ_FAULTS = [
  'GetRecords:throttle=10%',
  'GetRecords:error=5%',
  'GetRecords:cut=5%',
  'GetRecords:expire=5%',
  'GetRecords:empty=10%',
  'GetRecords:null-iterator=15%',
  'GetRecords:duplicate=10%',
  'GetRecords:small-pages=40',
  'GetShardIterator:throttle=10%',
  'GetShardIterator:error=5%',
];
const LISTING_FAULTS = [
  'DescribeStream:throttle=10%',
  'DescribeStream:error=5%',
  'DescribeStream:late-children=300ms',
  'DescribeStream:missing-shard=10%',
  'DescribeStream:repeated-shard=20%',
  'DescribeStream:small-pages=3',
  'DescribeStream:page-error=10%',
];
const INVOKE_FAULTS = ['Invoke:throttle=10%', 'Invoke:error=10%', 'Invoke:cut=10%', 'Invoke:delay=1ms..10ms'];

interface Seen {
  readonly id: number;
  readonly version: number;
  readonly seq: string;
  readonly eventId: string;
}

/** Writes every item once at this version, and rolls the shards in the middle of it. */
async function seedVersion(faulty: FaultyEngine, version: number, rolls: number) {
  let rolled = 0;
  const pending: Promise<unknown>[] = [];
  const result = await seedItems({
    dynamodb: faulty.dynamodb,
    table: TABLE,
    count: COUNT,
    concurrency: 8,
    makeItem: (i) => ({ Id: { N: String(i) }, Version: { N: String(version) } }),
    signal: new AbortController().signal,
    onProgress: ({ written }) => {
      if (rolled >= rolls || written < ((rolled + 1) * COUNT) / (rolls + 1)) return;
      rolled += 1;
      pending.push(faulty.admin(rolled === 2 ? 'SplitShard' : 'RollShards', { TableName: TABLE }));
    },
  });
  await Promise.all(pending);
  return result;
}

interface FollowOptions {
  readonly expect?: number;
  readonly signal?: AbortSignal;
  readonly onSeen?: (change: Seen) => void;
}

/** A tail from the horizon that has begun, and what it has given so far. */
async function follow(faulty: FaultyEngine, { onSeen, ...options }: FollowOptions) {
  const events: TailEvent[] = [];
  const seen: Seen[] = [];
  let begin = (): void => {};
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const tail = tailStream({
    streams: faulty.streams,
    dynamodb: faulty.dynamodb,
    table: TABLE,
    loopback: true,
    position: { type: 'trim-horizon' },
    follow: true,
    forMs: TAIL_MS,
    ...options,
  });
  const done = (async () => {
    for await (const event of tail) {
      if (event.type === 'change') {
        const { seq = '', eventId = '' } = event.change;
        const change = { id: attribute(event, 'Id'), version: attribute(event, 'Version'), seq, eventId };
        seen.push(change);
        onSeen?.(change);
      } else events.push(event);
      begin();
    }
  })();
  await Promise.race([begun, done]);
  return { events, seen, done };
}

function attribute({ record }: ChangeEvent, name: string): number {
  const value = record.dynamodb?.NewImage?.[name];
  return value !== undefined && 'N' in value ? Number(value.N) : Number.NaN;
}

/** For each item, its versions in the order in which they were seen. */
function byItem(seen: readonly Pick<Seen, 'id' | 'version'>[]): Map<number, number[]> {
  const versions = new Map<number, number[]>();
  for (const { id, version } of seen) versions.set(id, [...(versions.get(id) ?? []), version]);
  return versions;
}

/** What the function logged of each batch, in the order in which it was called. */
async function processed(faulty: FaultyEngine): Promise<Pick<Seen, 'id' | 'version'>[]> {
  const found: Pick<Seen, 'id' | 'version'>[] = [];
  let nextToken: string | undefined;
  do {
    const page = await faulty.logs.send(
      new FilterLogEventsCommand({ logGroupName: '/aws/lambda/worker', filterPattern: 'BATCH', nextToken }),
    );
    for (const { message = '' } of page.events ?? []) {
      // The function's own line, below.
      const batch = JSON.parse(message.split('BATCH ')[1] ?? '[]') as [number, number][];
      for (const [id, version] of batch) found.push({ id, version });
    }
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return found;
}

const LOG_BATCH = `exports.handler = async ({ Records }) => {
  const versions = Records.map(({ dynamodb: { NewImage } }) => [Number(NewImage.Id.N), Number(NewImage.Version.N)]);
  console.log('BATCH ' + JSON.stringify(versions));
};`;

async function mapToFunction(faulty: FaultyEngine, streamArn: string): Promise<void> {
  await faulty.lambda.send(
    new CreateFunctionCommand({
      FunctionName: 'worker',
      Role: ROLE,
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Code: { ZipFile: makeZip({ 'index.js': LOG_BATCH }) },
    }),
  );
  await faulty.lambda.send(
    new CreateEventSourceMappingCommand({
      FunctionName: 'worker',
      EventSourceArn: streamArn,
      StartingPosition: 'TRIM_HORIZON',
      BatchSize: 100,
    }),
  );
}

async function fired(faulty: FaultyEngine): Promise<Record<string, number>> {
  const { Rules } = await faulty.getFaults();
  return Object.fromEntries(Rules.map(({ Rule, Fired }) => [Rule, Fired]));
}

const allVersions = Array.from({ length: VERSIONS }, (_, version) => version + 1);

it('writes, sees and processes everything under a heavy mix of faults', async () => {
  await using faulty = await startFaultyEngine();
  await mapToFunction(faulty, await faulty.createTable(TABLE));
  const { seen, events, done } = await follow(faulty, { expect: COUNT * VERSIONS });
  await faulty.setFaults([...WRITE_FAULTS, ...READ_FAULTS, ...LISTING_FAULTS, ...INVOKE_FAULTS], 7);

  for (const version of allVersions) {
    const seeded = await seedVersion(faulty, version, 3);
    expect(seeded).toMatchObject({ requested: COUNT, written: COUNT, failed: 0 });
    expect(seeded.retried).toBeGreaterThan(0);
  }
  await done;
  // The mix is only as good as what came of it.
  const counts = await fired(faulty);
  for (const rule of [...WRITE_FAULTS, ...INVOKE_FAULTS]) expect(counts[rule], rule).toBeGreaterThan(0);
  const total = (rules: readonly string[]): number =>
    rules.reduce((sum, rule) => sum + (counts[rule] ?? 0), 0);
  expect(total(READ_FAULTS)).toBeGreaterThan(20);
  expect(total(LISTING_FAULTS)).toBeGreaterThan(5);

  // Exactly once, each item's changes in the order in which they were made, and nothing missed.
  expect(events.at(-1)).toMatchObject({
    type: 'end',
    reason: 'expected',
    records: COUNT * VERSIONS,
    gaps: 0,
  });
  expect(new Set(seen.map(({ eventId }) => eventId)).size).toBe(COUNT * VERSIONS);
  expect(byItem(seen)).toStrictEqual(new Map(seen.map(({ id }) => [id, allVersions])));
  expect(byItem(seen).size).toBe(COUNT);

  // The mapping: at least once, and no item's first sight of a change before that of an earlier one.
  await expect
    .poll(async () => new Set((await processed(faulty)).map(({ id, version }) => `${id}/${version}`)).size, {
      timeout: 30_000,
    })
    .toBe(COUNT * VERSIONS);
  const firstSights = new Map<number, number[]>();
  for (const [id, versions] of byItem(await processed(faulty))) firstSights.set(id, [...new Set(versions)]);
  expect(new Set([...firstSights.values()].map((versions) => versions.join()))).toStrictEqual(
    new Set([allVersions.join()]),
  );
});

const TRIM = 'GetRecords:trim=20%';

it('reports a gap for every loss to a trim, and for nothing else', async () => {
  await using faulty = await startFaultyEngine();
  await faulty.createTable(TABLE);
  let last = Number.POSITIVE_INFINITY;
  let sawLast = (): void => {};
  const atEnd = new Promise<void>((resolve) => {
    sawLast = resolve;
  });
  const end = new AbortController();
  const { seen, events, done } = await follow(faulty, {
    signal: end.signal,
    onSeen: ({ id }) => {
      if (id >= last) sawLast();
    },
  });
  // One after the other, in one shard: ids are in the order of the stream, so that a hole in them is a loss.
  const write = (id: number) =>
    faulty.dynamodb.send(
      new PutItemCommand({ TableName: TABLE, Item: { Id: { N: String(id) }, Version: { N: '1' } } }),
    );
  await faulty.setFaults([...READ_FAULTS, TRIM], 11);
  let written = 0;
  while (written < MOST_WRITES && ((await fired(faulty))[TRIM] ?? 0) < TRIMS) {
    for (const pause = written + 25; written < pause; written += 1) await write(written);
  }
  // What comes now cannot be lost, but for the first to a trim that is under way.
  await faulty.setFaults(READ_FAULTS, 12);
  last = written;
  await write(last);
  await write(last + 1);
  await Promise.race([atEnd, done]);
  end.abort();
  await done;

  const holes: string[] = [];
  for (const [index, { id }] of seen.entries()) {
    const before = seen[index - 1];
    // Before anything is read, there is nothing that a trim could take from a reader at the horizon.
    if (before === undefined) expect(id).toBe(0);
    else if (id !== before.id + 1) holes.push(before.seq);
    if (before !== undefined) expect(id).toBeGreaterThan(before.id);
  }
  const gaps = events.filter((event): event is GapEvent => event.type === 'gap');
  expect(holes.length).toBeGreaterThan(0);
  expect([...new Set(gaps.map(({ lastSeen }) => lastSeen))]).toStrictEqual(holes);
  for (const { lastSeen, firstAvailable } of gaps) {
    if (firstAvailable === undefined) continue; // nothing was left in the shard then
    const index = seen.findIndex(({ seq }) => seq === lastSeen);
    expect(seen[index + 1]?.seq).toBe(firstAvailable);
  }
});
