import { describe, expect, it } from 'vitest';
import { collect, eventsOf, seen } from './simulator/collect.js';
import { seededRandom } from './simulator/scenario.js';
import { SimulatedStream, type SimulatedStreamOptions } from './simulator/simulated-stream.js';
import { VirtualClock } from './simulator/virtual-clock.js';

const START = Date.UTC(2026, 0, 15);

function simulate(options: Partial<SimulatedStreamOptions> = {}) {
  const clock = new VirtualClock(START);
  const stream = new SimulatedStream({ clock, random: () => 0.5, ...options });
  return { clock, stream };
}

function writeItems(stream: SimulatedStream, count: number): void {
  for (let item = 0; item < count; item += 1) stream.write(item);
}

describe('a tail from the trim horizon', () => {
  it('shows everything that is there and ends when drained', async () => {
    const { clock, stream } = simulate({ shards: 3 });
    writeItems(stream, 100);
    const events = await collect(stream, clock, { follow: false });
    expect(seen(events).length).toBe(100);
    expect(new Set(seen(events)).size).toBe(100);
    const [start] = eventsOf(events, 'start');
    expect(start).toStrictEqual({
      type: 'start',
      table: 'Simulated',
      streamArn: stream.arn,
      viewType: 'NEW_IMAGE',
      from: 'trim-horizon',
      shards: 3,
    });
    const [end] = eventsOf(events, 'end');
    expect(end).toMatchObject({ reason: 'drained', records: 100, shown: 100, duplicates: 0, gaps: 0 });
    expect(events.at(-1)).toBe(end);
  });

  it('gives back every page that it has handed out', async () => {
    const { clock, stream } = simulate({ pageSize: 10 });
    writeItems(stream, 30);
    const held: number[] = [];
    await collect(stream, clock, { follow: false }, ({ type }) => {
      if (type === 'batch') held.push(stream.pages.filter(({ length }) => length > 0).length);
    });
    // One page may be read ahead of the one in hand.
    expect(held).toHaveLength(3);
    expect(Math.max(...held)).toBeLessThanOrEqual(1);
  });

  it('reads a parent before its children, and says where a shard went', async () => {
    const { clock, stream } = simulate();
    writeItems(stream, 20);
    const [root] = stream.leaves();
    stream.split(root ?? expect.fail('no shard'));
    writeItems(stream, 20);
    const events = await collect(stream, clock, { expect: 40 });
    expect(seen(events).slice(0, 20)).toStrictEqual(Array.from({ length: 20 }, (_, item) => `${item}:1`));
    expect(new Set(seen(events)).size).toBe(40);
    const [, left, right] = stream.shards;
    const closed = eventsOf(events, 'shard').filter(({ state }) => state === 'closed');
    expect(closed).toStrictEqual([
      { type: 'shard', shard: root?.id, state: 'closed', children: [left?.id, right?.id] },
    ]);
    expect(eventsOf(events, 'end')[0]?.reason).toBe('expected');
  });

  it('shows no more than the limit, and accounts for no more', async () => {
    const { clock, stream } = simulate();
    writeItems(stream, 50);
    const events = await collect(stream, clock, { limit: 7 });
    expect(seen(events)).toStrictEqual(Array.from({ length: 7 }, (_, item) => `${item}:1`));
    expect(eventsOf(events, 'end')[0]).toMatchObject({ reason: 'limit', records: 7, shown: 7 });
  });

  it('counts what the caller did not choose', async () => {
    const { clock, stream } = simulate();
    writeItems(stream, 10);
    const events = await collect(stream, clock, {
      follow: false,
      select: ({ keys }) => Number(keys.Id) % 2 === 0,
    });
    expect(seen(events)).toStrictEqual(['0:1', '2:1', '4:1', '6:1', '8:1']);
    expect(eventsOf(events, 'end')[0]).toMatchObject({ records: 10, shown: 5, filtered: 5 });
  });
});

describe('a tail from now on', () => {
  it('shows what is written after it began, also to a child of an idle shard', async () => {
    const { clock, stream } = simulate();
    writeItems(stream, 5);
    stream.plan([
      { at: START + 10_000, run: (s) => s.leaves().forEach((shard) => void s.split(shard)) },
      { at: START + 10_001, run: (s) => writeItems(s, 5) },
    ]);
    const events = await collect(stream, clock, { position: { type: 'latest' }, expect: 5 });
    expect(seen(events).sort()).toStrictEqual(['0:2', '1:2', '2:2', '3:2', '4:2']);
  });

  it('ends when its time has passed', async () => {
    const { clock, stream } = simulate();
    const events = await collect(stream, clock, { position: { type: 'latest' }, forMs: 30_000, expect: 1 });
    expect(eventsOf(events, 'end')[0]).toMatchObject({ reason: 'time', records: 0, elapsedMs: 30_000 });
  });

  it('ends at the signal', async () => {
    const { clock, stream } = simulate();
    const stop = new AbortController();
    const events = await collect(
      stream,
      clock,
      { position: { type: 'latest' }, signal: stop.signal },
      ({ type }) => {
        if (type === 'start') stop.abort();
      },
    );
    expect(events.map(({ type }) => type)).toStrictEqual(['start', 'end']);
    expect(eventsOf(events, 'end')[0]?.reason).toBe('interrupted');
  });
});

