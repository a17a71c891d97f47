// What a screen or a heartbeat shows of a shard.
import type { StreamSession } from './stream-session.js';

export interface ShardView {
  readonly id: string;
  readonly parent?: string;
  /** `reading` now, `waiting` for its parent, `done`. */
  readonly state: 'waiting' | 'reading' | 'done';
  /** When the server last answered, in ms since the epoch. */
  readonly lastAnswerAt?: number;
  /** The creation time of the last record read, in ms since the epoch. */
  readonly lastRecordAt?: number;
  readonly lagMs?: number;
  /** The error that it is retrying after. */
  readonly error?: string;
}

export function shardViews(session: StreamSession): ShardView[] {
  return [...session.lineage.all()].map((node) => {
    const reader = session.readers.get(node.id);
    return {
      id: node.id,
      state: node.phase,
      ...(node.parent === undefined ? {} : { parent: node.parent }),
      ...(reader === undefined ? {} : { lastAnswerAt: reader.lastAnswerAt }),
      ...(reader?.lastRecordAt === undefined ? {} : { lastRecordAt: reader.lastRecordAt }),
      ...(reader?.lagMs === undefined ? {} : { lagMs: reader.lagMs }),
      ...(reader?.lastError === undefined ? {} : { error: reader.lastError }),
    };
  });
}
