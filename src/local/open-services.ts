// Opens the real services of an engine. A module of its own, so that the engine can be tested with others.
import type { EngineServices } from './engine-services.js';
import { openComputeServices } from './functions/open.js';
import type { EngineContext } from './service.js';
import { openDataServices } from './tables/open.js';

/** Opens tables and streams, then the functions and mappings that read them. */
export async function openServices(context: EngineContext): Promise<EngineServices> {
  const data = await openDataServices(context);
  const compute = await openComputeServices(context, data.source).catch(async (error: unknown) => {
    await data.close();
    throw error;
  });
  return {
    dynamodb: data.dynamodb,
    streams: data.streams,
    admin: data.admin,
    lambda: compute.lambda,
    logs: compute.logs,
    busy: () => compute.busy(),
    async close() {
      // Mappings read streams until they are stopped.
      await compute.close();
      await data.close();
    },
  };
}
