// Listings of shards that are behind, incomplete or repetitive, as DescribeStream's may be.
import type { EngineResponse } from '../service.js';
import { type FaultDraw, findDraw } from './fault-plan.js';
import type { FaultyCall } from './faulty-call.js';
import { answerWith, type Body, isBody, readBody } from './service-body.js';

/** Answers DescribeStream with the shards that the faults leave, in their order; the page's end stays where it was. */
export async function faultyListing(draws: readonly FaultDraw[], call: FaultyCall): Promise<EngineResponse> {
  const answer = await call.inner(call.request);
  const body = readBody(answer.body);
  const description = body?.StreamDescription;
  if (body === undefined || !isBody(description) || !Array.isArray(description.Shards)) return answer;
  const listed: readonly Body[] = description.Shards;
  let shards = listed;
  const late = findDraw(draws, 'late-children');
  if (late !== undefined) {
    const youngest = call.now() - (late.rule.ms?.[1] ?? 0);
    const old = shards.filter((shard) => shard.ParentShardId === undefined || createdAt(shard) < youngest);
    if (old.length < shards.length) late.fire();
    shards = old;
  }
  const missing = findDraw(draws, 'missing-shard');
  // A stream never seems to be without shards.
  if (missing !== undefined && shards.length > 1) {
    const index = Math.floor(missing.random() * shards.length);
    shards = shards.filter((_, at) => at !== index);
    missing.fire();
  }
  const repeated = findDraw(draws, 'repeated-shard');
  if (repeated !== undefined && shards.length > 0) {
    const index = Math.floor(repeated.random() * shards.length);
    shards = [...shards, ...shards.slice(index, index + 1)];
    repeated.fire();
  }
  if (shards === listed) return answer;
  return answerWith(answer, { ...body, StreamDescription: { ...description, Shards: shards } });
}

/** The engine's shard ids carry their time of creation, in milliseconds. */
function createdAt(shard: Body): number {
  return Number(/^shardId-(\d{20})-/.exec(String(shard.ShardId))?.[1] ?? 0);
}
