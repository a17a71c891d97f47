import type { EngineState } from '../engine-state.js';
import { callEngine } from './client.js';

/** The engine's answer to RollShards and SplitShard. */
export interface ShardLineage {
  readonly StreamArn: string;
  readonly Closed: readonly string[];
  readonly Opened: readonly { readonly ShardId: string; readonly ParentShardId: string }[];
}

/** Closes shards of a table's stream and opens their children: all open shards, or one that becomes two. */
export async function changeShards(
  state: EngineState,
  operation: 'RollShards' | 'SplitShard',
  table: string,
  signal: AbortSignal,
): Promise<ShardLineage> {
  // The engine is of this package's version: `local` commands replace any other, or fail to find it.
  return (await callEngine(state, operation, { TableName: table }, signal)) as ShardLineage;
}
