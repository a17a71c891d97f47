import { describe, expect, it } from 'vitest';
import { collect, eventsOf, seen } from './simulator/collect.js';
import { SimulatedStream, type SimulatedStreamOptions } from './simulator/simulated-stream.js';
import { VirtualClock } from './simulator/virtual-clock.js';

const START = Date.UTC(2026, 0, 15);

function simulate(options: Partial<SimulatedStreamOptions> = {}) {
  const clock = new VirtualClock(START);
  const stream = new SimulatedStream({ clock, random: () => 0.5, ...options });
  return { clock, stream };
}

function writeItems(stream: SimulatedStream, count: number, from = 0): void {
  for (let item = from; item < from + count; item += 1) stream.write(item);
}

describe('a tail of the last minutes', () => {
  it('skips whole shards by lineage, then older records, and counts those', async () => {
    const { clock, stream } = simulate();
    writeItems(stream, 10);
    clock.advance(600_000);
    stream.roll(stream.leaves()[0] ?? expect.fail('no shard'));
    writeItems(stream, 10, 10);
    clock.advance(600_000);
    writeItems(stream, 10, 20);
    const events = await collect(stream, clock, {
      position: { type: 'since', at: START + 1_200_000 },
      follow: false,
    });
    expect(seen(events)).toStrictEqual(Array.from({ length: 10 }, (_, i) => `${20 + i}:1`));
    expect(eventsOf(events, 'end')[0]).toMatchObject({ skipped: 10, records: 10, gaps: 0 });
    expect(new Set(stream.reads.map(({ shard }) => shard))).toStrictEqual(new Set([stream.shards[1]?.id]));
    expect(eventsOf(events, 'start')[0]?.from).toBe('since 2026-01-15T00:20:00.000Z');
  });
});

describe('a range', () => {
  it('is read from its first number to its last, both included', async () => {
    const { clock, stream } = simulate({ pageSize: 4 });
    writeItems(stream, 20);
    const [fromSeq = '', toSeq = ''] = [stream.written[5]?.seq, stream.written[12]?.seq].map(String);
    const shard = stream.shards[0]?.id ?? '';
    const events = await collect(stream, clock, { range: { shard, fromSeq, toSeq } });
    expect(seen(events)).toStrictEqual(Array.from({ length: 8 }, (_, i) => `${5 + i}:1`));
    expect(eventsOf(events, 'end')[0]).toMatchObject({ reason: 'range', records: 8, gaps: 0 });
  });

  it('without ends is the whole of a shard, and of no other', async () => {
    const { clock, stream } = simulate({ shards: 2 });
    writeItems(stream, 20);
    const shard = stream.shards[1]?.id ?? '';
    const events = await collect(stream, clock, { range: { shard }, follow: false });
    const expected = stream.written.filter((record) => record.shard === shard);
    expect(seen(events)).toStrictEqual(expected.map(({ item }) => `${item}:1`));
    expect(eventsOf(events, 'end')[0]?.reason).toBe('range');
  });

  it('of a shard that is not there is refused', async () => {
    const { clock, stream } = simulate();
    const tail = collect(stream, clock, { range: { shard: 'shardId-none' } });
    await expect(tail).rejects.toMatchObject({ code: 'stream.noShard', exitCode: 3 });
  });
});