describe('a stream that ends', () => {
  it('goes on at the new stream after the old one is drained', async () => {
    const { clock, stream } = simulate({ shards: 2 });
    const old = stream.arn;
    writeItems(stream, 30);
    stream.plan([
      { at: START + 5_000, run: (s) => writeItems(s, 30) },
      { at: START + 5_000, run: (s) => s.replace() },
      { at: START + 6_000, run: (s) => writeItems(s, 30) },
    ]);
    const events = await collect(stream, clock, { expect: 90 });
    expect(new Set(seen(events)).size).toBe(90);
    expect(eventsOf(events, 'switch')).toStrictEqual([
      { type: 'switch', from: old, to: stream.arn, reason: 'the stream was disabled' },
    ]);
    expect(eventsOf(events, 'end')[0]).toMatchObject({ reason: 'expected', gaps: 0 });
  });

  it('goes on at the new stream though the server answers for the old one as if it lived', async () => {
    const { clock, stream } = simulate();
    const old = stream.arn;
    writeItems(stream, 30);
    stream.plan([
      { at: START + 5_000, run: (s) => s.replaceUnnoticed() },
      { at: START + 5_001, run: (s) => writeItems(s, 20) },
    ]);
    const events = await collect(stream, clock, { position: { type: 'trim-horizon' }, expect: 50 });
    expect(seen(events)).toHaveLength(50);
    expect(eventsOf(events, 'switch')).toMatchObject([
      { from: old, to: stream.arn, reason: 'the table has another stream' },
    ]);
    expect(eventsOf(events, 'end')[0]).toMatchObject({ reason: 'expected', gaps: 0 });
  });

  it('reads each record once of a server that finds streams by their table, also when it opens an iterator anew', async () => {
    for (const expired of [0, 0.4]) {
      const { clock, stream } = simulate({ pageSize: 5, random: seededRandom(7) });
      stream.findsByTable = true;
      stream.faults = { ...stream.faults, expired };
      writeItems(stream, 30);
      stream.plan([
        { at: START + 6_000, run: (s) => s.replaceUnnoticed() },
        { at: START + 6_001, run: (s) => writeItems(s, 20) },
      ]);
      const events = await collect(stream, clock, { forMs: 60_000 });
      const seqs = eventsOf(events, 'change').map(({ change }) => change.seq);
      expect(new Set(seqs).size).toBe(seqs.length);
      expect(seqs).toStrictEqual(stream.written.map(({ seq }) => String(seq)));
      expect(eventsOf(events, 'switch')).toHaveLength(1);
    }
  });

  it('goes through the streams that came and went meanwhile, as long as they can be read', async () => {
    const { clock, stream } = simulate();
    writeItems(stream, 10);
    const arns = [stream.arn];
    stream.plan(
      [0, 1, 2].map((i) => ({
        at: START + 5_000 + i,
        run: (s) => {
          s.replace();
          arns.push(s.arn);
          writeItems(s, 10);
        },
      })),
    );
    const events = await collect(stream, clock, { expect: 40 });
    expect(seen(events)).toHaveLength(40);
    expect(eventsOf(events, 'switch').map(({ from, to }) => [from, to])).toStrictEqual(
      arns.slice(1).map((to, i) => [arns[i], to]),
    );
    expect(eventsOf(events, 'end')[0]).toMatchObject({ reason: 'expected', gaps: 0 });
  });

  it('counts the closed shards of all the streams that it went through', async () => {
    const { clock, stream } = simulate({ shards: 3 });
    writeItems(stream, 10);
    stream.plan([{ at: START + 5_000, run: (s) => s.replace(2) }]);
    const events = await collect(stream, clock, { forMs: 60_000 });
    expect(eventsOf(events, 'shard').filter(({ state }) => state === 'closed')).toHaveLength(3);
    expect(eventsOf(events, 'end')[0]?.shards).toStrictEqual({ open: 2, closed: 3, waiting: 0 });
  });

  it('ends when no other stream takes its place', async () => {
    const { clock, stream } = simulate();
    writeItems(stream, 3);
    stream.plan([{ at: START + 5_000, run: (s) => s.disable() }]);
    const events = await collect(stream, clock, {});
    expect(eventsOf(events, 'end')[0]).toMatchObject({ reason: 'streamEnded', records: 3, gaps: 0 });
  });
});

describe('preconditions', () => {
  it('refuses a table that is not there', async () => {
    const { clock, stream } = simulate();
    stream.vanish();
    await expect(collect(stream, clock, {})).rejects.toMatchObject({ code: 'table.notFound', exitCode: 3 });
  });

  it('refuses a table whose stream is disabled', async () => {
    const { clock, stream } = simulate();
    stream.disable();
    const tail = collect(stream, clock, { position: { type: 'latest' } });
    await expect(tail).rejects.toMatchObject({ code: 'table.noStream', exitCode: 3 });
  });
});
