// The lines of a tail that are not changes: batches, shards, gaps, retries, a new stream, stalls.
import type {
  BatchEvent,
  GapEvent,
  RetryEvent,
  ShardEvent,
  StallEvent,
  SwitchEvent,
} from '../../stream/events.js';
import { formatDuration, plural } from '../format.js';
import { sanitize } from '../sanitize.js';
import type { TailView } from './view.js';

type NoticeView = Pick<TailView, 'colors'>;

const CAUSES = {
  roll: 'the shard rolled',
  throttle: 'throttled',
  retry: 'after retries',
  backlog: 'catching up',
} as const;

/** `· batch 7  45 records  shard …864758bb  fetch 12 ms  decode 0.3 ms  lag ≈ 1 s`. */
export function renderBatch(event: BatchEvent, { colors }: NoticeView): string {
  const parts = [
    `· batch ${event.batch}`,
    plural(event.records, 'record'),
    ...(event.filtered > 0 ? [`${plural(event.filtered, 'record')} filtered out`] : []),
    ...(event.duplicates > 0 ? [plural(event.duplicates, 'duplicate')] : []),
    `shard ${shortShard(event.shard)}`,
    `fetch ${formatDuration(event.fetchMs)}`,
    `decode ${formatDuration(event.decodeMs)}`,
    // Creation times have whole seconds: what is below one is not known.
    `lag ≈ ${formatDuration(Math.max(0, event.lagMs))}`,
    ...(event.writeToSeenMs === undefined ? [] : [`write to seen ${formatDuration(event.writeToSeenMs)}`]),
    ...(event.cause === undefined ? [] : [`(${CAUSES[event.cause] ?? sanitize(event.cause)})`]),
  ];
  return colors.dim(parts.join('  '));
}

/** `+ shard …1b2c opened after …864758bb`, `= shard …864758bb closed → …1b2c, …2b3c`. */
export function renderShard(event: ShardEvent, { colors }: NoticeView): string {
  const shard = shortShard(event.shard);
  if (event.state === 'opened') {
    const parent = event.parent === undefined ? '' : ` after ${shortShard(event.parent)}`;
    return colors.cyan(`+ shard ${shard} opened${parent}`);
  }
  const children = (event.children ?? []).map(shortShard).join(', ');
  return colors.cyan(`= shard ${shard} closed${children === '' ? '' : ` → ${children}`}`);
}

export function renderGap(event: GapEvent, { colors }: NoticeView): string {
  const from = event.lastSeen === undefined ? 'the start' : sanitize(event.lastSeen);
  const to = event.firstAvailable === undefined ? 'what comes next' : sanitize(event.firstAvailable);
  return colors.red(
    `! gap in shard ${shortShard(event.shard)}: records after ${from} up to ${to} cannot be read any more (${sanitize(event.reason)})`,
  );
}

export function renderRetry(event: RetryEvent, { colors }: NoticeView): string {
  const where = event.shard === undefined ? '' : ` of shard ${shortShard(event.shard)}`;
  return colors.yellow(
    `~ ${sanitize(event.operation)}${where}: ${sanitize(event.error)}, attempt ${event.attempt}, again in ${formatDuration(event.delayMs)}`,
  );
}

export function renderSwitch(event: SwitchEvent, { colors }: NoticeView): string {
  return colors.cyan(
    `→ the stream is now ${streamLabel(event.to)} (was ${streamLabel(event.from)}): ${sanitize(event.reason)}`,
  );
}

export function renderStall(event: StallEvent, { colors }: NoticeView): string {
  return colors.red(
    `! shard ${shortShard(event.shard)} could not be read for ${formatDuration(event.sinceMs)}`,
  );
}

/** The part of a shard id that tells it from its neighbours: `…864758bb`. */
export function shortShard(shard: string): string {
  const tail = shard.slice(shard.lastIndexOf('-') + 1);
  return sanitize(tail.length > 0 && tail.length < shard.length ? `…${tail.slice(-8)}` : shard);
}

/** The ISO label at the end of a stream's ARN. */
export function streamLabel(streamArn: string): string {
  return sanitize(streamArn.slice(streamArn.indexOf('/stream/') + 1).replace(/^stream\//, ''));
}
