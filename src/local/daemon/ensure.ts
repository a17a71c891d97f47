import type { EngineState } from '../engine-state.js';

export interface EnsureEngineOptions {
  readonly dataDir: string;
  readonly port?: number;
  readonly idleTimeoutMs?: number;
  readonly signal?: AbortSignal;
  readonly onStarting?: () => void;
}

export function ensureEngine(options: EnsureEngineOptions): Promise<EngineState> {
  return Promise.reject(new Error(`no engine in ${options.dataDir}`));
}
