import { join } from 'node:path';
import type { EngineContext, EngineService } from '../service.js';
import type { StreamSource } from '../stream-source.js';
import { adminService } from '../streams/admin.js';
import { Maintenance } from '../streams/maintenance.js';
import { streamService } from '../streams/service.js';
import { streamSource } from '../streams/source.js';
import { openDatabase } from './database.js';
import { loadCatalog } from './load.js';
import { tableService } from './service.js';

/** The data half of the engine. */
export interface DataServices {
  /** `DynamoDB_20120810`. */
  readonly dynamodb: EngineService;
  /** `DynamoDBStreams_20120810`. */
  readonly streams: EngineService;
  /** The engine's own operations on shards: RollShards, SplitShard, TrimStream, RunMaintenance. */
  readonly admin: EngineService;
  /** How event source mappings read streams. */
  readonly source: StreamSource;
  /** Waits for writes on their way, then closes the database. */
  close(): Promise<void>;
}

/**
 * Opens tables and streams in `<dataDir>/tables`. Throws CliError `engine.dataLocked` when another engine has the
 * folder open.
 */
export async function openDataServices(context: EngineContext): Promise<DataServices> {
  const database = await openDatabase(join(context.dataDir, 'tables'));
  const catalog = await loadCatalog(context, database);
  const maintenance = new Maintenance(catalog);
  maintenance.start();
  let closing: Promise<void> | undefined;
  async function close(): Promise<void> {
    await maintenance.stop();
    await catalog.commits.idle();
    await database.close();
  }
  return {
    dynamodb: tableService(catalog),
    streams: streamService(catalog),
    admin: adminService(catalog, maintenance),
    source: streamSource(catalog),
    close() {
      closing ??= close();
      return closing;
    },
  };
}