describe('pacing', () => {
  it('of an idle tail on four shards is at most two reads a second in all after 30 s', async () => {
    for (const loopback of [true, false]) {
      const { clock, stream } = simulate({ shards: 4 });
      await collect(stream, clock, { loopback, position: { type: 'latest' }, forMs: 120_000 });
      const late = stream.reads.filter(({ at }) => at >= START + 30_000);
      expect(late.length).toBeGreaterThan(0);
      expect(late.length / 90).toBeLessThanOrEqual(2);
    }
  });

  it('is at most four reads a second and shard on AWS, also while behind', async () => {
    const { clock, stream } = simulate({ pageSize: 5 });
    writeItems(stream, 200);
    clock.advance(3_600_000);
    await collect(stream, clock, { loopback: false, expect: 200 });
    const times = stream.reads.map(({ at }) => at);
    for (const [i, at] of times.entries()) {
      const before = times[i - 1];
      if (before !== undefined) expect(at - before).toBeGreaterThanOrEqual(250);
    }
    expect(times.length).toBe(40);
  });

  it('shows a write within 60 ms on loopback while there is activity', async () => {
    const { clock, stream } = simulate({ shards: 4, latencyMs: 2 });
    const seenAt = new Map<string, number>();
    stream.plan(
      Array.from({ length: 2_000 }, (_, i) => ({ at: START + 1_000 + i, run: (s) => void s.write(i) })),
    );
    await collect(stream, clock, { position: { type: 'latest' }, expect: 2_000 }, (event) => {
      if (event.type === 'change') seenAt.set(event.change.seq, clock.now());
    });
    const delays = stream.written
      .map(({ seq, at }) => (seenAt.get(String(seq)) ?? 0) - at)
      .sort((a, b) => a - b);
    expect(delays[1_000]).toBeLessThan(60);
    expect(delays[1_980]).toBeLessThan(250);
  });

  it('stops reading while the consumer lags', async () => {
    const { clock, stream } = simulate({ shards: 30, pageSize: 1 });
    writeItems(stream, 600);
    let reads = 0;
    const events = await collect(stream, clock, { loopback: false, follow: false }, async (event) => {
      if (event.type !== 'batch' || event.batch !== 1) return;
      await clock.sleep(60_000);
      reads = stream.reads.length;
    });
    expect(reads).toBeLessThanOrEqual(20);
    expect(eventsOf(events, 'end')[0]?.records).toBe(600);
  });
});

describe('a tail that does not follow', () => {
  it('waits for the children of a shard that was closed just before, which listings show late', async () => {
    for (const loopback of [true, false]) {
      const { clock, stream } = simulate({ faults: { lateChildMs: 5_000 }, random: () => 0.9 });
      writeItems(stream, 20);
      stream.split(stream.leaves()[0] ?? expect.fail('no shard'));
      writeItems(stream, 20, 20);
      clock.advance(1_500);
      const events = await collect(stream, clock, { loopback, follow: false });
      expect(seen(events)).toHaveLength(40);
      expect(eventsOf(events, 'end')[0]).toMatchObject({ reason: 'drained', gaps: 0 });
    }
  });

  it('does not wait for children where a server makes none and nothing happened lately', async () => {
    const { clock, stream } = simulate();
    writeItems(stream, 20);
    const [shard] = stream.shards;
    Object.assign(shard ?? {}, { closedAt: clock.now() });
    clock.advance(3_600_000);
    const events = await collect(stream, clock, { follow: false });
    expect(eventsOf(events, 'end')[0]).toMatchObject({ reason: 'drained', records: 20 });
    expect(eventsOf(events, 'end')[0]?.elapsedMs).toBeLessThan(1_000);
  });
});

