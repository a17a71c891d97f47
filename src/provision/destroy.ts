// Carries a plan of deletion out. What is gone already is no error, so that a run that broke is finished by the next.

import { type ApplyEvent, namingErrors, refuseConflicts } from './apply.js';
import type { Waiting } from './pace.js';
import type { ResourceContext } from './resources/context.js';
import { deleteFunction } from './resources/function.js';
import { deleteMapping } from './resources/mapping.js';
import { deleteTable } from './resources/table.js';
import type { PlanStep } from './stack.js';

/** Deletes in the order of the plan. Throws `plan.conflict` before any change when the plan holds a conflict. */
export async function* destroyStack(
  context: ResourceContext,
  steps: readonly PlanStep[],
): AsyncGenerator<ApplyEvent, void> {
  refuseConflicts(steps, 'ddbcdc destroy');
  for (const step of steps) {
    context.signal.throwIfAborted();
    const start = context.pace.now();
    yield { type: 'started', step };
    if (step.action === 'delete') yield* namingErrors(remove(context, step), step);
    yield { type: 'finished', step, elapsedMs: context.pace.now() - start };
  }
}

async function* remove(
  context: ResourceContext,
  { resource, name }: PlanStep,
): AsyncGenerator<Waiting, void> {
  switch (resource) {
    case 'mapping':
      yield* deleteMapping(context, name);
      return;
    case 'function':
      await deleteFunction(context, name);
      return;
    case 'log-group': {
      const { deleteLogGroup } = await import('./resources/log-group.js');
      await deleteLogGroup(context, name);
      return;
    }
    case 'policy': {
      const { deletePolicy } = await import('./resources/role.js');
      // The plan names a policy by its role.
      await deletePolicy(context, name.slice(0, name.lastIndexOf('/')));
      return;
    }
    case 'role': {
      const { deleteRole } = await import('./resources/role.js');
      yield* deleteRole(context, name);
      return;
    }
    case 'table':
      yield* deleteTable(context, name);
  }
}
