import { chooseTable, loadConfig } from '../config.js';
import { CliError, EXIT } from '../errors.js';
import { sampleItem } from '../seed/items.js';
import { readKeySchema } from '../seed/key-schema.js';
import { seedItems } from '../seed/write.js';
import { resolveTarget } from '../target/resolve.js';
import { startProgress } from '../ui/progress.js';
import { renderSeedResult } from '../ui/seed.js';
import type { CommandContext, TargetFlags } from './context.js';
import { initCommand, withHint } from './hints.js';

export interface SeedFlags extends TargetFlags {
  readonly table?: string;
  readonly count: number;
  readonly startId: number;
  readonly concurrency: number;
  readonly rate?: number;
  readonly stamp: boolean;
}

/** Exit 0 when every item was written, 1 when some were not, 130 when interrupted. */
export async function runSeed(flags: SeedFlags, context: CommandContext): Promise<number> {
  const loaded = await loadConfig(context.cwd);
  const table = chooseTable(flags.table, context.env, loaded.config);
  const target = await resolveTarget(flags, context, loaded);
  try {
    const dynamodb = await target.clients.dynamodb();
    const keys = await readKeySchema(dynamodb, table, context.signal).catch((error: unknown) => {
      if (!(error instanceof CliError) || error.code !== 'table.notFound') throw error;
      throw withHint(error, `make it with: ${initCommand(table, flags, loaded.config)}`);
    });
    const progress = startProgress(context.terminal, {
      label: `seeding ${table}`,
      total: flags.count,
      unit: 'items',
    });
    const result = await seedItems({
      dynamodb,
      table,
      count: flags.count,
      concurrency: flags.concurrency,
      ...(flags.rate === undefined ? {} : { ratePerSecond: flags.rate }),
      makeItem: (i, nowMs) => sampleItem(flags.startId + i, keys, flags.stamp ? nowMs : undefined),
      signal: context.signal,
      onProgress: ({ written, failed }) => progress.update(written + failed),
    }).finally(() => progress.stop());
    const { error, ...account } = result;
    if (context.terminal.json)
      await context.terminal.printJson(error === undefined ? account : { ...account, error });
    else
      for (const line of renderSeedResult(result, table, flags.stamp, context.terminal))
        await context.terminal.print(line);
    if (context.signal.aborted) return EXIT.interrupted;
    return result.written === result.requested ? EXIT.done : EXIT.failure;
  } finally {
    target.close();
  }
}
