import type { TableState } from './table-state.js';

/** Returns the TableDescription that AWS would answer now. */
export function describeTable(table: TableState, status = 'ACTIVE'): Record<string, unknown> {
  const { row, counters, stream } = table;
  return {
    ...row.description,
    TableStatus: status,
    ItemCount: counters.items,
    TableSizeBytes: counters.bytes,
    ...(stream === undefined
      ? {}
      : { StreamSpecification: { StreamEnabled: true, StreamViewType: stream.row.viewType } }),
    ...(row.stream === undefined
      ? {}
      : { LatestStreamArn: row.stream.arn, LatestStreamLabel: row.stream.label }),
  };
}
