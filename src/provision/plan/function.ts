// The function's step. Pure.
import type { ActualStack, DesiredCompute, DesiredStack, FieldChange, PlanStep } from '../stack.js';
import { makerText, stackOf } from '../tags.js';
import {
  conflict,
  differ,
  differStated,
  differTags,
  foreignTag,
  initial,
  updateOrUnchanged,
} from './compare.js';

/** Functions run on Graviton: the same work for a fifth less money. */
export const ARCHITECTURE = 'arm64';

export function planFunction(
  desired: DesiredStack,
  compute: DesiredCompute,
  actual: ActualStack,
  /** Undefined while the role is made by an earlier step. */
  roleArn: string | undefined,
): PlanStep {
  const { name, bundle, memoryMb, timeoutSeconds, environment } = compute.function;
  const existing = actual.function;
  if (existing === undefined) {
    return {
      resource: 'function',
      name,
      action: 'create',
      reason: 'there is none',
      changes: initial({
        architecture: ARCHITECTURE,
        runtime: bundle.runtime,
        handler: bundle.handler,
        memoryMb: memoryMb.value,
        timeoutSeconds: timeoutSeconds.value,
        codeSha256: bundle.codeSha256,
        ...(roleArn === undefined ? {} : { role: roleArn }),
        ...Object.fromEntries(
          Object.entries(environment).map(([key, value]) => [`environment ${key}`, value]),
        ),
      }),
    };
  }
  if (stackOf(existing.tags) !== desired.name) {
    return conflict(
      'function',
      name,
      `a function of this name exists and ${makerText(existing.tags)}; use another --function`,
      foreignTag(existing.tags, desired.name),
    );
  }
  return updateOrUnchanged('function', name, [
    ...differ('codeSha256', existing.codeSha256, bundle.codeSha256),
    ...differ('architecture', existing.architecture, ARCHITECTURE),
    ...differ('runtime', existing.runtime, bundle.runtime),
    ...differ('handler', existing.handler, bundle.handler),
    ...differStated('memoryMb', existing.memoryMb, memoryMb),
    ...differStated('timeoutSeconds', existing.timeoutSeconds, timeoutSeconds),
    ...(roleArn === undefined
      ? [{ field: 'role', from: existing.roleArn, to: '(the new role)' }]
      : differ('role', existing.roleArn, roleArn)),
    ...differEnvironment(existing.environment, environment),
    ...differTags(existing.tags, desired.tags),
  ]);
}

/** Variables that ddbcdc sets; others on the function are the user's and stay. */
function differEnvironment(
  actual: Readonly<Record<string, string>>,
  wanted: Readonly<Record<string, string>>,
): FieldChange[] {
  return Object.entries(wanted).flatMap(([key, value]) =>
    differ(`environment ${key}`, actual[key] ?? null, value),
  );
}
