import { chooseTable, loadConfig } from '../config.js';
import { EXIT, usageError } from '../errors.js';
import { packageVersion } from '../package-files.js';
import { applyPlan, refuseConflicts } from '../provision/apply.js';
import { desiredStack, parseStackFlags } from '../provision/desired.js';
import type { EmitFormat } from '../provision/emit/template.js';
import { inspectDesired } from '../provision/inspect.js';
import { LOCAL_ROLE_ARN } from '../provision/names.js';
import { findWhereabouts } from '../provision/place.js';
import { isSettled, planInit } from '../provision/plan/init.js';
import { isAdopted } from '../provision/plan/table.js';
import { servesIam } from '../provision/probe.js';
import { resourceContext } from '../provision/resources/make-context.js';
import type { StackFlags } from '../provision/stack-flags.js';
import { filterCautions } from '../stream/filter/index.js';
import { resolveTarget } from '../target/resolve.js';
import type { Target } from '../target/target.js';
import { noteCautions } from '../ui/cautions.js';
import { askYesNo } from '../ui/prompts.js';
import { renderInitResult, renderWhereabouts } from '../ui/provision/init.js';
import { renderPlan, summarisePlan } from '../ui/provision/plan.js';
import { showApply } from '../ui/provision/progress.js';
import type { CommandContext, TargetFlags } from './context.js';
import { runEmit } from './init/emit.js';
import { bundleFiles, userFiles } from './init/files.js';
import { checkInferFlags, writeInferredModel } from './init/infer.js';
import { askInit } from './init/questions.js';
import { rememberStack } from './init/remember.js';
import { initDocument } from './init/result.js';

export interface InitFlags extends TargetFlags, StackFlags {
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly emit?: EmitFormat;
  readonly out?: string;
  readonly infer?: boolean;
}

/** Exit 0 when the stack is there as wanted, also when it was; 3 on a conflict; 130 when the question is answered no. */
export async function runInit(given: InitFlags, context: CommandContext): Promise<number> {
  const { terminal } = context;
  const loaded = await loadConfig(context.cwd);
  checkInferFlags(given);
  if (given.emit !== undefined) return await runEmit(given, given.emit, loaded, context);
  const asks = given.yes !== true && given.dryRun !== true;
  if (asks && !terminal.canPrompt) {
    throw usageError(
      'init.unconfirmed',
      'init makes and changes things, and there is nobody to ask: it wants --yes',
      'ddbcdc init --yes, or ddbcdc init --dry-run to see the plan',
    );
  }
  const flags = asks ? await askInit(given, loaded.config, context) : given;
  const options = parseStackFlags(
    { ...flags, table: chooseTable(flags.table, context.env, loaded.config) },
    loaded.config,
  );
  noteCautions(filterCautions(flags.filter ?? []), terminal);
  const target = await resolveTarget(flags, context, loaded);
  try {
    const resources = resourceContext(target, loaded, context.signal);
    const files =
      flags.infer === true
        ? {
            ...userFiles(flags, loaded, context.cwd),
            model: await writeInferredModel(resources, options.name, context),
          }
        : userFiles(flags, loaded, context.cwd);
    const [whereabouts, bundle, hasIam] = await Promise.all([
      findWhereabouts(target, context.signal),
      options.compute === undefined ? undefined : bundleFiles(files),
      options.compute === undefined ? false : servesIam(resources, target),
    ]);
    const desired = desiredStack(
      options,
      {
        place: whereabouts.place,
        version: packageVersion(),
        ...(hasIam ? {} : { fixedRoleArn: LOCAL_ROLE_ARN }),
      },
      bundle,
    );
    const actual = await inspectDesired(resources, desired, target);
    const steps = planInit(desired, actual);
    if (!terminal.json) {
      terminal.note(renderWhereabouts(target, whereabouts, desired.name, terminal));
    }
    if (flags.dryRun === true) {
      if (terminal.json) await terminal.printJson({ steps });
      else {
        for (const line of renderPlan(steps, terminal.out)) await terminal.print(line);
        await terminal.print(`${summarisePlan(steps)}; nothing was changed`);
      }
      refuseConflicts(steps);
      return EXIT.done;
    }
    if (!terminal.json && !isSettled(steps)) {
      for (const line of renderPlan(steps, terminal.err)) terminal.note(line);
    }
    refuseConflicts(steps);
    if (asks && !isSettled(steps) && !(await confirm(target, context))) return EXIT.interrupted;
    const applied = await showApply(terminal, applyPlan(resources, desired, actual, steps));
    const configPath = await rememberStack(loaded, flags, options, {
      ...files,
      isAdopted: isAdopted(desired, actual),
    });
    if (terminal.json) {
      await terminal.printJson(initDocument(target, whereabouts, desired, steps, applied));
    } else {
      for (const line of renderInitResult(applied, steps, configPath ?? '', terminal)) {
        await terminal.print(line);
      }
    }
    return EXIT.done;
  } finally {
    target.close();
  }
}

async function confirm(target: Target, { terminal, signal }: CommandContext): Promise<boolean> {
  const where = target.kind === 'aws' ? ' in this AWS account' : '';
  return await askYesNo(
    terminal,
    { message: `Make these changes${where}?`, default: target.kind !== 'aws' },
    signal,
  );
}
