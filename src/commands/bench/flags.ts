import type { TargetFlags } from '../context.js';

export interface BenchFlags extends TargetFlags {
  readonly stage?: readonly string[];
  readonly shape?: readonly string[];
  readonly rate: number;
  readonly count: number;
  readonly records: number;
  readonly save?: string;
  readonly compare?: string;
  readonly failIf?: readonly string[];
}
