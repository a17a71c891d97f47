// Reads a function's answer to a batch as Lambda does when ReportBatchItemFailures is on.

export type BatchVerdict =
  | { readonly type: 'complete' }
  /** The first failed record; everything from it on is tried again. */
  | { readonly type: 'from'; readonly index: number }
  /** The answer is not understood, or names a record that is not in the batch: the whole batch failed. */
  | { readonly type: 'failed' };

/** `sequenceNumbers` are those of the batch, in order. */
export function judgeResponse(payload: Uint8Array, sequenceNumbers: readonly string[]): BatchVerdict {
  const response = parse(payload);
  // Lambda takes nothing, null and an absent or null list as success.
  if (typeof response !== 'object' || response === null) return { type: 'complete' };
  const failures = 'batchItemFailures' in response ? response.batchItemFailures : undefined;
  if (failures === undefined || failures === null) return { type: 'complete' };
  if (!Array.isArray(failures)) return { type: 'failed' };
  let lowest = Infinity;
  for (const failure of failures as unknown[]) {
    const identifier =
      typeof failure === 'object' && failure !== null && 'itemIdentifier' in failure
        ? failure.itemIdentifier
        : undefined;
    const index = typeof identifier === 'string' ? sequenceNumbers.indexOf(identifier) : -1;
    if (index === -1) return { type: 'failed' };
    lowest = Math.min(lowest, index);
  }
  return lowest === Infinity ? { type: 'complete' } : { type: 'from', index: lowest };
}

function parse(payload: Uint8Array): unknown {
  if (payload.length === 0) return null;
  try {
    return JSON.parse(Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString('utf8'));
  } catch {
    return null;
  }
}
