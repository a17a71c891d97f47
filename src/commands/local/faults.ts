import { EXIT, usageError } from '../../errors.js';
import { ensureEngine, findEngine } from '../../local/daemon/ensure.js';
import { clearFaults, getFaults, setFaults } from '../../local/daemon/faults.js';
import type { FaultsAnswer } from '../../local/faults/admin.js';
import { parseFaultRule } from '../../local/faults/parse-rule.js';
import { startingLine } from '../../ui/local.js';
import { type FaultPlanView, renderFaults, renderFaultsCleared } from '../../ui/local-faults.js';
import type { CommandContext } from '../context.js';
import { type LocalFlags, localDataDir } from './data-dir.js';

export interface LocalFaultsFlags extends LocalFlags {
  readonly seed?: number;
  /** Milliseconds. */
  readonly for?: number;
  readonly clear?: boolean;
}

const NONE: FaultsAnswer = { Active: false, Rules: [] };

/**
 * With rules: puts them in force, in an engine that is started when needed. `--clear`: ends them. With neither: shows
 * them. JSON: `{active, seed, endsAt, rules: [{rule, calls, fired, left}]}`, null where there is nothing to say.
 * Throws `faults.badRule`, `faults.conflict` (exit 2).
 */
export async function runLocalFaults(
  rules: readonly string[],
  flags: LocalFaultsFlags,
  context: CommandContext,
): Promise<number> {
  const { terminal, signal, now } = context;
  checkFlags(rules, flags);
  for (const rule of rules) parseFaultRule(rule);
  const dataDir = await localDataDir(flags, context);
  if (rules.length > 0) {
    const state = await ensureEngine({
      dataDir,
      signal,
      onStarting: (reason) => {
        const line = startingLine(reason);
        if (line !== undefined) terminal.note(line);
      },
    });
    const answer = await setFaults(
      state,
      {
        rules,
        ...(flags.seed === undefined ? {} : { seed: flags.seed }),
        ...(flags.for === undefined ? {} : { forMs: flags.for }),
      },
      signal,
    );
    await show(view(answer), (plan) => renderFaults(plan, 'set', terminal, now()), context);
    return EXIT.done;
  }
  // Faults end with the engine: one that does not run has none, and is not started to say so.
  const { running } = await findEngine(dataDir, signal);
  if (flags.clear === true) {
    const ended = running === undefined ? NONE : await clearFaults(running, signal);
    await show(view(ended), (plan) => renderFaultsCleared(plan, terminal), context);
    return EXIT.done;
  }
  const plan = running === undefined ? NONE : await getFaults(running, signal);
  await show(view(plan), (shown) => renderFaults(shown, 'shown', terminal, now()), context);
  return EXIT.done;
}

function checkFlags(rules: readonly string[], flags: LocalFaultsFlags): void {
  if (flags.clear === true && rules.length > 0) {
    throw usageError(
      'faults.conflict',
      '--clear ends all faults, and rules start some',
      'give rules alone: they take the place of those before',
    );
  }
  if (rules.length === 0 && (flags.seed !== undefined || flags.for !== undefined)) {
    throw usageError(
      'faults.conflict',
      '--seed and --for go with rules, and there are none',
      "ddbcdc local faults 'GetRecords:throttle=20%' --seed 7 --for 5m",
    );
  }
}

async function show(
  plan: FaultPlanView,
  render: (plan: FaultPlanView) => readonly string[],
  { terminal }: CommandContext,
): Promise<void> {
  if (terminal.json) await terminal.printJson(plan);
  else for (const line of render(plan)) await terminal.print(line);
}

function view({ Active, Seed, EndsAt, Rules }: FaultsAnswer): FaultPlanView {
  return {
    active: Active,
    seed: Seed ?? null,
    endsAt: EndsAt ?? null,
    rules: Rules.map(({ Rule, Calls, Fired, Left }) => ({
      rule: Rule,
      calls: Calls,
      fired: Fired,
      left: Left ?? null,
    })),
  };
}
