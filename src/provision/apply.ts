// Carries a plan out, step by step, as a stream of events. Every step can be run again: a run that breaks anywhere is
// completed by the next one, which plans anew from what is there.
import { CliError, EXIT } from '../errors.js';
import { explainError } from './explain-error.js';
import type { Waiting } from './pace.js';
import { settleRole, wantedPolicy } from './plan/access.js';
import { mappingSettings, sortMappings } from './plan/mapping.js';
import type { ResourceContext } from './resources/context.js';
import { createFunction, functionReady, updateFunction } from './resources/function.js';
import { createMapping, deleteMapping, mappingReady, updateMapping } from './resources/mapping.js';
import { createTable, tableReady, updateTable } from './resources/table.js';
import type {
  ActualFunction,
  ActualMapping,
  ActualStack,
  ActualTable,
  DesiredCompute,
  DesiredStack,
  PlanStep,
} from './stack.js';

export type ApplyEvent =
  | { readonly type: 'started'; readonly step: PlanStep }
  | (Waiting & { readonly step: PlanStep })
  | { readonly type: 'finished'; readonly step: PlanStep; readonly elapsedMs: number };

/** The stack after the plan was carried out. */
export interface AppliedStack {
  readonly table: ActualTable;
  readonly roleArn?: string;
  readonly function?: ActualFunction;
  readonly mapping?: ActualMapping;
}

/**
 * Runs the steps in order and returns the stack as it is then. Unchanged resources are waited for where they are still
 * being made. Throws `plan.conflict` before any change when the plan holds a conflict, and AWS errors as they are.
 */
export async function* applyPlan(
  context: ResourceContext,
  wanted: DesiredStack,
  actual: ActualStack,
  steps: readonly PlanStep[],
): AsyncGenerator<ApplyEvent, AppliedStack> {
  refuseConflicts(steps);
  const desired = settleRole(wanted, actual);
  const made: Progress = { ...(actual.role === undefined ? {} : { roleArn: actual.role.arn }) };
  if (desired.compute?.role.kind === 'given') made.roleArn = desired.compute.role.arn;
  for (const step of steps) {
    context.signal.throwIfAborted();
    const start = context.pace.now();
    yield { type: 'started', step };
    const work = run(context, desired, actual, step, made);
    yield* namingErrors(work, step);
    yield { type: 'finished', step, elapsedMs: context.pace.now() - start };
  }
  if (made.table === undefined) throw new Error('a plan without a step for the table was applied');
  return { ...made, table: made.table };
}

/** Passes a step's waiting on, and says in its errors which resource they are about. */
export async function* namingErrors(
  work: AsyncGenerator<Waiting, void>,
  step: PlanStep,
): AsyncGenerator<ApplyEvent, void> {
  try {
    for (;;) {
      const next = await work.next();
      if (next.done === true) return;
      yield { ...next.value, step };
    }
  } catch (error) {
    throw explainError(error, `${step.resource} ${step.name}`);
  }
}

/** Throws `plan.conflict` that names every conflict, with both values; `command` is the one to look at the plan with. */
export function refuseConflicts(steps: readonly PlanStep[], command = 'ddbcdc init'): void {
  const conflicts = steps.filter(({ action }) => action === 'conflict');
  if (conflicts.length === 0) return;
  const text = conflicts.map(({ resource, name, reason, changes }) => {
    const values = changes.map(
      ({ field, from, to }) => `${field} is ${from ?? 'absent'}, not ${to ?? 'absent'}`,
    );
    return `${resource} ${name}: ${[...values, reason].join('; ')}`;
  });
  throw new CliError('plan.conflict', text.join(' · '), {
    exitCode: EXIT.precondition,
    hint: `${command} --dry-run shows the whole plan`,
  });
}

interface Progress {
  table?: ActualTable;
  roleArn?: string;
  function?: ActualFunction;
  mapping?: ActualMapping;
}

type Work = AsyncGenerator<Waiting, void>;

