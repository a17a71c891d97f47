// Takes one batch to its end: processed, or given up. Retries with back-off, splits, partial answers, record age.
// Pure towards the world: the function, the clock and the wait are arguments.
import { judgeResponse } from './batch-response.js';
import type { MappingSettings } from './mapping-record.js';
import type { Discarded } from './on-failure.js';
import { type PendingRecord, toEvent } from './pending-record.js';

/** How one call of the function ended. */
export type CallResult =
  | { readonly type: 'answered'; readonly requestId: string; readonly payload: Uint8Array }
  | { readonly type: 'failed'; readonly requestId: string }
  /** The function could not be called: it is missing or throttled. Not an attempt; tried again until too old. */
  | { readonly type: 'unavailable'; readonly reason: string };

export interface BatchWorld {
  readonly call: (event: Uint8Array) => Promise<CallResult>;
  /** Rejects when the mapping stops. */
  readonly backOff: (failures: number) => Promise<void>;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Records that are done, in order, as soon as they are. */
  readonly onDone: (records: readonly PendingRecord[]) => Promise<void>;
  readonly onDiscarded: (discarded: Discarded) => Promise<void>;
  /** For LastProcessingResult. */
  readonly onResult: (result: string) => void;
}

type BatchSettings = Pick<MappingSettings, 'bisect' | 'maxRetries' | 'maxRecordAge' | 'reportsItemFailures'>;

interface Part {
  readonly records: readonly PendingRecord[];
  /** Failed attempts that count towards the retries. */
  readonly failures: number;
  readonly calls: number;
  readonly requestId?: string;
}

/** Streams keep records this long; with infinite retries this is the end of them. */
const STREAM_RETENTION_SECONDS = 86_400;
export const CALL_FAILED = 'PROBLEM: Function call failed';

/** Resolves when every record of the batch is done or discarded. Rejects only with what the world rejects with. */
export async function processBatch(
  batch: readonly PendingRecord[],
  settings: BatchSettings,
  world: BatchWorld,
): Promise<void> {
  // A stack of what is left, in order: the first part is always finished before the next one starts.
  const parts: Part[] = [{ records: batch, failures: 0, calls: 0 }];
  let unavailable = 0;
  for (let part = parts.shift(); part !== undefined; part = parts.shift()) {
    const { old, young } = splitByAge(part.records, settings, world.now());
    if (old.length > 0) {
      await discard(world, { ...part, records: old }, 'RecordAgeExceeded');
      if (young.length > 0) parts.unshift({ ...part, records: young });
      continue;
    }
    const result = await world.call(toEvent(part.records));
    if (result.type === 'unavailable') {
      world.onResult(`PROBLEM: ${result.reason}`);
      unavailable += 1;
      await world.backOff(unavailable);
      parts.unshift(part);
      continue;
    }
    unavailable = 0;
    const failedFrom = firstFailure(part.records, result, settings);
    world.onResult(failedFrom === undefined ? 'OK' : CALL_FAILED);
    const done = failedFrom === undefined ? part.records : part.records.slice(0, failedFrom);
    if (done.length > 0) await world.onDone(done);
    if (failedFrom === undefined) continue;
    const { requestId } = result;
    // After a partial success this call was the first attempt at what is left.
    const failed: Part =
      failedFrom > 0
        ? { records: part.records.slice(failedFrom), failures: 0, calls: 1, requestId }
        : { ...part, calls: part.calls + 1, requestId };
    parts.unshift(...(await afterFailure(failed, failedFrom === 0, settings, world)));
  }
}

/** What to try next, in order. Empty when the records are given up. */
async function afterFailure(
  part: Part,
  isWhole: boolean,
  settings: BatchSettings,
  world: BatchWorld,
): Promise<readonly Part[]> {
  const { records } = part;
  // A split does not use up an attempt; a partial answer has split the batch already.
  if (settings.bisect && isWhole && records.length > 1) {
    await world.backOff(1);
    const middle = Math.ceil(records.length / 2);
    return [
      { ...part, records: records.slice(0, middle) },
      { ...part, records: records.slice(middle) },
    ];
  }
  if (settings.maxRetries !== -1 && part.failures >= settings.maxRetries) {
    await discard(world, part, 'RetryAttemptsExhausted');
    return [];
  }
  await world.backOff(part.failures + 1);
  return [{ ...part, failures: part.failures + 1 }];
}

async function discard(world: BatchWorld, part: Part, condition: Discarded['condition']): Promise<void> {
  await world.onDiscarded({
    records: part.records,
    condition,
    invokeCount: part.calls,
    requestId: part.requestId,
  });
  await world.onDone(part.records);
}

/** The index of the first failed record, or undefined when all went well. */
function firstFailure(
  records: readonly PendingRecord[],
  result: Exclude<CallResult, { type: 'unavailable' }>,
  settings: BatchSettings,
): number | undefined {
  if (result.type === 'failed') return 0;
  if (!settings.reportsItemFailures) return undefined;
  const verdict = judgeResponse(
    result.payload,
    records.map(({ sequenceNumber }) => sequenceNumber),
  );
  switch (verdict.type) {
    case 'complete':
      return undefined;
    case 'failed':
      return 0;
    case 'from':
      return verdict.index;
  }
}

function splitByAge(
  records: readonly PendingRecord[],
  settings: BatchSettings,
  nowMs: number,
): { readonly old: readonly PendingRecord[]; readonly young: readonly PendingRecord[] } {
  const maxSeconds = settings.maxRecordAge === -1 ? STREAM_RETENTION_SECONDS : settings.maxRecordAge;
  const oldest = nowMs / 1000 - maxSeconds;
  const firstYoung = records.findIndex(({ createdAt }) => createdAt >= oldest);
  const count = firstYoung === -1 ? records.length : firstYoung;
  return { old: records.slice(0, count), young: records.slice(count) };
}
