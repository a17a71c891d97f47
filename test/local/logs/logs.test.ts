import { appendFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LogStore } from '../../../src/local/logs/log-store.js';
import { createLogsService } from '../../../src/local/logs/logs-service.js';

const GROUP = '/aws/lambda/worker';
const SMALL = { segmentBytes: 2000, groupBytes: 10_000 };
let dataDir: string;
let now: number;
let store: LogStore;

const open = (limits = { segmentBytes: 2000, groupBytes: 1_000_000 }): Promise<LogStore> =>
  LogStore.open({ dataDir, now: () => now }, limits);

async function call(operation: string, input: object): Promise<Record<string, unknown>> {
  const service = createLogsService(store, { region: 'us-east-1', accountId: '000000000000' });
  const { status, body } = await service.handle({
    operation,
    method: 'POST',
    path: '/',
    query: new URLSearchParams(),
    headers: {},
    body: Buffer.from(JSON.stringify(input)),
    signal: new AbortController().signal,
  });
  return { status, ...(body as object) };
}

interface Page {
  readonly events: readonly { message: string; logStreamName: string; timestamp: number; eventId: string }[];
  readonly nextToken?: string;
  readonly nextForwardToken: string;
  readonly nextBackwardToken: string;
}

async function filterAll(input: object): Promise<Page['events'][number][]> {
  const found: Page['events'][number][] = [];
  let nextToken: string | undefined;
  do {
    const page = (await call('FilterLogEvents', {
      logGroupName: GROUP,
      ...input,
      nextToken,
    })) as unknown as Page;
    found.push(...page.events);
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return found;
}

const messages = (events: Page['events']): string[] => events.map(({ message }) => message);
const numbered = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, index) => `line ${from + index}\n`);

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'ddbcdc-logs-'));
  now = 1_700_000_000_000;
  store = await open();
});
afterEach(async () => {
  await store.close();
  await rm(dataDir, { recursive: true, force: true });
});

