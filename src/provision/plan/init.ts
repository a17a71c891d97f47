// The plan of `init`: every resource of the stack in the order in which they can be made. Pure: same input, same plan.
import type { ActualStack, DesiredCompute, DesiredStack, PlanStep } from '../stack.js';
import { planLogGroup, planPolicy, planRole, settleRole } from './access.js';
import { planFunction } from './function.js';
import { planMapping } from './mapping.js';
import { planTable } from './table.js';

/** Lists one step for every resource of the stack, those that need nothing too. Never touches a resource without the stack's tag, except that an adopted table gets a stream. */
export function planInit(wanted: DesiredStack, actual: ActualStack): PlanStep[] {
  const desired = settleRole(wanted, actual);
  const table = planTable(desired, actual);
  const { compute } = desired;
  if (compute === undefined) return [table];
  // A table that is made, or whose stream is enabled, only then has the ARN of its stream.
  const streamArn = actual.table?.viewType === undefined ? undefined : actual.table.streamArn;
  const access =
    compute.role.kind === 'managed' ? planAccess(desired, compute, compute.role.name, actual, streamArn) : [];
  const roleArn = compute.role.kind === 'given' ? compute.role.arn : actual.role?.arn;
  return [
    table,
    ...access,
    planLogGroup(desired, compute.logGroup, actual),
    planFunction(desired, compute, actual, roleArn),
    ...planMapping(desired, compute, actual, streamArn),
  ];
}

function planAccess(
  desired: DesiredStack,
  compute: DesiredCompute,
  name: string,
  actual: ActualStack,
  streamArn: string | undefined,
): PlanStep[] {
  const role = planRole(desired, name, actual);
  // The policy is part of the role: nothing is planned for somebody else's.
  return role.action === 'conflict' ? [role] : [role, planPolicy(desired, compute, actual, streamArn)];
}

/** True when there is nothing to do. */
export function isSettled(steps: readonly PlanStep[]): boolean {
  return steps.every(({ action }) => action === 'unchanged');
}
