// Brings each mapping from the state that was asked for to the state it is in: starts, restarts and ends runners.
import type { StreamRecord } from '../../model/wire.js';
import { functionArn } from '../functions/function-name.js';
import type { FunctionStore } from '../functions/function-store.js';
import type { Invoker } from '../functions/invoker.js';
import type { LogStore } from '../logs/log-store.js';
import { type EngineContext, ServiceError } from '../service.js';
import type { StreamSource } from '../stream-source.js';
import { Checkpoint, NOTHING_PROCESSED } from './checkpoint.js';
import type { MappingRecord } from './mapping-record.js';
import { MappingRunner } from './mapping-runner.js';
import type { MappingStore } from './mapping-store.js';
import type { CallResult } from './process-batch.js';

const BACK_OFF_MS = 100;
/** Lambda goes up to minutes; a developer is waiting here. */
const MAX_BACK_OFF_MS = 5000;

export interface MappingControllerOptions {
  readonly context: EngineContext;
  readonly source: StreamSource;
  readonly functions: FunctionStore;
  readonly invoker: Invoker;
  readonly mappings: MappingStore;
  readonly logs: LogStore;
  /** Throws for a pattern that Lambda would refuse. */
  readonly compileFilter: (patterns: readonly string[]) => (record: StreamRecord) => boolean;
  readonly backOffMs?: (failures: number) => number;
}

interface Active {
  checkpoint?: Checkpoint;
  runner?: MappingRunner;
  /** Transitions of one mapping run one after the other. */
  transition: Promise<void>;
}

export class MappingController {
  readonly #active = new Map<string, Active>();
  #closed = false;

  constructor(private readonly options: MappingControllerOptions) {}

  /** Takes up every mapping that an earlier process left, in whatever state it was. */
  resume(): void {
    for (const record of this.options.mappings.list()) this.settle(record.uuid);
  }

  lastResult(uuid: string): string {
    return this.#active.get(uuid)?.checkpoint?.lastResult ?? NOTHING_PROCESSED;
  }

  /** Makes a mapping what its record says, soon. */
  settle(uuid: string): void {
    const active = this.#active.get(uuid) ?? { transition: Promise.resolve() };
    this.#active.set(uuid, active);
    active.transition = active.transition
      .then(() => this.#settle(uuid, active))
      .catch((error: unknown) => this.options.context.log(`mapping ${uuid}: ${String(error)}`));
  }

  /** Aborts all runners; call before the functions' children are killed, and await after. */
  stop(): Promise<void> {
    this.#closed = true;
    for (const { runner } of this.#active.values()) runner?.stop();
    return Promise.all(
      [...this.#active.values()].map(async (active) => {
        await active.transition;
        active.runner?.stop();
        await active.runner?.stopped;
      }),
    ).then(() => undefined);
  }

  async #settle(uuid: string, active: Active): Promise<void> {
    const { context, mappings } = this.options;
    active.runner?.stop();
    await active.runner?.stopped;
    delete active.runner;
    const record = mappings.get(uuid);
    if (record === undefined || this.#closed) return;
    if (record.state === 'Deleting') {
      await mappings.delete(uuid);
      this.#active.delete(uuid);
      return;
    }
    const { checkpoint, isNew } = await Checkpoint.open(mappings.folder(uuid), () => this.#flushLog(record));
    active.checkpoint = checkpoint;
    if (record.settings.enabled) {
      const runner = new MappingRunner({
        context,
        source: this.options.source,
        record,
        checkpoint,
        isNew,
        matches: this.options.compileFilter(record.settings.filters),
        call: (event) => this.#call(record, event),
        backOffMs:
          this.options.backOffMs ??
          ((failures) => Math.min(MAX_BACK_OFF_MS, BACK_OFF_MS * 2 ** (failures - 1))),
      });
      await runner.start();
      active.runner = runner;
      if (this.#closed) runner.stop();
    }
    const state = record.settings.enabled ? 'Enabled' : 'Disabled';
    const current = mappings.get(uuid);
    // A later request may have asked for something else meanwhile: its own transition follows.
    if (current === undefined || current.state !== record.state || current.settings !== record.settings)
      return;
    if (current.state !== state) await mappings.save({ ...current, state, lastModified: context.now() });
  }

  /** What the function logged about a batch is on disk before the batch counts as done. */
  async #flushLog(mapping: MappingRecord): Promise<void> {
    const record = this.options.functions.get(mapping.settings.functionName);
    if (record === undefined) return;
    const log = await this.options.logs.get(record.settings.logging.LogGroup);
    await log?.flush();
  }

  async #call(mapping: MappingRecord, event: Uint8Array): Promise<CallResult> {
    const { context, functions, invoker } = this.options;
    const { functionName, qualifier } = mapping.settings;
    const record = functions.get(functionName);
    if (record === undefined) {
      return { type: 'unavailable', reason: `Function not found: ${functionArn(context, functionName)}` };
    }
    try {
      const invoke = () => invoker.invoke(record, event, { qualifier });
      const { requestId, payload, functionError } = await (context.invokeWithFaults?.(invoke) ?? invoke());
      return functionError === undefined
        ? { type: 'answered', requestId, payload }
        : { type: 'failed', requestId };
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      return { type: 'unavailable', reason: error.message };
    }
  }
}
