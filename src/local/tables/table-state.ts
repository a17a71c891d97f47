import type { StreamState } from '../streams/stream-state.js';
import { keys } from './database.js';
import type { TableShape } from './dynalite.js';

/** A description as DescribeTable answers it, without what is computed: counts and the stream. */
export type StoredDescription = TableShape & Readonly<Record<string, unknown>>;

/** A table as stored. */
export interface TableRow {
  readonly generation: number;
  readonly description: StoredDescription;
  readonly tags: Readonly<Record<string, string>>;
  /** ARN and label of the newest stream, also after it was disabled. */
  readonly stream?: { readonly arn: string; readonly label: string };
  /** Absent while time to live is disabled. */
  readonly timeToLive?: {
    readonly attribute: string;
    /** False until the items that were there before are entered. */
    readonly indexed: boolean;
  };
}

/** Item count and size in bytes, kept in the same batch as each item. */
export interface TableCounters {
  items: number;
  bytes: number;
}

/** A live table. */
export class TableState {
  /** False once the table is deleted: a write that was on its way then fails. */
  live = true;
  readonly counters: TableCounters = { items: 0, bytes: 0 };
  /** The enabled stream. */
  stream: StreamState | undefined;
  /**
   * The time-to-live sweep has removed what was due before this second. It starts there, not at the beginning of the
   * range: LevelDB would step over every entry that it removed before.
   */
  sweptBefore = 0;
  readonly itemPrefix: string;

  constructor(public row: TableRow) {
    this.itemPrefix = keys.items(row.generation);
  }

  get name(): string {
    return this.row.description.TableName;
  }
}
