import type { EngineRequest, EngineResponse, EngineService } from '../service.js';
import type { FaultyService } from './operations.js';

/** One call on its way to a service, with what a fault needs to act on it. */
export interface FaultyCall {
  readonly service: FaultyService;
  readonly operation: string;
  readonly request: EngineRequest;
  /** The service itself. */
  readonly inner: EngineService['handle'];
  /** Another call to the Streams API, or to the engine's own, on behalf of a fault. */
  readonly ask: (
    service: 'streams' | 'admin',
    operation: string,
    body: Readonly<Record<string, unknown>>,
  ) => Promise<EngineResponse>;
  /** Epoch milliseconds. */
  readonly now: () => number;
}
