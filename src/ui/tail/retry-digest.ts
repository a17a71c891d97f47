// Retries for people: the first of a kind as a line, and of the storm that may follow a line now and then. Programs get
// each (`--json`), and the ledger counts them all.
import type { RecoveryEvent, RetryEvent } from '../../stream/events.js';
import { formatDuration, plural } from '../format.js';
import { sanitize } from '../sanitize.js';
import { type NoticeView, renderRetry } from './render-notices.js';

/** Errors of one kind that are further apart than this are no storm. */
const QUIET_MS = 30_000;
const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 60_000;

export interface RetryDigest {
  retry(event: RetryEvent): string[];
  recovery(event: RecoveryEvent): string[];
}

interface Storm {
  readonly since: number;
  lastAt: number;
  /** When the next line is due. */
  nextLineAt: number;
  pauseMs: number;
  retries: number;
  readonly shards: Set<string>;
}

/** `now` gives milliseconds since any moment. */
export function createRetryDigest(view: NoticeView, now: () => number): RetryDigest {
  const { colors } = view;
  const storms = new Map<string, Storm>();

  function begin(event: RetryEvent, at: number): string[] {
    storms.set(event.error, {
      since: at,
      lastAt: at,
      nextLineAt: at + FIRST_PAUSE_MS,
      pauseMs: FIRST_PAUSE_MS,
      retries: 1,
      shards: new Set(event.shard === undefined ? [] : [event.shard]),
    });
    return [renderRetry(event, view)];
  }

  return {
    retry(event) {
      const at = now();
      const storm = storms.get(event.error);
      if (storm === undefined || at - storm.lastAt > QUIET_MS) return begin(event, at);
      storm.lastAt = at;
      storm.retries += 1;
      if (event.shard !== undefined) storm.shards.add(event.shard);
      if (at < storm.nextLineAt) return [];
      storm.pauseMs = Math.min(LONGEST_PAUSE_MS, storm.pauseMs * 2);
      storm.nextLineAt = at + storm.pauseMs;
      const shards = storm.shards.size === 0 ? '' : ` of ${plural(storm.shards.size, 'shard')}`;
      const text = `${plural(storm.retries, 'retry', 'retries')}${shards} in ${formatDuration(at - storm.since)}`;
      return [colors.yellow(`~ ${sanitize(event.error)} goes on: ${text}`)];
    },

    recovery({ afterMs }) {
      if (storms.size === 0) return [];
      const retries = [...storms.values()].reduce((sum, storm) => sum + storm.retries, 0);
      storms.clear();
      const text = `${plural(retries, 'retry', 'retries')} in ${formatDuration(afterMs)}`;
      return [colors.green(`✓ reading again after ${text}`)];
    },
  };
}
