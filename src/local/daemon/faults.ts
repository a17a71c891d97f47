// The CLI's side of the fault plan.
import type { EngineState } from '../engine-state.js';
import type { FaultsAnswer } from '../faults/admin.js';
import { callEngine } from './client.js';

export interface FaultSettings {
  readonly rules: readonly string[];
  readonly seed?: number;
  readonly forMs?: number;
}

/** Puts a plan in the place of the one before. */
export async function setFaults(
  state: EngineState,
  { rules, seed, forMs }: FaultSettings,
  signal: AbortSignal,
): Promise<FaultsAnswer> {
  const input = {
    Rules: rules,
    ...(seed === undefined ? {} : { Seed: seed }),
    ...(forMs === undefined ? {} : { ForMs: forMs }),
  };
  // The engine is of this package's version, here as for every admin operation.
  return (await callEngine(state, 'SetFaults', input, signal)) as FaultsAnswer;
}

export async function getFaults(state: EngineState, signal: AbortSignal): Promise<FaultsAnswer> {
  return (await callEngine(state, 'GetFaults', {}, signal)) as FaultsAnswer;
}

/** Ends all faults; the answer is the account of the plan that it ended. */
export async function clearFaults(state: EngineState, signal: AbortSignal): Promise<FaultsAnswer> {
  return (await callEngine(state, 'ClearFaults', {}, signal)) as FaultsAnswer;
}
