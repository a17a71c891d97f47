// From what a user's handler answered or threw to the sequence numbers that Lambda is told. Pure.

/** What failed, in stream order; `complaint` says what was wrong with the answer itself. */
export interface Failures {
  readonly sequenceNumbers: readonly string[];
  readonly complaint?: string;
}

/**
 * The failed sequence numbers in an answer: `string[]` or `{ batchItemFailures }`. Anything else is "all done", as it
 * is for Lambda. A number that is not of the batch would make Lambda repeat the whole batch without a word: here too
 * the batch fails from its first record, with a complaint.
 */
export function failuresInAnswer(answer: unknown, batch: readonly string[]): Failures {
  const reported = reportedIn(answer);
  if (reported === undefined || reported.length === 0) return { sequenceNumbers: [] };
  const order = new Map(batch.map((seq, index) => [seq, index]));
  const unknown = reported.findIndex((seq) => typeof seq !== 'string' || !order.has(seq));
  if (unknown >= 0) {
    const seq = reported[unknown];
    const shown = typeof seq === 'string' ? JSON.stringify(seq) : `a value of type ${typeof seq}`;
    return {
      sequenceNumbers: batch.slice(0, 1),
      complaint: `the handler reported ${shown} as failed, which is no sequence number of this batch`,
    };
  }
  const failed = new Set(reported);
  return { sequenceNumbers: batch.filter((seq) => failed.has(seq)) };
}

/** A throw fails the batch from the change that the error names by `sequenceNumber`, else from the first one. */
export function failuresInThrow(error: unknown, batch: readonly string[]): Failures {
  const named =
    typeof error === 'object' && error !== null && 'sequenceNumber' in error
      ? error.sequenceNumber
      : undefined;
  const index = typeof named === 'string' ? batch.indexOf(named) : -1;
  return { sequenceNumbers: batch.slice(Math.max(index, 0), Math.max(index, 0) + 1) };
}

function reportedIn(answer: unknown): readonly unknown[] | undefined {
  if (Array.isArray(answer)) {
    // `return Promise.all(changes.map(…))` answers with whatever the calls gave: only text can be meant as a number.
    return answer.length > 0 && answer.every((entry) => typeof entry === 'string') ? answer : undefined;
  }
  if (typeof answer !== 'object' || answer === null || !('batchItemFailures' in answer)) return undefined;
  const { batchItemFailures } = answer;
  if (!Array.isArray(batchItemFailures)) return undefined;
  return batchItemFailures.map((failure: unknown) =>
    typeof failure === 'object' && failure !== null && 'itemIdentifier' in failure
      ? failure.itemIdentifier
      : failure,
  );
}
