import type { StreamRecord } from '../../../src/model/index.js';
import type { RecordList } from '../../../src/stream/records/record-list.js';

/** All records of a list, parsed. */
export function recordsOf(list: RecordList): StreamRecord[] {
  return Array.from({ length: list.length }, (_, at) => list.record(at));
}
