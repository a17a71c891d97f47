import type { LoadedConfig } from '../../config.js';
import type { Target } from '../../target/target.js';
import { REAL_PACE } from '../pace.js';
import type { ResourceContext } from './context.js';

/** What resource files need of a command: its target's clients, real time, and what its folder remembers. */
export function resourceContext(
  target: Target,
  { config }: LoadedConfig,
  signal: AbortSignal,
): ResourceContext {
  return {
    clients: target.clients,
    pace: REAL_PACE,
    signal,
    // Never on AWS: there, only tags tell whose a table is.
    ...(target.kind !== 'endpoint' || config.table === undefined || config.table === config.adopted
      ? {}
      : { remembered: config.table }),
  };
}
