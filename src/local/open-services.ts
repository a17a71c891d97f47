// Opens the real services of an engine. A module of its own, so that the engine can be tested with others.
import type { EngineServices } from './engine-services.js';
import { type EngineContext, type EngineService, ServiceError } from './service.js';

export async function openServices(_context: EngineContext): Promise<EngineServices> {
  const none: EngineService = {
    handle: (request) =>
      Promise.reject(
        new ServiceError('UnknownOperationException', `no ${request.operation ?? request.path}`),
      ),
    close: () => Promise.resolve(),
  };
  return {
    dynamodb: none,
    streams: none,
    lambda: none,
    logs: none,
    admin: none,
    busy: () => false,
    close: () => Promise.resolve(),
  };
}
