// Where each shard is begun. Pure: the API has no position by time, so a tail's position becomes a plan per shard,
// from lineage and the creation times in shard ids.

import type { IteratorPosition } from '../api/stream-api.js';
import type { ShardProgress } from '../checkpoint/progress.js';
import type { TailPosition } from '../tail-options.js';
import type { Lineage, ShardNode } from './lineage.js';
import { shardCreatedAt } from './shard-id.js';

export interface ShardStart {
  readonly from: IteratorPosition;
  /** Records that are certainly older (ms since the epoch) are skipped, and counted. */
  readonly dropBefore?: number;
  /** What was created from here on (ms since the epoch) is accounted for, also when it leaves the stream unread. */
  readonly wantedFrom?: number;
}

export interface StartContext {
  readonly position: TailPosition;
  /** When this tail began, in ms since the epoch. */
  readonly startedAt: number;
  /** When the tail that this one resumes began first; else the same. */
  readonly firstStartedAt: number;
  /** True for the shards of the first listing, false for those found later. */
  readonly atStart: boolean;
  readonly follow: boolean;
  readonly retentionMs: number;
}

/** Clocks of the service and its shard ids against the clock in its records. */
const CLOCK_SLACK_MS = 60_000;
const START_SLACK_MS = 60_000;

/** The plan for a shard that is about to be begun, or `skip` when nothing in it is wanted. */
export function planShardStart(
  lineage: Lineage,
  node: ShardNode,
  context: StartContext,
): ShardStart | 'skip' {
  const { position, startedAt, atStart } = context;
  const createdAt = shardCreatedAt(node.id);
  const isNew = createdAt !== undefined && createdAt >= startedAt;
  if (!atStart && !context.follow && isNew) return 'skip';
  // No one can ask for what had left the stream before; what leaves it within the first minute is the start's own time.
  const horizon = context.firstStartedAt - context.retentionMs + START_SLACK_MS;
  switch (position.type) {
    case 'trim-horizon':
      return { from: { type: 'horizon' }, wantedFrom: horizon };
    case 'latest':
      // LATEST on a shard that was found later would lose what was written to it before we looked.
      if (!atStart) {
        return {
          from: { type: 'horizon' },
          wantedFrom: startedAt,
          ...(isNew ? {} : { dropBefore: startedAt }),
        };
      }
      // An end number alone proves nothing: some servers report one on open shards.
      if (lineage.childrenOf(node.id).length > 0) return 'skip';
      return { from: { type: 'latest' }, wantedFrom: startedAt, dropBefore: startedAt };
    case 'since':
      if (closedBefore(lineage, node.id, position.at)) return 'skip';
      return {
        from: { type: 'horizon' },
        wantedFrom: Math.max(position.at, horizon),
        dropBefore: position.at,
      };
  }
}

/** As `planShardStart`, for a tail that goes on where an earlier one stopped: `base` is what that one asked for. */
export function planShardResume(
  lineage: Lineage,
  node: ShardNode,
  context: Omit<StartContext, 'position'> & {
    readonly base: number;
    readonly progress: ShardProgress | undefined;
  },
): ShardStart | 'skip' {
  const { base, progress } = context;
  if (progress?.done) return 'skip';
  if (progress?.after !== undefined) return { from: { type: 'after', seq: progress.after } };
  const position: TailPosition = base > 0 ? { type: 'since', at: base } : { type: 'trim-horizon' };
  return planShardStart(lineage, node, { ...context, position });
}

/** A shard was closed when its first child was made, so all in it is older than that. */
function closedBefore(lineage: Lineage, id: string, at: number): boolean {
  return lineage.childrenOf(id).some((child) => {
    const createdAt = shardCreatedAt(child);
    return createdAt !== undefined && createdAt < at - CLOCK_SLACK_MS;
  });
}
