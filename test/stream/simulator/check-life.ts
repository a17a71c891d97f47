// What must hold of any tail over any life of a stream.
import { expect } from 'vitest';
import type { GapEvent } from '../../../src/stream/events.js';
import { recordSequence } from '../../../src/stream/records/record-fields.js';
import { collect, eventsOf } from './collect.js';
import { drawScenario, type Scenario } from './scenario.js';
import type { WrittenRecord } from './simulated-stream.js';

/** Every change exactly once, each item's in order, every loss within a reported gap, and no gap without a loss. */
export async function checkLife(seed: number): Promise<void> {
  const scenario = drawScenario(seed);
  const { clock, stream, pause, startedAt } = scenario;
  let readyAt = Number.POSITIVE_INFINITY;
  let firstGeneration = 0;
  let count = 0;
  const soFar = new Set<string>();
  const stop = new AbortController();
  const events = await collect(
    stream,
    clock,
    {
      loopback: scenario.loopback,
      position: scenario.position,
      forMs: scenario.forMs,
      retentionMs: scenario.retentionMs,
      random: scenario.random,
      signal: stop.signal,
    },
    async (event) => {
      count += 1;
      if (event.type === 'start') {
        readyAt = clock.now();
        firstGeneration = stream.generation;
        stream.isCalm = false;
      }
      if (event.type === 'change') soFar.add(recordSequence(event.record));
      if (count === pause?.afterEvents) await clock.sleep(pause.ms);
      // All is seen: a little longer shows whether anything comes twice.
      if (stream.isOver && !scenario.canLose && stream.written.every(isSettled)) {
        await clock.sleep(1_500);
        stop.abort();
      }
    },
  );

  function isRequired(record: WrittenRecord): boolean {
    if (record.generation < firstGeneration) return false;
    if (scenario.position.type === 'latest') return record.at > readyAt;
    return record.at >= earliest(scenario) && record.at >= startedAt - scenario.retentionMs + 60_000;
  }

  function isSettled(record: WrittenRecord): boolean {
    return soFar.has(String(record.seq)) || !isRequired(record);
  }

  const shown = eventsOf(events, 'change').map(({ record }) => recordSequence(record));
  const shownOnce = new Set(shown);
  expect(shownOnce.size, 'nothing is shown twice').toBe(shown.length);

  const bySeq = new Map(stream.written.map((record) => [String(record.seq), record]));
  const newest = new Map<number, number>();
  for (const seq of shown) {
    const record = bySeq.get(seq);
    if (record === undefined) throw new Error(`shown, never written: ${seq}`);
    // No expect for each record: over all lives it would take most of the time.
    if (record.version <= (newest.get(record.item) ?? 0))
      throw new Error(`out of order: ${seq} of item ${record.item}`);
    newest.set(record.item, record.version);
    if (record.at <= earliest(scenario) - 1_000) throw new Error(`from before the start: ${seq}`);
  }

  const gaps = eventsOf(events, 'gap');
  if (!scenario.canLose) expect(gaps, 'no gap without a loss').toStrictEqual([]);
  const opened = new Set(eventsOf(events, 'shard').map(({ shard }) => shard));
  for (const record of stream.written) {
    if (!isRequired(record) || shownOnce.has(String(record.seq))) continue;
    const isReported = gaps.some((gap) => covers(gap, record, opened, scenario));
    if (!isReported) {
      throw new Error(
        `lost without a gap: ${record.seq} of ${record.shard}, written ${record.at - scenario.startedAt} ms after the start`,
      );
    }
  }
}

function earliest({ position, startedAt }: Scenario): number {
  if (position.type === 'latest') return startedAt;
  return position.type === 'since' ? position.at : 0;
}

/** A gap names the shard it is in; for shards that came and went unseen, one of their descendants' parents. */
function covers(
  gap: GapEvent,
  record: WrittenRecord,
  opened: ReadonlySet<string>,
  scenario: Scenario,
): boolean {
  if (gap.shard === record.shard) {
    const isAfter = gap.lastSeen === undefined || BigInt(gap.lastSeen) < record.seq;
    return isAfter && (gap.firstAvailable === undefined || record.seq < BigInt(gap.firstAvailable));
  }
  if (opened.has(record.shard)) return false;
  // Without a far end it is all that came after: also in children that no listing ever showed.
  const isAfter = gap.firstAvailable === undefined && isAncestor(gap.shard, record.shard, scenario);
  return isAfter || isAncestor(record.shard, gap.shard, scenario);
}

function isAncestor(ancestor: string, id: string, { stream }: Scenario): boolean {
  for (let up = stream.parentOf(id); up !== undefined; up = stream.parentOf(up))
    if (up === ancestor) return true;
  return false;
}