describe('trouble', () => {
  it('is told once per shard and minute when reads fail for long', async () => {
    const { clock, stream } = simulate();
    writeItems(stream, 3);
    const events = await collect(stream, clock, { forMs: 200_000 }, ({ type }) => {
      if (type === 'batch') stream.faults = { ...stream.faults, failure: 1 };
    });
    expect(eventsOf(events, 'stall').length).toBeGreaterThanOrEqual(2);
    expect(eventsOf(events, 'stall').length).toBeLessThanOrEqual(4);
    expect(eventsOf(events, 'end')[0]).toMatchObject({ reason: 'time', records: 3, gaps: 0 });
  });

  it('ends the tail when it lasts as long as was stated', async () => {
    const { clock, stream } = simulate();
    writeItems(stream, 3);
    const events = await collect(stream, clock, { failOnStallMs: 20_000 }, ({ type }) => {
      if (type === 'batch') stream.faults = { ...stream.faults, failure: 1 };
    });
    expect(eventsOf(events, 'end')[0]).toMatchObject({ reason: 'stall', stalls: 1 });
  });

  it('that ends is told with how long it lasted, and only where it was more than a slip', async () => {
    const { clock, stream } = simulate();
    writeItems(stream, 3);
    stream.plan([
      { at: START + 30_000, run: (s) => void Object.assign(s, { faults: { ...s.faults, failure: 0 } }) },
      { at: START + 31_000, run: (s) => writeItems(s, 3) },
    ]);
    const events = await collect(stream, clock, { expect: 6 }, ({ type }) => {
      if (type === 'batch' && clock.now() < START + 30_000) stream.faults = { ...stream.faults, failure: 1 };
    });
    const retries = eventsOf(events, 'retry').filter(({ operation }) => operation !== 'DescribeStream');
    expect(eventsOf(events, 'recovery')).toStrictEqual([
      {
        type: 'recovery',
        shard: stream.shards[0]?.id,
        attempts: retries.length,
        afterMs: expect.any(Number),
      },
    ]);
    const [recovery] = eventsOf(events, 'recovery');
    expect(recovery?.afterMs).toBeGreaterThan(20_000);
    expect(recovery?.afterMs).toBeLessThan(60_000);
  });

  it('is also where a shard has ended and its children cannot be looked up', async () => {
    const { clock, stream } = simulate();
    stream.plan([
      {
        at: START + 2_000,
        run: (s) => {
          s.faults = { ...s.faults, describeFailure: 1 };
          s.leaves().forEach((leaf) => void s.roll(leaf));
          writeItems(s, 5);
        },
      },
    ]);
    const options = { position: { type: 'latest' }, failOnStallMs: 2_000, forMs: 30_000 } as const;
    const events = await collect(stream, clock, options, ({ type }) => {
      if (type === 'start') stream.isCalm = false;
    });
    expect(eventsOf(events, 'end')[0]).toMatchObject({ reason: 'stall', stalls: 1 });
  });

  it('is none where a shard is idle, however short a stall is stated', async () => {
    const { clock, stream } = simulate({ shards: 9 });
    const events = await collect(stream, clock, {
      position: { type: 'latest' },
      failOnStallMs: 300,
      forMs: 60_000,
    });
    expect(eventsOf(events, 'end')[0]).toMatchObject({ reason: 'time', stalls: 0 });
  });

  it('with a listing is told with the time until it is asked for again', async () => {
    const { clock, stream } = simulate();
    const toldAt: number[] = [];
    const options = { position: { type: 'latest' }, forMs: 60_000 } as const;
    const events = await collect(stream, clock, options, ({ type }) => {
      if (type === 'start') {
        stream.isCalm = false;
        stream.faults = { ...stream.faults, describeFailure: 1 };
      }
      if (type === 'retry') toldAt.push(clock.now());
    });
    const retries = eventsOf(events, 'retry').filter(({ operation }) => operation === 'DescribeStream');
    expect(retries.length).toBeGreaterThan(3);
    retries.slice(1).forEach(({ delayMs }, i) => {
      expect(delayMs).toBeGreaterThan(0);
      const before = retries[i]?.delayMs ?? 0;
      expect((toldAt[i + 1] ?? 0) - (toldAt[i] ?? 0)).toBeGreaterThanOrEqual(before);
    });
  });

  it('shows as a retry, by the name of the error, and is counted', async () => {
    const { clock, stream } = simulate();
    writeItems(stream, 3);
    stream.faults = { ...stream.faults, throttle: 1 };
    stream.plan([
      { at: START + 2_000, run: (s) => void Object.assign(s, { faults: { ...s.faults, throttle: 0 } }) },
    ]);
    const events = await collect(stream, clock, { expect: 3 });
    expect(eventsOf(events, 'retry')[0]).toMatchObject({
      operation: 'GetShardIterator',
      error: 'LimitExceededException',
      attempt: 1,
      shard: stream.shards[0]?.id,
    });
    expect(eventsOf(events, 'end')[0]?.throttles).toBe(eventsOf(events, 'retry').length);
    expect(eventsOf(events, 'batch')[0]).toMatchObject({ cause: 'throttle' });
  });

  it('ends the tail at the first gap when that was stated', async () => {
    const { clock, stream } = simulate({ pageSize: 2 });
    writeItems(stream, 100);
    const events = await collect(stream, clock, { loopback: false, failOnGap: true }, async (event) => {
      if (event.type !== 'batch' || event.batch !== 1) return;
      await clock.sleep(25 * 3_600_000);
      writeItems(stream, 5, 100);
    });
    const [gap] = eventsOf(events, 'gap');
    expect(gap).toMatchObject({
      shard: stream.shards[0]?.id,
      firstAvailable: String(stream.written[100]?.seq),
    });
    expect(gap?.lastSeen).toBe(eventsOf(events, 'change').at(-1)?.change.seq);
    expect(eventsOf(events, 'end')[0]).toMatchObject({ reason: 'gap', gaps: 1 });
  });
});
