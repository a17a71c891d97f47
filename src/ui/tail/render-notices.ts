// The lines of a tail that are not changes: batches, shards, gaps, retries, a new stream, stalls.
import type {
  BatchEvent,
  GapEvent,
  RetryEvent,
  ShardEvent,
  StallEvent,
  SwitchEvent,
} from '../../stream/events.js';
import { formatCount, formatDuration, plural } from '../format.js';
import { sanitize } from '../sanitize.js';
import { firstThatFits } from '../width.js';
import type { TailView } from './view.js';

export type NoticeView = Pick<TailView, 'colors'>;
type BatchView = Pick<TailView, 'colors' | 'width'>;

const CAUSES = {
  roll: 'the shard rolled',
  throttle: 'throttled',
  retry: 'after retries',
  backlog: 'catching up',
} as const;

/**
 * `· batch 7  45 records  shard …864758bb  fetch 12 ms  decode 0.3 ms  lag ≈ 1 s`, in one row: where it is too narrow the
 * parts that matter least are left out, the time of decoding first. JSON has them all.
 */
export function renderBatch(event: BatchEvent, { colors, width }: BatchView): string {
  const { filtered, duplicates, writeToSeenMs, cause } = event;
  const parts: readonly (Part | undefined)[] = [
    { text: `· batch ${event.batch}` },
    { text: plural(event.records, 'record') },
    filtered > 0 ? { text: `${formatCount(filtered)} filtered out`, leaves: 6 } : undefined,
    duplicates > 0 ? { text: plural(duplicates, 'duplicate'), leaves: 7 } : undefined,
    { text: `shard ${shortShard(event.shard)}`, leaves: 4 },
    { text: `fetch ${formatDuration(event.fetchMs)}`, leaves: 2 },
    { text: `decode ${formatDuration(event.decodeMs)}`, leaves: 1 },
    // Creation times have whole seconds: what is below one is not known.
    { text: `lag ≈ ${formatDuration(Math.max(0, event.lagMs))}` },
    writeToSeenMs === undefined
      ? undefined
      : { text: `write to seen ${formatDuration(writeToSeenMs)}`, leaves: 3 },
    cause === undefined ? undefined : { text: `(${CAUSES[cause] ?? sanitize(cause)})`, leaves: 5 },
  ];
  const steps = [0, 1, 2, 3, 4, 5, 6, 7].map((step) =>
    parts
      .flatMap((part) => (part === undefined || (part.leaves ?? LAST) <= step ? [] : [part.text]))
      .join('  '),
  );
  return colors.dim(firstThatFits(steps, width));
}

interface Part {
  readonly text: string;
  /** At which step of narrowing it is left out; never when absent. */
  readonly leaves?: number;
}

const LAST = Number.POSITIVE_INFINITY;

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
    `~ ${sanitize(event.operation)}${where}: ${sanitize(event.error)}, attempt ${event.attempt}, again ${event.waited === true ? 'after' : 'in'} ${formatDuration(event.delayMs)}`,
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
