// The engine's own API (`X-Amz-Target: DdbcdcEngine.…`): what concerns the process is answered here, what concerns
// tables and streams by the service that owns them.
import { type EngineService, ServiceError } from '../service.js';

export interface AdminActions {
  /** Stops the engine once the answer is on its way. */
  stop(): void;
  /** 0 never stops. */
  setIdleTimeout(idleTimeoutMs: number): Promise<void>;
}

export function createAdminService(inner: EngineService, actions: AdminActions): EngineService {
  return {
    async handle(request) {
      switch (request.operation) {
        case 'StopEngine':
          actions.stop();
          return { status: 200, body: {} };
        case 'SetIdleTimeout':
          await actions.setIdleTimeout(idleTimeout(request.body));
          return { status: 200, body: {} };
        default:
          return inner.handle(request);
      }
    },
    close: () => inner.close(),
  };
}

function idleTimeout(body: Uint8Array): number {
  const invalid = (): ServiceError =>
    new ServiceError(
      'ValidationException',
      'IdleTimeoutMs must be a whole number of milliseconds, 0 for never.',
    );
  try {
    // A parsing boundary: the value is checked on the next lines.
    const { IdleTimeoutMs } = JSON.parse(Buffer.from(body).toString()) as { IdleTimeoutMs?: unknown };
    if (typeof IdleTimeoutMs === 'number' && Number.isSafeInteger(IdleTimeoutMs) && IdleTimeoutMs >= 0) {
      return IdleTimeoutMs;
    }
  } catch {
    throw invalid();
  }
  throw invalid();
}
