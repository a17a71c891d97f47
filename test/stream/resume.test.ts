import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { collect, eventsOf, seen, simulatedRun } from './simulator/collect.js';
import { SimulatedStream } from './simulator/simulated-stream.js';
import { VirtualClock } from './simulator/virtual-clock.js';

const START = Date.UTC(2026, 0, 15);
const HOUR_MS = 3_600_000;
const YEAR_MS = 365 * 24 * HOUR_MS;

let dir: string;
let clock: VirtualClock;
let stream: SimulatedStream;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'ddbcdc-resume-'));
  clock = new VirtualClock(START);
  stream = new SimulatedStream({ clock, random: () => 0.5, pageSize: 10 });
});

afterEach(async () => {
  await rm(dir, { recursive: true, force: true });
});

function write(from: number, to: number): void {
  for (let item = from; item < to; item += 1) stream.write(item);
}

function items(from: number, to: number): string[] {
  return Array.from({ length: to - from }, (_, i) => `${from + i}:1`);
}

const named = () => ({ checkpoint: { name: 'mine', dir } });

/** The file is written in real time, and virtual time runs on meanwhile: nothing must be trimmed by that. */
const lasting = () => ({ ...named(), retentionMs: YEAR_MS });
function streamForYears(): void {
  stream = new SimulatedStream({ clock, random: () => 0.5, pageSize: 10, retentionMs: YEAR_MS });
}

