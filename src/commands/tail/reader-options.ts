import { resolve } from 'node:path';
import { resolveDataDir } from '../../local/data-dir.js';
import type { TailOptions } from '../../stream/tail-options.js';
import type { TailRun } from './run.js';

/** What the reader is asked for. Checkpoints lie in the data folder of the project. */
export async function readerOptions(run: TailRun, signal: AbortSignal): Promise<TailOptions> {
  const { flags, plan, selection, model, target, loaded, context } = run;
  const [streams, dynamodb] = await Promise.all([target.clients.streams(), target.clients.dynamodb()]);
  const { table, position, follow, limit, forMs, expect, range, failOnGap, failOnStallMs } = plan;
  const dataDir = resolveDataDir(flags.dataDir, context.env, loaded);
  return {
    streams,
    dynamodb,
    table,
    loopback: target.loopback,
    position,
    follow,
    select: selection.select,
    failOnGap,
    signal,
    ...(model === undefined ? {} : { model }),
    ...(limit === undefined ? {} : { limit }),
    ...(forMs === undefined ? {} : { forMs }),
    ...(expect === undefined ? {} : { expect }),
    ...(range === undefined ? {} : { range }),
    ...(failOnStallMs === undefined ? {} : { failOnStallMs }),
    ...(plan.checkpoint === undefined
      ? {}
      : { checkpoint: { name: plan.checkpoint, dir: resolve(dataDir, 'checkpoints') } }),
  };
}
