// Puts the engine's compute services together: Lambda (functions and event source mappings) and CloudWatch Logs.
import { CliError } from '../../errors.js';
import { compileFilter } from '../../stream/filter/index.js';
import { LogStore } from '../logs/log-store.js';
import { createLogsService } from '../logs/logs-service.js';
import { MappingController } from '../mappings/mapping-controller.js';
import { findMappingByArn, mappingRoutes } from '../mappings/mapping-operations.js';
import { MappingStore } from '../mappings/mapping-store.js';
import { type EngineContext, type EngineService, ServiceError } from '../service.js';
import type { StreamSource } from '../stream-source.js';
import { concurrencyRoutes } from './concurrency-operations.js';
import { engineEndpoint } from './engine-endpoint.js';
import { functionArn } from './function-name.js';
import { functionRoutes } from './function-operations.js';
import { FunctionStore } from './function-store.js';
import { invokeRoutes } from './invoke-operation.js';
import { Invoker } from './invoker.js';
import { dispatch } from './rest.js';
import { type Tagged, tagRoutes } from './tag-operations.js';

export interface ComputeServices {
  readonly lambda: EngineService;
  readonly logs: EngineService;
  /** True while any function is at work. */
  busy(): boolean;
  /** Stops mappings, kills functions, flushes logs. Nothing of it runs afterwards. */
  close(): Promise<void>;
}

/** Opens what earlier processes left in the data folder; enabled mappings go on behind their checkpoints. */
export async function openComputeServices(
  context: EngineContext,
  source: StreamSource,
): Promise<ComputeServices> {
  const [functions, logs, mappings] = await Promise.all([
    FunctionStore.open(context),
    LogStore.open(context),
    MappingStore.open(context),
  ]);
  const invoker = new Invoker({ context, functions, logs, endpoint: () => engineEndpoint(context.dataDir) });
  const controller = new MappingController({
    context,
    source,
    functions,
    invoker,
    mappings,
    logs,
    compileFilter,
  });
  const parts = { context, functions, invoker, source, mappings, controller, checkFilters };

  function findTagged(arn: string): Tagged | undefined {
    const record = functions.list().find(({ name }) => functionArn(context, name) === arn);
    if (record !== undefined) {
      return { tags: record.tags, save: (tags) => functions.save({ ...record, tags }) };
    }
    const mapping = findMappingByArn(parts, arn);
    return mapping && { tags: mapping.tags, save: (tags) => mappings.save({ ...mapping, tags }) };
  }

  const routes = [
    ...invokeRoutes(parts),
    ...functionRoutes(parts),
    ...concurrencyRoutes(parts),
    ...mappingRoutes(parts),
    ...tagRoutes(findTagged),
  ];
  let closing: Promise<void> | undefined;
  async function close(): Promise<void> {
    const stopped = controller.stop();
    await invoker.close();
    await stopped;
    await logs.close();
  }
  const closeOnce = (): Promise<void> => {
    closing ??= close();
    return closing;
  };

  controller.resume();
  return {
    lambda: { handle: (request) => dispatch(routes, request), close: closeOnce },
    logs: { ...createLogsService(logs, context), close: closeOnce },
    busy: () => invoker.busy,
    close: closeOnce,
  };
}

/** Refuses at once what the mapping could not run with. */
function checkFilters(patterns: readonly string[]): void {
  try {
    compileFilter(patterns);
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    throw new ServiceError(
      'InvalidParameterValueException',
      `Invalid filter pattern definition: ${error.message}`,
    );
  }
}
