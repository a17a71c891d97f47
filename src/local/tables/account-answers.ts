import { type Catalog, requireTable } from './catalog.js';
import type { RequestBody } from './item-operations.js';
import { readTableName } from './read-table-name.js';

/** DescribeLimits: a new AWS account's quotas. The engine enforces none of them. */
export function describeLimits(): unknown {
  return {
    AccountMaxReadCapacityUnits: 80_000,
    AccountMaxWriteCapacityUnits: 80_000,
    TableMaxReadCapacityUnits: 40_000,
    TableMaxWriteCapacityUnits: 40_000,
  };
}

/** DescribeContinuousBackups: the engine makes none. */
export function describeContinuousBackups(catalog: Catalog, body: RequestBody): unknown {
  requireTable(catalog, readTableName(body));
  return {
    ContinuousBackupsDescription: {
      ContinuousBackupsStatus: 'DISABLED',
      PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: 'DISABLED' },
    },
  };
}
