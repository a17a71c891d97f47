import { rm } from 'node:fs/promises';
import {
  type Config,
  DEFAULT_TABLE,
  type LoadedConfig,
  loadConfig,
  namedTable,
  saveConfig,
} from '../config.js';
import { EXIT } from '../errors.js';
import { refuseConflicts } from '../provision/apply.js';
import { destroyStack } from '../provision/destroy.js';
import { explainError } from '../provision/explain-error.js';
import { findStack } from '../provision/find.js';
import { findWhereabouts } from '../provision/place.js';
import { planDestroy } from '../provision/plan/destroy.js';
import { isSettled } from '../provision/plan/init.js';
import { servesIam, servesLambda } from '../provision/probe.js';
import { resourceContext } from '../provision/resources/make-context.js';
import { resolveTarget } from '../target/resolve.js';
import { renderDestroyResult } from '../ui/provision/destroy.js';
import { renderWhereabouts } from '../ui/provision/init.js';
import { renderPlan, summarisePlan } from '../ui/provision/plan.js';
import { showApply } from '../ui/provision/progress.js';
import type { CommandContext, TargetFlags } from './context.js';
import {
  checkConfirmation,
  consents,
  destroyCommand,
  refuseUnnamed,
  requireSomeConsent,
} from './destroy/consent.js';

export interface DestroyFlags extends TargetFlags {
  readonly table?: string;
  readonly function?: string;
  readonly keepTable?: boolean;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly confirm?: string;
}

/**
 * Exit 0 when it is gone, also when it was; 3 when something is not this stack's, or when nobody named what there is to
 * delete and nobody is asked; 130 when answered no.
 */
export async function runDestroy(flags: DestroyFlags, context: CommandContext): Promise<number> {
  const { terminal, signal } = context;
  const loaded = await loadConfig(context.cwd);
  const named = namedTable(flags.table, context.env, loaded.config);
  const stack = named ?? DEFAULT_TABLE;
  checkConfirmation(flags, stack);
  const savedFunction = loaded.config.table === stack ? loaded.config.function : undefined;
  const functions = [flags.function ?? savedFunction].filter((name) => name !== undefined);
  const target = await resolveTarget(flags, context, loaded);
  try {
    requireSomeConsent(flags, target, stack, context);
    const whereabouts = await findWhereabouts(target, signal);
    const resources = resourceContext(target, loaded, signal);
    const found = await findStack(resources, {
      stack,
      region: target.region,
      functions,
      roles: await servesIam(resources, target),
      functionsServed: target.kind !== 'endpoint' || (await servesLambda(resources)),
    }).catch((error: unknown) => {
      throw explainError(error, `the stack ${stack}`);
    });
    const steps = planDestroy(
      {
        stack,
        keepTable: flags.keepTable ?? false,
        functions,
        adopted: loaded.config.adopted === stack,
      },
      found,
    );
    if (!terminal.json) terminal.note(renderWhereabouts(target, whereabouts, stack, terminal));
    if (flags.dryRun === true) {
      if (terminal.json) await terminal.printJson({ steps });
      else {
        for (const line of renderPlan(steps, terminal.out)) await terminal.print(line);
        await terminal.print(`${summarisePlan(steps)}; nothing was changed`);
      }
      refuseConflicts(steps, destroyCommand(flags));
      return EXIT.done;
    }
    if (!terminal.json) for (const line of renderPlan(steps, terminal.err)) terminal.note(line);
    refuseConflicts(steps, destroyCommand(flags));
    if (named === undefined && !isSettled(steps)) refuseUnnamed(flags, target.kind, stack, context);
    if (!isSettled(steps) && !(await consents(flags, target, stack, context))) return EXIT.interrupted;
    await showApply(terminal, destroyStack(resources, steps));
    await forget(loaded, stack, flags.keepTable ?? false);
    if (terminal.json) await terminal.printJson({ steps });
    else for (const line of renderDestroyResult(steps, stack, terminal)) await terminal.print(line);
    return EXIT.done;
  } finally {
    target.close();
  }
}

/**
 * Takes what `init` remembered of what is gone out of the file. Where it is, and the user's own files, stay, and so does
 * the name of an adopted table, which is still there: a second `destroy` of it has nothing to do, and no conflict.
 */
async function forget(loaded: LoadedConfig, stack: string, keepTable: boolean): Promise<void> {
  if (loaded.path === undefined || loaded.config.table !== stack) return;
  const gone: readonly (keyof Config)[] = keepTable ? ['function'] : ['table', 'function'];
  const left = Object.keys(loaded.config).filter((name) => !gone.some((field) => field === name));
  // A file that held nothing else was init's own.
  if (left.length === 0) await rm(loaded.path, { force: true });
  else await saveConfig(loaded, Object.fromEntries(gone.map((field) => [field, undefined])));
}
