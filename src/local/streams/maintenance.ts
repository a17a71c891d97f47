// What time brings: items expire, shards roll after four hours also when nothing is written, old records are trimmed.
import type { Catalog } from '../tables/catalog.js';
import { sweepExpired } from '../tables/time-to-live.js';
import { dropOldTokens } from '../tables/transact-write.js';
import { SHARD_LIFE_MS } from './stream-log.js';
import { trimStreams } from './trim.js';

/** AWS takes days over expired items; here they go within a second or two, so that people can watch. */
const SWEEP_INTERVAL_MS = 1_000;
const TRIM_INTERVAL_MS = 60_000;

/** Runs the engine's periodic work, one round at a time. */
export class Maintenance {
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #busy = false;
  #lastTrim = 0;

  constructor(readonly catalog: Catalog) {}

  /** Starts with a whole round at once: the engine may have been stopped for long. */
  start(): void {
    this.#timer = setInterval(() => this.#tick(), SWEEP_INTERVAL_MS);
    this.#timer.unref();
    this.#tick();
  }

  /** Does a whole round now, after the one that runs. Failures go to the engine's log. */
  runAll(): Promise<void> {
    return this.#enqueue(true);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#running;
  }

  #tick(): void {
    if (this.#busy) return;
    const now = this.catalog.now();
    const trims = Math.abs(now - this.#lastTrim) >= TRIM_INTERVAL_MS;
    if (trims) this.#lastTrim = now;
    void this.#enqueue(trims);
  }

  #enqueue(trims: boolean): Promise<void> {
    this.#busy = true;
    const round = this.#running.then(() => this.#work(trims));
    this.#running = round;
    return round.finally(() => {
      if (this.#running === round) this.#busy = false;
    });
  }

  async #work(trims: boolean): Promise<void> {
    try {
      await sweepExpired(this.catalog);
      if (!trims) return;
      await rollAgedShards(this.catalog);
      await trimStreams(this.catalog);
      await dropOldTokens(this.catalog);
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
