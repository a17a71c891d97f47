// What Lambda tells an on-failure destination about records that it gave up. There is no queue or topic here: each
// message is a file under `<dataDir>/on-failure/<destination>/`, in the documented form, and a line in the engine log.
import { join } from 'node:path';
import { writeJsonAtomically } from '../functions/atomic-file.js';
import type { EngineContext } from '../service.js';
import { type MappingRecord, mappingFunctionArn } from './mapping-record.js';
import { type PendingRecord, toEvent } from './pending-record.js';

export interface Discarded {
  readonly records: readonly PendingRecord[];
  readonly condition: 'RetryAttemptsExhausted' | 'RecordAgeExceeded';
  /** How often the function was called with these records. */
  readonly invokeCount: number;
  /** The last call, if there was one. */
  readonly requestId: string | undefined;
}

/** Writes the message, when the mapping has a destination, and the log line. The same records give the same file. */
export async function reportDiscarded(
  context: EngineContext,
  mapping: MappingRecord,
  shardId: string,
  discarded: Discarded,
): Promise<void> {
  const first = discarded.records[0];
  const last = discarded.records.at(-1);
  if (first === undefined || last === undefined) return;
  const { settings } = mapping;
  const count = discarded.records.length;
  context.log(
    `mapping ${mapping.uuid} gave up ${count} ${count === 1 ? 'record' : 'records'} of ${shardId}, ` +
      `${first.sequenceNumber} to ${last.sequenceNumber}: ${discarded.condition}`,
  );
  if (settings.onFailureArn === undefined) return;
  const message = {
    requestContext: {
      requestId: discarded.requestId ?? '',
      functionArn: mappingFunctionArn(context, settings),
      condition: discarded.condition,
      approximateInvokeCount: discarded.invokeCount,
    },
    ...(discarded.requestId === undefined
      ? {}
      : { responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' } }),
    version: '1.0',
    timestamp: new Date(context.now()).toISOString(),
    DDBStreamBatchInfo: {
      shardId,
      startSequenceNumber: first.sequenceNumber,
      endSequenceNumber: last.sequenceNumber,
      approximateArrivalOfFirstRecord: isoSeconds(first.createdAt),
      approximateArrivalOfLastRecord: isoSeconds(last.createdAt),
      batchSize: count,
      streamArn: mapping.streamArn,
    },
    // Only a bucket has room for the data itself.
    ...(settings.onFailureArn.includes(':s3:')
      ? { payload: Buffer.from(toEvent(discarded.records)).toString() }
      : {}),
  };
  const folder = settings.onFailureArn.replace(/[^a-zA-Z0-9_.-]/g, '_');
  const file = `${shardId}-${first.sequenceNumber}-${last.sequenceNumber}.json`;
  await writeJsonAtomically(join(context.dataDir, 'on-failure', folder, file), message);
}

function isoSeconds(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
}
