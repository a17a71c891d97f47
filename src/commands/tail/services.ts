// What the tail command reaches out to, so that its tests can hand it events of their own.
import type { LoadedConfig } from '../../config.js';
import type { Model } from '../../model/index.js';
import type { LedgerSnapshot, LinesEvent, TailEvent } from '../../stream/events.js';
import type { EncodeLines } from '../../stream/run/open-page.js';
import type { LinesTailOptions } from '../../stream/tail.js';
import type { TailOptions } from '../../stream/tail-options.js';
import type { Target } from '../../target/target.js';
import type { ShardLine } from '../../ui/tail/summary.js';
import type { CommandContext, TargetFlags } from '../context.js';
import type { TableKey } from './key-flags.js';

/** A running tail: its events once, its account at any moment. */
export interface OpenTail extends AsyncIterable<TailEvent | LinesEvent> {
  ledger(): LedgerSnapshot;
  shards(): readonly ShardLine[];
}

export interface TailServices {
  openTarget(flags: TargetFlags, context: CommandContext, loaded: LoadedConfig): Promise<Target>;
  openTail(options: TailOptions): Promise<OpenTail>;
  /** As `openTail`, with the lines of whole batches in place of their changes. */
  openLines(options: LinesTailOptions, encode: EncodeLines): Promise<OpenTail>;
  loadModel(path: string): Promise<Model>;
  /** How many event source mappings read the stream beside the tail. */
  countMappings(target: Target, streamArn: string, signal: AbortSignal): Promise<number>;
  /** The attributes of the table's key, the partition key first. */
  readKeys(target: Target, table: string, signal: AbortSignal): Promise<readonly TableKey[]>;
}

/** Each is imported when it is called: a refused flag loads no AWS package, a tail without a model no bundler. */
export const REAL_SERVICES: TailServices = {
  async openTarget(flags, context, loaded) {
    const { resolveTarget } = await import('../../target/resolve.js');
    return resolveTarget(flags, context, loaded);
  },
  async openTail(options) {
    const { tailStream } = await import('../../stream/tail.js');
    return tailStream(options);
  },
  async openLines(options, encode) {
    const { tailLines } = await import('../../stream/tail.js');
    return tailLines(options, encode);
  },
  async loadModel(path) {
    const { loadUserModel } = await import('../../lambda/bundle/index.js');
    return loadUserModel(path);
  },
  async countMappings({ clients }, streamArn, signal) {
    const [{ listMappings }, { REAL_PACE }] = await Promise.all([
      import('../../provision/resources/mapping.js'),
      import('../../provision/pace.js'),
    ]);
    return (await listMappings({ clients, pace: REAL_PACE, signal }, { streamArn })).length;
  },
  async readKeys({ clients }, table, signal) {
    const { readKeySchema } = await import('../../seed/key-schema.js');
    return readKeySchema(await clients.dynamodb(), table, signal);
  },
};