async function* run(
  context: ResourceContext,
  desired: DesiredStack,
  actual: ActualStack,
  step: PlanStep,
  made: Progress,
): Work {
  switch (step.resource) {
    case 'table':
      made.table = yield* applyTable(context, desired, actual, step);
      return;
    case 'role':
    case 'policy':
      yield* applyAccess(context, desired, actual, step, made);
      return;
    case 'log-group':
      yield* applyLogGroup(context, desired, step);
      return;
    case 'function':
      made.function = yield* applyFunction(context, desired, actual, step, made);
      return;
    case 'mapping':
      yield* applyMapping(context, desired, actual, step, made);
  }
}

async function* applyTable(
  context: ResourceContext,
  desired: DesiredStack,
  actual: ActualStack,
  step: PlanStep,
): AsyncGenerator<Waiting, ActualTable> {
  if (step.action === 'create') return yield* createTable(context, desired);
  if (step.action === 'update' && actual.table !== undefined) {
    return yield* updateTable(context, desired, actual.table, step.changes);
  }
  return yield* tableReady(context, desired.name);
}

async function* applyAccess(
  context: ResourceContext,
  desired: DesiredStack,
  actual: ActualStack,
  step: PlanStep,
  made: Progress,
): Work {
  const compute = computeOf(desired);
  if (compute.role.kind !== 'managed' || step.action === 'unchanged') return;
  const { createRole, putPolicy, updateRole } = await import('./resources/role.js');
  if (step.resource === 'policy') {
    const document = wantedPolicy(desired, compute, actual, streamOf(made));
    yield* putPolicy(context, compute.role.name, document);
  } else if (step.action === 'create') {
    const role = yield* createRole(context, desired, compute.role.name, compute.function.name);
    made.roleArn = role.arn;
  } else if (actual.role !== undefined) {
    await updateRole(context, desired, actual.role, step.changes);
  }
}

async function* applyLogGroup(context: ResourceContext, desired: DesiredStack, step: PlanStep): Work {
  const { logGroup } = computeOf(desired);
  if (step.action === 'unchanged') return;
  const { createLogGroup, updateLogGroup } = await import('./resources/log-group.js');
  const days = logGroup.retentionDays.value;
  if (step.action === 'create') yield* createLogGroup(context, desired, logGroup.name, days);
  else yield* updateLogGroup(context, desired, logGroup.name, days, step.changes);
}

async function* applyFunction(
  context: ResourceContext,
  desired: DesiredStack,
  actual: ActualStack,
  step: PlanStep,
  made: Progress,
): AsyncGenerator<Waiting, ActualFunction> {
  const wanted = computeOf(desired).function;
  if (made.roleArn === undefined) throw new Error('the function step came before the role step');
  if (step.action === 'create') return yield* createFunction(context, desired, wanted, made.roleArn);
  if (step.action === 'update' && actual.function !== undefined) {
    return yield* updateFunction(context, desired, wanted, actual.function, made.roleArn, step.changes);
  }
  return yield* functionReady(context, wanted.name);
}

async function* applyMapping(
  context: ResourceContext,
  desired: DesiredStack,
  actual: ActualStack,
  step: PlanStep,
  made: Progress,
): Work {
  if (step.action === 'delete') {
    yield* deleteMapping(context, step.name);
    return;
  }
  const compute = computeOf(desired);
  const streamArn = streamOf(made);
  const { live, dead } = sortMappings(desired, actual, streamArn);
  const settings = mappingSettings(compute.mapping, live ?? dead[0]);
  if (step.action === 'create') {
    made.mapping = yield* createMapping(context, desired, {
      functionName: compute.function.name,
      streamArn,
      startingPosition: compute.mapping.startingPosition.value,
      settings,
    });
  } else if (step.action === 'update' && live !== undefined) {
    made.mapping = yield* updateMapping(context, desired, live, settings, step.changes);
  } else {
    made.mapping = yield* mappingReady(context, step.name);
  }
}

function computeOf(desired: DesiredStack): DesiredCompute {
  if (desired.compute === undefined) throw new Error('a plan without a function has a step for one');
  return desired.compute;
}

function streamOf(made: Progress): string {
  const streamArn = made.table?.streamArn;
  if (streamArn === undefined) {
    throw new CliError('table.noStream', `the table ${made.table?.name} has no stream`, {
      exitCode: EXIT.precondition,
      hint: 'run ddbcdc init again: it enables the stream',
    });
  }
  return streamArn;
}
