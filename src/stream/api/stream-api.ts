// The six questions that a tail asks of AWS, as values. `sdk-stream-api.ts` asks them through the SDK; the tests ask a
// simulated stream.

import type { RecordList } from '../records/record-list.js';
import type { OnRetried } from './observe-attempts.js';

/** A table, as far as its stream goes. */
export interface TableStream {
  /** ACTIVE, CREATING, UPDATING, DELETING … */
  readonly status: string;
  /** The latest stream's, which may be disabled. Absent when the table never had one. */
  readonly streamArn?: string;
  /** Of that stream: its ARN ends with it, and descriptions of it have it too. */
  readonly streamLabel?: string;
  readonly enabled: boolean;
  readonly viewType?: string;
  /** Tells a table from one of the same name that was made later, where the server says. */
  readonly tableId?: string;
}

/** A shard as DescribeStream lists it. */
export interface ShardListing {
  readonly id: string;
  readonly parent?: string;
  /** Present on a closed shard; some servers report one on an open shard too. */
  readonly end?: string;
}

export interface StreamDescription {
  /** ENABLED, ENABLING, DISABLING, DISABLED. */
  readonly status: string;
  readonly viewType: string;
  /** Of the stream that is described, which on some servers is not the one that was asked for. */
  readonly label?: string;
  /** At most 100 a page. */
  readonly shards: readonly ShardListing[];
  /** Present when there are more pages. */
  readonly lastShard?: string;
}

export interface DescribeRequest {
  /** Go on behind this shard. */
  readonly after?: string;
  /** Only the children of this shard. */
  readonly childrenOf?: string;
}

export type IteratorPosition =
  | { readonly type: 'latest' }
  | { readonly type: 'horizon' }
  | { readonly type: 'at'; readonly seq: string }
  | { readonly type: 'after'; readonly seq: string };

export interface RecordsPage {
  readonly records: RecordList;
  /** Absent when a closed shard is drained (and, from some servers, at other times). */
  readonly next?: string;
}

export interface ApiCall {
  readonly signal: AbortSignal;
  readonly onRetried?: OnRetried;
}

/** Every call may reject with an AWS error: see `readErrorKind`. An aborted call rejects. */
export interface StreamApi {
  /** Undefined when there is no such table. */
  table(call: ApiCall): Promise<TableStream | undefined>;
  describe(streamArn: string, request: DescribeRequest, call: ApiCall): Promise<StreamDescription>;
  iterator(
    streamArn: string,
    shard: string,
    position: IteratorPosition,
    call: ApiCall,
  ): Promise<string | undefined>;
  records(iterator: string, call: ApiCall): Promise<RecordsPage>;
  /** The ARNs of all the table's streams that are still readable. */
  streams(call: ApiCall): Promise<readonly string[]>;
}
