// A batch of which a part was not done: AWS does so when a table is over its throughput, and gives the rest back.
import type { EngineResponse } from '../service.js';
import type { FaultDraw } from './fault-plan.js';
import type { FaultyCall } from './faulty-call.js';
import { answerWith, type Body, isBody, readBody, withBody } from './service-body.js';

const MOST_WRITES = 25;
const MOST_READS = 100;

/**
 * Does a part of a BatchWriteItem or BatchGetItem, at least one entry and never all: when AWS can do none at all it
 * answers ProvisionedThroughputExceededException instead. A batch of one is done.
 */
export async function partOfBatch(draw: FaultDraw, call: FaultyCall): Promise<EngineResponse> {
  const body = readBody(call.request.body);
  const tables = isBody(body?.RequestItems) ? body.RequestItems : {};
  const isWrite = call.operation === 'BatchWriteItem';
  const entries = Object.entries(tables).flatMap(([table, value]) =>
    entriesOf(value, isWrite).map((entry) => ({ table, entry, back: draw.random() < 0.5 })),
  );
  // A batch that is too large is refused as a whole.
  if (body === undefined || entries.length < 2 || entries.length > (isWrite ? MOST_WRITES : MOST_READS)) {
    return call.inner(call.request);
  }
  const given = entries.filter(({ back }) => back);
  if (given.length === 0 || given.length === entries.length) {
    const chosen = entries[Math.floor(draw.random() * entries.length)];
    for (const entry of entries) entry.back = entry === chosen;
  }
  const pick = (back: boolean): Body => {
    const picked: Record<string, unknown> = {};
    for (const [table, value] of Object.entries(tables)) {
      const mine = entries.filter((entry) => entry.table === table && entry.back === back);
      if (mine.length === 0) continue;
      const list = mine.map(({ entry }) => entry);
      picked[table] = isWrite ? list : { ...(value as Body), Keys: list };
    }
    return picked;
  };
  const answer = await call.inner(withBody(call.request, { ...body, RequestItems: pick(false) }));
  const answered = readBody(answer.body);
  if (answer.status !== 200 || answered === undefined) return answer;
  draw.fire();
  return answerWith(answer, {
    ...answered,
    [isWrite ? 'UnprocessedItems' : 'UnprocessedKeys']: pick(true),
  });
}

function entriesOf(value: unknown, isWrite: boolean): readonly unknown[] {
  const list = isWrite ? value : isBody(value) ? value.Keys : undefined;
  return Array.isArray(list) ? list : [];
}
