// Runs a tail over a simulated stream and keeps what it said.
import { decodeRecord } from '../../../src/model/index.js';
import type { StreamApi } from '../../../src/stream/api/stream-api.js';
import type { ChangeEvent, TailEvent } from '../../../src/stream/events.js';
import { openAsChanges } from '../../../src/stream/run/open-page.js';
import { TailRun } from '../../../src/stream/run/tail-run.js';
import type { TailOptions } from '../../../src/stream/tail-options.js';
import type { VirtualClock } from './virtual-clock.js';

export type SimulatedTailOptions = Partial<Omit<TailOptions, 'streams' | 'dynamodb' | 'clock'>>;

export function simulatedRun(
  api: StreamApi,
  clock: VirtualClock,
  options: SimulatedTailOptions,
): TailRun<ChangeEvent> {
  return new TailRun(api, openAsChanges(decodeRecord, options.model, options.select), {
    table: 'Simulated',
    loopback: true,
    position: { type: 'trim-horizon' },
    follow: true,
    random: () => 0.5,
    ...options,
    clock,
  });
}

/** Every event, up to and including `end`. */
export async function collect(
  api: StreamApi,
  clock: VirtualClock,
  options: SimulatedTailOptions,
  onEvent: (event: TailEvent) => void | Promise<void> = () => {},
): Promise<TailEvent[]> {
  const events: TailEvent[] = [];
  const iterator = simulatedRun(api, clock, options).iterate();
  for (let step = await iterator.next(); !step.done; step = await iterator.next()) {
    events.push(step.value);
    await onEvent(step.value);
  }
  return events;
}

export function eventsOf<Type extends TailEvent['type']>(
  events: readonly TailEvent[],
  type: Type,
): Extract<TailEvent, { type: Type }>[] {
  return events.filter((event): event is Extract<TailEvent, { type: Type }> => event.type === type);
}

/** `item:version` of each change, in the order seen. */
export function seen(events: readonly TailEvent[]): string[] {
  return eventsOf(events, 'change').map(({ change }) => `${change.keys.Id}:${change.new?.Version}`);
}
