// The shape that every service of the engine has towards its HTTP server. No service knows HTTP beyond this.

export interface EngineRequest {
  /** For JSON-RPC services (DynamoDB, Streams, Logs): the operation in `X-Amz-Target`. For Lambda: absent. */
  readonly operation?: string;
  readonly method: string;
  /** Path with the version prefix, such as `/2015-03-31/functions/x/invocations`, undecoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal;
}

export interface EngineResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is sent as JSON; text and bytes as they are. */
  readonly body?: unknown;
}

/** An error in AWS's form. `type` is the short name, such as `ResourceNotFoundException`. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';
  constructor(
    readonly type: string,
    message: string,
    readonly status = 400,
    /** Further members of the error's shape, such as `CancellationReasons`. */
    readonly members: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
  }
}

export interface EngineService {
  handle(request: EngineRequest): Promise<EngineResponse>;
  close(): Promise<void>;
}

/** What every service is given when the engine starts. */
export interface EngineContext {
  /** The engine's data folder; each service keeps to a subfolder of its own. */
  readonly dataDir: string;
  readonly region: string;
  readonly accountId: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** One line for the engine's log. */
  readonly log: (line: string) => void;
  /** Runs an invocation that no request asked for, a mapping's, under the faults that are set for Invoke. */
  readonly invokeWithFaults?: <T>(run: () => Promise<T>) => Promise<T>;
}
