// Pages of GetRecords that are empty, repeat themselves, have no next iterator, or end in a trim.

import type { EngineResponse } from '../service.js';
import { trimmed } from '../streams/get-shard-iterator.js';
import { readIterator, type ShardPosition, writeIterator } from '../streams/iterator.js';
import { isSequence } from '../streams/sequence.js';
import { type FaultDraw, findDraw } from './fault-plan.js';
import type { FaultyCall } from './faulty-call.js';
import { answerWith, type Body, isBody, readBody, withBody } from './service-body.js';

/** How many records of the page before a repetitive page begins with. */
const MOST_REPEATED = 5;
/** Positions of which the page before is remembered: those of any reader that is still at work. */
const MOST_REMEMBERED = 10_000;

/** What was read before each position, so that a page can begin with it again. */
export class PageMemory {
  readonly #before = new Map<string, readonly string[]>();

  /** The sequence numbers just before a position, the oldest first; the first one is not to be repeated itself. */
  before(position: ShardPosition): readonly string[] {
    return this.#before.get(keyOf(position)) ?? [];
  }

  remember(from: ShardPosition, read: readonly string[]): void {
    const last = read.at(-1);
    if (last === undefined) return;
    const key = keyOf({ ...from, after: last });
    this.#before.delete(key);
    this.#before.set(key, [from.after, ...read].slice(-MOST_REPEATED - 1));
    const [oldest] = this.#before.keys();
    if (this.#before.size > MOST_REMEMBERED && oldest !== undefined) this.#before.delete(oldest);
  }
}

/** Answers GetRecords with what the faults make of the page. */
export async function faultyPage(
  draws: readonly FaultDraw[],
  call: FaultyCall,
  memory: PageMemory,
): Promise<EngineResponse> {
  const body = readBody(call.request.body);
  if (body === undefined) return call.inner(call.request);
  // Throws for an iterator that is none, or too old, as the service would.
  const position = readIterator(body.ShardIterator, call.now());
  const empty = findDraw(draws, 'empty');
  if (empty !== undefined) {
    empty.fire();
    const NextShardIterator = writeIterator(position, call.now());
    return { status: 200, body: { Records: [], NextShardIterator } };
  }
  const nothingNext = findDraw(draws, 'null-iterator');
  // Asked before the read: a shard that closes meanwhile was open for the reader.
  const isOpen = nothingNext !== undefined && (await isShardOpen(call, position));
  const repeated = findDraw(draws, 'duplicate');
  const from = repeated === undefined ? position.after : repeatFrom(memory.before(position), body.Limit);
  const isRepeated = from !== undefined && from < position.after;
  const request = isRepeated
    ? withBody(call.request, {
        ...body,
        ShardIterator: writeIterator({ ...position, after: from }, call.now()),
      })
    : call.request;
  const answer = await call.inner(request).catch((error: unknown) => {
    // What would be repeated may be gone while the reader's own place is not.
    if (isRepeated) return call.inner(call.request);
    throw error;
  });
  const page = readBody(answer.body);
  if (page === undefined) return answer;
  memory.remember(isRepeated ? { ...position, after: from } : position, sequences(page));
  if (isRepeated && sequences(page).some((seq) => seq <= position.after)) repeated?.fire();
  if (!isOpen || page.NextShardIterator === undefined) return answer;
  nothingNext?.fire();
  const { NextShardIterator: _, ...rest } = page;
  return answerWith(answer, rest);
}

/**
 * Takes the older half of what the reader was about to read out of the stream, and throws TrimmedDataAccessException.
 * Resolves without a trim where nothing can be lost: no record there, or a reader that takes what is left.
 */
export async function trimAhead(draw: FaultDraw, call: FaultyCall): Promise<void> {
  const body = readBody(call.request.body);
  if (body === undefined) return;
  const { streamArn, shardId, fromHorizon } = readIterator(body.ShardIterator, call.now());
  const ahead = sequences(readBody((await call.inner(call.request)).body) ?? {});
  const lastTrimmed = ahead[Math.ceil(ahead.length / 2) - 1];
  if (fromHorizon || lastTrimmed === undefined) return;
  const firstKept = (BigInt(lastTrimmed) + 1n).toString();
  await call.ask('admin', 'TrimStream', {
    StreamArn: streamArn,
    ShardId: shardId,
    BeforeSequenceNumber: firstKept,
  });
  draw.fire();
  throw trimmed();
}

/** Where to read again from, so that a new record still fits on the page; undefined when there is nowhere. */
function repeatFrom(before: readonly string[], limit: unknown): string | undefined {
  const most = typeof limit === 'number' ? limit - 1 : MOST_REPEATED;
  const repeats = Math.min(most, before.length - 1, MOST_REPEATED);
  return repeats < 1 ? undefined : before.at(-1 - repeats);
}

async function isShardOpen(call: FaultyCall, { streamArn, shardId }: ShardPosition): Promise<boolean> {
  let after: unknown;
  do {
    const answer = await call.ask('streams', 'DescribeStream', {
      StreamArn: streamArn,
      ...(after === undefined ? {} : { ExclusiveStartShardId: after }),
    });
    const page = readBody(answer.body)?.StreamDescription;
    if (!isBody(page) || !Array.isArray(page.Shards)) return false;
    const found = (page.Shards as readonly Body[]).find((shard) => shard.ShardId === shardId);
    if (found !== undefined) {
      return isBody(found.SequenceNumberRange) && !('EndingSequenceNumber' in found.SequenceNumberRange);
    }
    after = page.LastEvaluatedShardId;
  } while (after !== undefined);
  return false;
}

function sequences(page: Body): readonly string[] {
  const records: readonly unknown[] = Array.isArray(page.Records) ? page.Records : [];
  return records.flatMap((record) => {
    const stream = isBody(record) ? record.dynamodb : undefined;
    const sequence = isBody(stream) ? stream.SequenceNumber : undefined;
    return typeof sequence === 'string' && isSequence(sequence) ? [sequence] : [];
  });
}

function keyOf({ streamArn, shardId, after }: ShardPosition): string {
  return `${streamArn} ${shardId} ${after}`;
}