describe('the log store behind the Logs API', () => {
  it('gives back every line in order, across segments, pages and a restart', async () => {
    const group = await store.ensure(GROUP);
    for (let index = 0; index < 300; index += 10) {
      now += 1;
      group.append(index % 20 === 0 ? 'a' : 'b', numbered(index, index + 10));
    }
    expect(messages(await filterAll({ limit: 7 }))).toStrictEqual(numbered(0, 300));
    await store.close();
    store = await open();
    now += 1;
    (await store.ensure(GROUP)).append('a', numbered(300, 310));
    const events = await filterAll({ limit: 100 });
    expect(messages(events)).toStrictEqual(numbered(0, 310));
    expect(new Set(events.map(({ eventId }) => eventId)).size).toBe(310);
    expect((await readdir(join(dataDir, 'logs', '%2f%aws%2f%lambda%2f%worker'))).length).toBeGreaterThan(5);
  });

  it('finds by time, stream and text', async () => {
    const group = await store.ensure(GROUP);
    for (let index = 0; index < 100; index += 1) {
      now += 10;
      group.append(`stream-${index % 3}`, [`value ${index} ${index % 2 === 0 ? 'even' : 'odd'}`]);
    }
    const start = 1_700_000_000_000;
    expect(messages(await filterAll({ startTime: start + 500, endTime: start + 520 }))).toStrictEqual([
      'value 49 odd',
      'value 50 even',
      'value 51 odd',
    ]);
    expect(await filterAll({ logStreamNames: ['stream-0'] })).toHaveLength(34);
    expect(await filterAll({ logStreamNamePrefix: 'stream-' })).toHaveLength(100);
    expect(messages(await filterAll({ filterPattern: '"value 5" even' }))).toStrictEqual(
      [50, 52, 54, 56, 58].map((index) => `value ${index} even`),
    );
    expect(await filterAll({ filterPattern: '?even ?odd' })).toHaveLength(100);
    expect(await filterAll({ filterPattern: 'value -odd' })).toHaveLength(50);
    expect(
      await call('FilterLogEvents', { logGroupName: GROUP, filterPattern: '{ $.a = 1 }' }),
    ).toMatchObject({
      status: 400,
      __type: 'InvalidParameterException',
    });
  });

  it('goes on after a write that a crash has torn', async () => {
    const group = await store.ensure(GROUP);
    group.append('a', numbered(0, 3));
    await store.close();
    const [segment = ''] = (await readdir(group.dir)).filter((name) => name.endsWith('.jsonl'));
    await appendFile(join(group.dir, segment), '[1700000000000,"a","torn');
    store = await open();
    (await store.ensure(GROUP)).append('a', numbered(3, 5));
    expect(messages(await filterAll({}))).toStrictEqual(numbered(0, 5));
  });

  it('keeps within its size by giving up the oldest segments', async () => {
    await store.close();
    store = await open(SMALL);
    const group = await store.ensure(GROUP);
    for (let index = 0; index < 1000; index += 20) {
      group.append('a', numbered(index, index + 20));
      await group.flush();
    }
    const kept = messages(await filterAll({}));
    expect(kept).toStrictEqual(numbered(1000 - kept.length, 1000));
    expect(kept.length).toBeLessThan(400);
    expect(group.segments().reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(12_000);
  });

  it('pages one stream forwards and backwards', async () => {
    const group = await store.ensure(GROUP);
    for (let index = 0; index < 20; index += 1)
      group.append(index % 2 === 0 ? 'even' : 'odd', [String(index)]);
    const get = async (input: object): Promise<Page> =>
      (await call('GetLogEvents', {
        logGroupName: GROUP,
        logStreamName: 'even',
        limit: 4,
        ...input,
      })) as unknown as Page;
    const first = await get({ startFromHead: true });
    expect(messages(first.events)).toStrictEqual(['0', '2', '4', '6']);
    const second = await get({ nextToken: first.nextForwardToken });
    expect(messages(second.events)).toStrictEqual(['8', '10', '12', '14']);
    const third = await get({ nextToken: second.nextForwardToken });
    expect(messages(third.events)).toStrictEqual(['16', '18']);
    const end = await get({ nextToken: third.nextForwardToken });
    expect(end).toMatchObject({ events: [], nextForwardToken: third.nextForwardToken });
    const latest = await get({});
    expect(messages(latest.events)).toStrictEqual(['12', '14', '16', '18']);
    const before = await get({ nextToken: latest.nextBackwardToken });
    expect(messages(before.events)).toStrictEqual(['4', '6', '8', '10']);
  });

  it('describes groups and streams, and keeps retention and tags', async () => {
    expect(await call('CreateLogGroup', { logGroupName: GROUP, tags: { a: '1' } })).toStrictEqual({
      status: 200,
    });
    expect(await call('CreateLogGroup', { logGroupName: GROUP })).toMatchObject({
      status: 400,
      __type: 'ResourceAlreadyExistsException',
    });
    await call('PutRetentionPolicy', { logGroupName: GROUP, retentionInDays: 14 });
    expect(await call('PutRetentionPolicy', { logGroupName: GROUP, retentionInDays: 15 })).toMatchObject({
      status: 400,
    });
    const resourceArn = `arn:aws:logs:us-east-1:000000000000:log-group:${GROUP}`;
    await call('TagResource', { resourceArn, tags: { b: '2' } });
    await call('UntagResource', { resourceArn, tagKeys: ['a'] });
    (await store.ensure(GROUP)).append('2026/01/01/[$LATEST]x', ['hello']);
    await store.close();
    store = await open();
    expect(await call('ListTagsForResource', { resourceArn })).toStrictEqual({
      status: 200,
      tags: { b: '2' },
    });
    expect(await call('DescribeLogGroups', { logGroupNamePrefix: '/aws/lambda/' })).toStrictEqual({
      status: 200,
      logGroups: [
        {
          logGroupName: GROUP,
          creationTime: now,
          retentionInDays: 14,
          metricFilterCount: 0,
          arn: `${resourceArn}:*`,
          storedBytes: 48,
          logGroupClass: 'STANDARD',
          logGroupArn: resourceArn,
        },
      ],
    });
    expect(await call('DescribeLogStreams', { logGroupIdentifier: resourceArn })).toMatchObject({
      logStreams: [
        { logStreamName: '2026/01/01/[$LATEST]x', firstEventTimestamp: now, lastEventTimestamp: now },
      ],
    });
    await call('DeleteLogGroup', { logGroupName: GROUP });
    expect(await call('FilterLogEvents', { logGroupName: GROUP })).toStrictEqual({
      status: 400,
      __type: 'ResourceNotFoundException',
      message: 'The specified log group does not exist.',
    });
  });

  it('drops what the retention policy has outlived', async () => {
    const group = await store.ensure(GROUP);
    group.append('a', numbered(0, 100));
    await group.flush();
    now += 2 * 86_400_000;
    group.append('a', numbered(100, 200));
    await group.flush();
    await call('PutRetentionPolicy', { logGroupName: GROUP, retentionInDays: 1 });
    const [first] = messages(await filterAll({}));
    expect(Number(first?.split(' ')[1])).toBeGreaterThan(20);
  });

  it('begins a deleted group anew, with nothing of the old one', async () => {
    (await store.ensure(GROUP)).append('a', numbered(0, 50));
    await call('DeleteLogGroup', { logGroupName: GROUP });
    const [group, same] = await Promise.all([store.ensure(GROUP), store.ensure(GROUP)]);
    expect(group).toBe(same);
    group.append('a', ['new']);
    expect(messages(await filterAll({}))).toStrictEqual(['new']);
    await store.close();
    store = await open();
    expect(messages(await filterAll({}))).toStrictEqual(['new']);
  });

  it('shows each line once to a reader that goes on where it stopped, whatever is written meanwhile', async () => {
    const group = await store.ensure(GROUP);
    let written = 0;
    await fc.assert(
      fc.asyncProperty(fc.nat(30), fc.integer({ min: 1, max: 40 }), async (count, limit) => {
        now += 1;
        group.append('a', numbered(written, written + count));
        written += count;
        expect(messages(await filterAll({ limit }))).toStrictEqual(numbered(0, written));
      }),
      { numRuns: 30 },
    );
  });
});
