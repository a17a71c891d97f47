// What an engine is made of. The services are opened together and closed together; the engine knows no more of them.
import type { EngineContext, EngineService } from './service.js';

export interface EngineServices {
  readonly dynamodb: EngineService;
  readonly streams: EngineService;
  readonly lambda: EngineService;
  readonly logs: EngineService;
  readonly admin: EngineService;
  /** True while a function runs for a mapping: such an engine is not idle. */
  busy(): boolean;
  close(): Promise<void>;
}

export type OpenServices = (context: EngineContext) => Promise<EngineServices>;
