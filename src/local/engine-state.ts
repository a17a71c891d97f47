// The engine's state file: how commands find a running engine and prove that they may run code in it.

/** Written by the engine to `<dataDir>/engine.json` with mode 0600, removed at a clean stop. */
export interface EngineState {
  readonly pid: number;
  readonly port: number;
  /** `http://127.0.0.1:<port>`. */
  readonly endpoint: string;
  readonly dataDir: string;
  readonly region: string;
  /** Random per data folder. Calls that run code must be signed with this access key id. */
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly version: string;
  /** ISO time. */
  readonly startedAt: string;
  readonly idleTimeoutMs: number;
  /** The compiled program that it runs, as it was when it started: one built anew since then has other code. */
  readonly program?: { readonly path: string; readonly modifiedMs: number };
}
