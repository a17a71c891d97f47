// What a resumed tail can no longer read: shards of its checkpoint that have left the stream.
import type { Checkpoint } from '../checkpoint/checkpoint.js';
import type { GapEvent } from '../events.js';
import type { StreamSession } from '../shards/stream-session.js';

/** How often a shard of the checkpoint must be absent from the listing before it counts as gone. */
const ABSENT_LISTINGS = 3;

/** Tells of the shards that the stream has no more, with what was in them behind the position, and forgets them. */
export async function reportLostShards(
  { lineage, directory }: StreamSession,
  checkpoint: Checkpoint,
  tellGap: (gap: GapEvent) => void,
): Promise<void> {
  if (checkpoint.resumed === undefined) return;
  const absent = () => checkpoint.unfinished().filter(([shard]) => lineage.get(shard) === undefined);
  for (let i = 1; i < ABSENT_LISTINGS && absent().length > 0 && directory.status !== 'GONE'; i += 1) {
    await directory.refresh();
  }
  for (const [shard, { after }] of absent()) {
    const lastSeen = after === undefined ? {} : { lastSeen: after };
    tellGap({ type: 'gap', shard, ...lastSeen, reason: 'the shard left the stream while nobody tailed it' });
    checkpoint.note({ type: 'done', shard });
  }
  checkpoint.forget((shard) => lineage.get(shard) !== undefined || lineage.childrenOf(shard).length > 0);
}
