// The faults that the engine can show, each with what it does, where it can happen and how it is dosed.

export interface FaultKind {
  /** What the caller sees. */
  readonly does: string;
  /** The operations that it can happen to; every one when absent. */
  readonly operations?: readonly string[];
  /** What a rule says after `=`: nothing but its dose when absent. */
  readonly value?: 'duration' | 'size';
}

export const FAULT_KINDS = {
  throttle: { does: 'the throttling error of the operation, nothing done' },
  error: { does: 'an internal error of the service (500), the operation done or not' },
  cut: { does: 'the connection cut, before or after the operation was done' },
  delay: { does: 'an answer so much later', value: 'duration' },
  expire: { does: 'ExpiredIteratorException', operations: ['GetRecords'] },
  trim: {
    does: 'TrimmedDataAccessException, and records after the reader gone for good',
    operations: ['GetRecords'],
  },
  empty: { does: 'a page without records that moves nowhere', operations: ['GetRecords'] },
  duplicate: {
    does: 'a page that begins with the last records of the one before',
    operations: ['GetRecords'],
  },
  'null-iterator': { does: 'no NextShardIterator, though the shard is open', operations: ['GetRecords'] },
  unprocessed: {
    does: 'a part of the batch not done, and given back',
    operations: ['BatchWriteItem', 'BatchGetItem'],
  },
  'late-children': {
    does: 'shards left out of listings until they are so old',
    operations: ['DescribeStream'],
    value: 'duration',
  },
  'missing-shard': { does: 'one shard left out of a page', operations: ['DescribeStream'] },
  'repeated-shard': { does: 'one shard twice in a page', operations: ['DescribeStream'] },
  'page-error': {
    does: 'an internal error on a page after the first',
    operations: ['DescribeStream'],
  },
  'small-pages': {
    does: 'pages of so many entries at most',
    operations: ['DescribeStream', 'GetRecords', 'ListStreams', 'Query', 'Scan'],
    value: 'size',
  },
} as const satisfies Readonly<Record<string, FaultKind>>;

export type FaultKindName = keyof typeof FAULT_KINDS;

/** The kind of that name, if there is one. */
export function faultKind(name: string): FaultKind | undefined {
  // `hasOwn` has shown that it is one of the keys.
  return Object.hasOwn(FAULT_KINDS, name) ? FAULT_KINDS[name as FaultKindName] : undefined;
}
