// What time brings: shards roll after four hours also when nothing is written, old records are trimmed.
import type { Catalog } from '../tables/catalog.js';
import { SHARD_LIFE_MS } from './stream-log.js';
import { trimStreams } from './trim.js';

const INTERVAL_MS = 60_000;

/** Runs the engine's periodic work, one round at a time. */
export class Maintenance {
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> | undefined;

  constructor(readonly catalog: Catalog) {}

  /** Starts with a round at once: the engine may have been stopped for long. */
  start(): void {
    this.#timer = setInterval(() => void this.run(), INTERVAL_MS);
    this.#timer.unref();
    void this.run();
  }

  /** Does one round, or joins the one that runs. Failures go to the engine's log. */
  run(): Promise<void> {
    this.#round ??= this.#work().finally(() => {
      this.#round = undefined;
    });
    return this.#round;
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#round;
  }

  async #work(): Promise<void> {
    try {
      await rollAgedShards(this.catalog);
      await trimStreams(this.catalog);
    } catch (error) {
      this.catalog.log(`maintenance failed: ${error instanceof Error ? error.stack : String(error)}`);
    }
  }
}

async function rollAgedShards(catalog: Catalog): Promise<void> {
  const due = catalog.now() - SHARD_LIFE_MS;
  const { streamLog } = catalog;
  for (const stream of streamLog.streams.values()) {
    if (!stream.open.some((shard) => shard.row.createdAt <= due)) continue;
    await catalog.commits.commit((batch) => {
      for (const shard of stream.open) {
        if (shard.row.createdAt <= due) streamLog.roll(batch, stream, shard);
      }
    });
  }
}
