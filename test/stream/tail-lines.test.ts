import { expect, it } from 'vitest';
import type { LinesEvent, NoticeEvent } from '../../src/stream/events.js';
import { openAsLines } from '../../src/stream/run/open-page.js';
import { TailRun } from '../../src/stream/run/tail-run.js';
import { createLineEncoder } from '../../src/ui/tail/encode-lines.js';
import { collect, eventsOf, type SimulatedTailOptions } from './simulator/collect.js';
import { SimulatedStream } from './simulator/simulated-stream.js';
import { VirtualClock } from './simulator/virtual-clock.js';

const START = Date.UTC(2026, 0, 15);

function simulate() {
  const clock = new VirtualClock(START);
  const stream = new SimulatedStream({ clock, random: () => 0.5, pageSize: 10 });
  for (let item = 0; item < 25; item += 1) stream.write(item);
  return { clock, stream };
}

/** The ids in the lines of each batch, and the notices. */
async function collectLines(options: SimulatedTailOptions) {
  const { clock, stream } = simulate();
  const run = new TailRun<LinesEvent>(
    stream,
    openAsLines(createLineEncoder({ model: undefined, images: 'keys' })),
    {
      table: 'Simulated',
      loopback: true,
      position: { type: 'trim-horizon' },
      follow: false,
      random: () => 0.5,
      ...options,
      clock,
    },
  );
  const batches: number[][] = [];
  const notices: NoticeEvent[] = [];
  const iterator = run.iterate();
  for (let step = await iterator.next(); !step.done; step = await iterator.next()) {
    const { value } = step;
    if (value.type !== 'lines') notices.push(value);
    else {
      const lines = Buffer.from(value.bytes).toString().trimEnd().split('\n');
      expect(lines).toHaveLength(value.lines);
      batches.push(lines.map((line) => JSON.parse(line).keys.Id));
    }
  }
  return { batches, notices };
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

it('hands out the lines of whole batches, with the account of a tail of single changes', async () => {
  const { batches, notices } = await collectLines({});
  expect(batches).toStrictEqual([range(0, 10), range(10, 20), range(20, 25)]);
  const { clock, stream } = simulate();
  const events = await collect(stream, clock, { follow: false });
  const withoutTimes = (all: readonly NoticeEvent[]) =>
    all.map((event) => ({ ...event, fetchMs: 0, decodeMs: 0, elapsedMs: 0 }));
  expect(withoutTimes(notices)).toStrictEqual(
    withoutTimes(events.filter((event): event is NoticeEvent => event.type !== 'change')),
  );
});

it('ends within a batch at the limit, and as soon as what was expected was seen', async () => {
  const limited = await collectLines({ limit: 13 });
  expect(limited.batches).toStrictEqual([range(0, 10), range(10, 13)]);
  expect(limited.notices.at(-1)).toMatchObject({ type: 'end', reason: 'limit', records: 13, shown: 13 });
  const expected = await collectLines({ expect: 10 });
  expect(expected.batches).toStrictEqual([range(0, 10)]);
  expect(eventsOf(expected.notices, 'end')[0]).toMatchObject({ reason: 'expected', shown: 10 });
});
