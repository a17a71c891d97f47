// Where a reader begins its shard: the range that was asked for, the checkpoint, or the tail's position.
import type { Checkpoint } from '../checkpoint/checkpoint.js';
import type { Lineage, ShardNode } from '../shards/lineage.js';
import type { ReaderStart } from '../shards/reader-context.js';
import { planShardResume, planShardStart } from '../shards/shard-start.js';
import type { RunOptions } from '../tail-options.js';

export interface PlanContext {
  /** True for the shards of the first listing, false for those found later. */
  readonly atStart: boolean;
  readonly options: Pick<RunOptions, 'position' | 'range' | 'follow'>;
  readonly checkpoint: Checkpoint | undefined;
  /** When this tail began, in ms since the epoch. */
  readonly startedAt: number;
  readonly retentionMs: number;
}

/** The plan for a shard that is about to be begun, noted in the checkpoint; `skip` when nothing in it is wanted. */
export function planReader(lineage: Lineage, node: ShardNode, plan: PlanContext): ReaderStart | 'skip' {
  const { options, checkpoint, startedAt, retentionMs, atStart } = plan;
  const { position, range, follow } = options;
  if (range !== undefined) {
    const until = range.toSeq === undefined ? {} : { until: range.toSeq };
    if (range.fromSeq === undefined) return { from: { type: 'horizon' }, ...until };
    return { from: { type: 'at', seq: range.fromSeq }, ...until };
  }
  const resumed = checkpoint?.resumed;
  const firstStartedAt = resumed?.startedAt ?? startedAt;
  const context = { startedAt, firstStartedAt, atStart, follow, retentionMs };
  if (checkpoint === undefined) return planShardStart(lineage, node, { ...context, position });
  const start =
    resumed === undefined
      ? planShardStart(lineage, node, { ...context, position })
      : planShardResume(lineage, node, {
          ...context,
          base: checkpoint.base,
          progress: checkpoint.progressOf(node.id),
        });
  if (start !== 'skip') checkpoint.expectShard(node.id);
  else if (atStart) checkpoint.note({ type: 'done', shard: node.id });
  return start;
}