describe('a named tail', () => {
  it('goes on where it stopped, within a batch too', async () => {
    write(0, 25);
    const first = await collect(stream, clock, { ...named(), limit: 13 });
    write(25, 40);
    const second = await collect(stream, clock, { ...named(), expect: 27 });
    expect(seen(first)).toStrictEqual(items(0, 13));
    expect(seen(second)).toStrictEqual(items(13, 40));
    expect(eventsOf(second, 'start')[0]?.from).toBe('checkpoint mine');
    expect(eventsOf(second, 'end')[0]).toMatchObject({ duplicates: 0, gaps: 0 });
  });

  it('shows what was written while nobody tailed, also after it saw nothing at all', async () => {
    write(0, 5);
    clock.advance(10_000);
    const stop = new AbortController();
    const latest = { ...named(), position: { type: 'latest' } } as const;
    const first = await collect(stream, clock, { ...latest, signal: stop.signal }, ({ type }) => {
      if (type === 'start') stop.abort();
    });
    expect(seen(first)).toStrictEqual([]);
    clock.advance(HOUR_MS);
    write(5, 10);
    stream.split(stream.leaves()[0] ?? expect.fail('no shard'));
    write(10, 15);
    const second = await collect(stream, clock, { ...latest, expect: 10 });
    expect(new Set(seen(second))).toStrictEqual(new Set(items(5, 15)));
    expect(eventsOf(second, 'end')[0]).toMatchObject({ skipped: 5, gaps: 0 });
  });

  it('does not count a change as taken when the consumer stops at it, and marks it', async () => {
    write(0, 5);
    const iterator = simulatedRun(stream, clock, named()).iterate();
    let count = 0;
    for (let step = await iterator.next(); !step.done; step = await iterator.next()) {
      if (step.value.type === 'change') count += 1;
      if (count === 3) break;
    }
    await iterator.return?.();
    const second = await collect(stream, clock, { ...named(), expect: 3 });
    expect(seen(second)).toStrictEqual(items(2, 5));
    expect(eventsOf(second, 'change').map(({ maybeRepeated }) => maybeRepeated)).toStrictEqual([
      true,
      undefined,
      undefined,
    ]);
  });

  it('reports what left the stream behind its position', async () => {
    write(0, 10);
    const first = await collect(stream, clock, { ...named(), limit: 4 });
    clock.advance(25 * HOUR_MS);
    write(10, 15);
    const second = await collect(stream, clock, { ...named(), expect: 5 });
    expect(seen(second)).toStrictEqual(items(10, 15));
    const [lastSeen, firstAvailable] = [stream.written[3]?.seq, stream.written[10]?.seq].map(String);
    expect(eventsOf(second, 'gap')).toStrictEqual([
      { type: 'gap', shard: stream.shards[0]?.id, lastSeen, firstAvailable, reason: 'trimmed' },
    ]);
    expect(eventsOf(second, 'end')[0]?.gaps).toBe(1);
    expect(seen(first)).toHaveLength(4);
  });

  it('reports a shard that is gone with what was in it', async () => {
    write(0, 10);
    await collect(stream, clock, { ...named(), limit: 4 });
    const [root] = stream.leaves();
    stream.roll(root ?? expect.fail('no shard'));
    clock.advance(25 * HOUR_MS);
    write(10, 15);
    const second = await collect(stream, clock, { ...named(), expect: 5 });
    expect(seen(second)).toStrictEqual(items(10, 15));
    expect(eventsOf(second, 'gap')[0]).toStrictEqual({
      type: 'gap',
      shard: root?.id,
      lastSeen: String(stream.written[3]?.seq),
      reason: 'the shard left the stream while nobody tailed it',
    });
  });

  it('drains the stream that it was in before it goes to the new one', async () => {
    write(0, 10);
    await collect(stream, clock, { ...named(), limit: 4 });
    const old = stream.arn;
    stream.replace();
    write(10, 15);
    const second = await collect(stream, clock, { ...named(), expect: 11 });
    expect(seen(second)).toStrictEqual([...items(4, 10), ...items(10, 15)]);
    expect(eventsOf(second, 'switch')).toMatchObject([{ from: old, to: stream.arn }]);
    write(15, 16);
    const third = await collect(stream, clock, { ...named(), expect: 1 });
    expect(seen(third)).toStrictEqual(items(15, 16));
    expect(eventsOf(third, 'start')[0]?.streamArn).toBe(stream.arn);
  });

  it('goes to the new stream too when it does not follow', async () => {
    streamForYears();
    write(0, 10);
    await collect(stream, clock, { ...lasting(), limit: 4 });
    stream.replace();
    write(10, 15);
    clock.advance(1_000);
    const second = await collect(stream, clock, { ...lasting(), follow: false });
    expect(seen(second)).toStrictEqual(items(4, 15));
    expect(eventsOf(second, 'end')[0]).toMatchObject({ reason: 'drained', gaps: 0 });
    write(15, 16);
    expect(seen(await collect(stream, clock, { ...lasting(), follow: false }))).toStrictEqual(items(15, 16));
  });

  it('does not take its place in the old stream for one in a new stream whose shards have the same ids', async () => {
    streamForYears();
    write(0, 10);
    await collect(stream, clock, { ...lasting(), follow: false });
    stream.replaceUnnoticed();
    write(10, 15);
    clock.advance(1_000);
    const second = await collect(stream, clock, { ...lasting(), follow: false });
    expect(seen(second)).toStrictEqual(items(10, 15));
    expect(eventsOf(second, 'switch')).toHaveLength(1);
  });

  it('reports what was unread of a stream that the server has no more, and reads the new one once', async () => {
    streamForYears();
    stream.findsByTable = true;
    write(0, 10);
    await collect(stream, clock, { ...lasting(), limit: 4 });
    const old = stream.shards[0]?.id;
    stream.replaceUnnoticed();
    write(10, 15);
    clock.advance(1_000);
    const second = await collect(stream, clock, { ...lasting(), follow: false });
    expect(seen(second)).toStrictEqual(items(10, 15));
    expect(eventsOf(second, 'gap')).toMatchObject([{ shard: old, lastSeen: String(stream.written[3]?.seq) }]);
    // A tail is announced before anything is said of it, also where it ends with what is said.
    expect(second[0]?.type).toBe('start');
    expect(eventsOf(second, 'end')[0]).toMatchObject({ records: 5, duplicates: 0, gaps: 1 });
  });

  it('goes through the streams that came and went between its runs', async () => {
    streamForYears();
    write(0, 10);
    await collect(stream, clock, { ...lasting(), limit: 4 });
    for (const from of [10, 15, 20]) {
      stream.replace();
      write(from, from + 5);
    }
    clock.advance(1_000);
    const second = await collect(stream, clock, { ...lasting(), follow: false });
    expect(seen(second)).toStrictEqual(items(4, 25));
    expect(eventsOf(second, 'switch')).toHaveLength(3);
    expect(eventsOf(second, 'end')[0]).toMatchObject({ reason: 'drained', gaps: 0 });
  });

  it('stays with the old stream until its consumer has taken all of it', async () => {
    streamForYears();
    write(0, 25);
    const tail = simulatedRun(stream, clock, lasting()).iterate();
    let replaced = false;
    for (let step = await tail.next(); !step.done; step = await tail.next()) {
      const { value } = step;
      if (value.type !== 'change') continue;
      if (!replaced) {
        replaced = true;
        stream.replace();
        write(25, 30);
        // Time enough for the reader to come to the end of the old stream while this change is in hand.
        await clock.sleep(60_000);
      }
      if (value.change.keys.Id === 12) break;
    }
    await tail.return?.();
    const second = await collect(stream, clock, { ...lasting(), expect: 18 });
    expect(seen(second)).toStrictEqual(items(12, 30));
    expect(eventsOf(second, 'end')[0]).toMatchObject({ gaps: 0, duplicates: 0 });
  });

  it('does not show again what it chose not to show', async () => {
    write(0, 10);
    const even = {
      ...named(),
      select: ({ keys }: { keys: Record<string, unknown> }) => Number(keys.Id) % 2 === 0,
    };
    const stop = new AbortController();
    await collect(stream, clock, { ...even, signal: stop.signal }, async ({ type }) => {
      // The next event is asked for, so the batch is taken, before the signal counts.
      if (type === 'batch') setImmediate(() => stop.abort());
    });
    write(10, 12);
    const second = await collect(stream, clock, { ...named(), expect: 2 });
    expect(seen(second)).toStrictEqual(items(10, 12));
  });
});
