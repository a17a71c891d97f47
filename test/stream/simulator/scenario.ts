// A stream's life drawn from a seed: how many shards, what is written when, what splits, rolls, fails and is trimmed.
import type { TailPosition } from '../../../src/stream/tail-options.js';
import { type Action, type Faults, NO_FAULTS, SimulatedStream } from './simulated-stream.js';
import { VirtualClock } from './virtual-clock.js';

export interface Scenario {
  readonly clock: VirtualClock;
  readonly stream: SimulatedStream;
  readonly random: () => number;
  readonly loopback: boolean;
  readonly position: TailPosition;
  readonly startedAt: number;
  readonly forMs: number;
  readonly retentionMs: number;
  /** The consumer stops taking events for so long, once, after so many events. */
  readonly pause: { readonly afterEvents: number; readonly ms: number } | undefined;
  /** True when records can leave the stream unread. */
  readonly canLose: boolean;
}

const BIRTH = Date.UTC(2026, 0, 15);
const DAY_MS = 24 * 3_600_000;

/** Mulberry32: small, fast and the same everywhere. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function drawScenario(seed: number): Scenario {
  const random = seededRandom(seed);
  const upTo = (most: number): number => Math.floor(random() * (most + 1));
  const chance = (probability: number): boolean => random() < probability;

  const size = random();
  const shards = size < 0.75 ? 1 + upTo(4) : size < 0.985 ? 5 + upTo(30) : 40 + upTo(260);
  const canLose = shards < 6 && chance(0.15);
  const retentionMs = canLose ? 100_000 : DAY_MS;
  const loopback = chance(0.6);
  const clock = new VirtualClock(BIRTH);
  const stream = new SimulatedStream({
    clock,
    random,
    shards,
    faults: drawFaults(random, loopback ? 1_000 : 10_000),
    pageSize: chance(0.3) ? 1_000 : (canLose ? 5 : 1) + upTo(20),
    listingPage: chance(0.5) ? 100 : 1 + upTo(10) + Math.ceil(shards / 10),
    latencyMs: upTo(30),
    retentionMs,
    ...(canLose ? { iteratorLifeMs: 60_000 } : {}),
  });

  const beforeMs = upTo(40_000);
  const duringMs = 3_000 + upTo(20_000) + (canLose ? 100_000 + upTo(200_000) : 0);
  const items = 1 + upTo(20);
  const rate = 0.5 + random() * 8;
  const life = { from: BIRTH, to: BIRTH + beforeMs + duringMs };
  const moments = (count: number): number[] =>
    Array.from({ length: count }, () => life.from + Math.floor(random() * (life.to - life.from)));
  const writes = Math.min(600, Math.ceil(((beforeMs + duringMs) / 1_000) * rate));
  const actions: Action[] = moments(writes).map((at) => ({ at, run: (s) => void s.write(upTo(items)) }));
  const turns = upTo(shards > 30 ? 6 : 8) + (chance(0.1) ? 12 : 0);
  for (const at of moments(turns)) actions.push({ at, run: chance(0.5) ? rollOne : splitOne });
  if (chance(0.1))
    for (const at of moments(1))
      actions.push({ at, run: (s) => s.leaves().forEach((leaf) => void s.roll(leaf)) });
  if (chance(0.12)) for (const at of moments(1)) actions.push({ at, run: (s) => s.replace(1 + upTo(3)) });
  stream.plan(actions);
  clock.advance(beforeMs);
  stream.catchUp();

  const startedAt = clock.now();
  const draw = random();
  const position: TailPosition =
    draw < 0.55
      ? { type: 'trim-horizon' }
      : draw < 0.8
        ? { type: 'latest' }
        : { type: 'since', at: startedAt - upTo(beforeMs + 1) };
  // The server recovers in the end: what is then still unread is not lost, the tail has just not come to it.
  const pauseMs = canLose ? 30_000 + upTo(250_000) : 0;
  const forMs = duringMs + pauseMs + 120_000;
  stream.recoversAt = startedAt + forMs - 70_000;
  return {
    clock,
    stream,
    random,
    loopback,
    position,
    startedAt,
    forMs,
    retentionMs,
    pause: canLose ? { afterEvents: 1 + upTo(60), ms: pauseMs } : undefined,
    canLose,
  };

  function rollOne(s: SimulatedStream): void {
    const leaf = s.leaves()[upTo(s.leaves().length - 1)];
    if (leaf !== undefined) s.roll(leaf);
  }

  function splitOne(s: SimulatedStream): void {
    const leaf = s.leaves()[upTo(s.leaves().length - 1)];
    if (leaf !== undefined) s.split(leaf);
  }
}

/** Each fault is absent in most lives, so that each is also met alone. */
function drawFaults(random: () => number, latestChildMs: number): Faults {
  const faults: { -readonly [name in keyof Faults]: number } = { ...NO_FAULTS };
  for (const name of Object.keys(faults) as (keyof Faults)[]) {
    if (random() < 0.35) faults[name] = random() * (name === 'lateChildMs' ? latestChildMs : 0.3);
  }
  return faults;
}
