// One run of the command: what was asked, and where.
import type { LoadedConfig } from '../../config.js';
import type { Model } from '../../model/index.js';
import type { Target } from '../../target/target.js';
import type { CommandContext } from '../context.js';
import type { TailFlags } from './flags.js';
import type { TailPlan } from './plan.js';
import type { Selection } from './selection.js';
import type { TailServices } from './services.js';

export interface TailRun {
  readonly flags: TailFlags;
  readonly plan: TailPlan;
  readonly selection: Selection;
  readonly model: Model | undefined;
  readonly target: Target;
  readonly loaded: LoadedConfig;
  readonly context: CommandContext;
  readonly services: TailServices;
}
