// How a command knows that what answers on a port is the engine of its data folder, and not one of another folder or
// another program that took the port after a crash: the engine proves that it has the folder's secret.
import { createHmac } from 'node:crypto';

export interface Health {
  readonly engine: 'ddbcdc';
  readonly version: string;
  readonly pid: number;
  readonly idleTimeoutMs: number;
  /** Epoch milliseconds; null for never, and while requests run. */
  readonly idleStopsAt: number | null;
  /** The rules of the fault plan, while there is one in force. */
  readonly faults?: readonly string[];
  /** With a `nonce` in the query: what `proveIdentity` makes of it. */
  readonly proof?: string;
}

/** The answer to a nonce, which only the holder of the data folder's secret can give. */
export function proveIdentity(secretAccessKey: string, nonce: string, pid: number): string {
  return createHmac('sha256', secretAccessKey).update(`ddbcdc health ${pid} ${nonce}`).digest('hex');
}
