// Opens the real services of an engine. A module of its own, so that the engine can be tested with others.
import type { EngineServices } from './engine-services.js';
import { type EngineContext, type EngineService, ServiceError } from './service.js';
import { openDataServices } from './tables/open.js';

export async function openServices(context: EngineContext): Promise<EngineServices> {
  const data = await openDataServices(context);
  const none: EngineService = {
    handle: (request) =>
      Promise.reject(
        new ServiceError('UnknownOperationException', `no ${request.operation ?? request.path}`),
      ),
    close: () => Promise.resolve(),
  };
  return {
    dynamodb: data.dynamodb,
    streams: data.streams,
    admin: data.admin,
    lambda: none,
    logs: none,
    busy: () => false,
    close: () => data.close(),
  };
}
