// Reads what there is of a stack, in AWS (or the engine) itself. Changes nothing.
import type { Target } from '../target/target.js';
import { explainError } from './explain-error.js';
import { isStreamOf } from './names.js';
import { requireLambda } from './probe.js';
import type { ResourceContext } from './resources/context.js';
import { inspectFunction } from './resources/function.js';
import { listMappings, withMappingTags } from './resources/mapping.js';
import { inspectTable } from './resources/table.js';
import type { ActualMapping, ActualStack, DesiredStack } from './stack.js';

/** Which names to look for. Absent names are not looked for: no call goes to that service. */
export interface StackNames {
  readonly table: string;
  readonly function?: string;
  readonly role?: string;
  readonly logGroup?: string;
}

/** Reads all resources side by side. */
export async function inspectStack(context: ResourceContext, names: StackNames): Promise<ActualStack> {
  const [table, role, logGroup, compute] = await Promise.all([
    inspectTable(context, names.table),
    names.role === undefined ? undefined : readRole(context, names.role),
    names.logGroup === undefined ? undefined : readLogGroup(context, names.logGroup),
    names.function === undefined ? undefined : readCompute(context, names.function, names.table),
  ]);
  return {
    ...(table === undefined ? {} : { table }),
    ...(role === undefined ? {} : { role }),
    ...(logGroup === undefined ? {} : { logGroup }),
    ...(compute?.function === undefined ? {} : { function: compute.function }),
    mappings: compute?.mappings ?? [],
  };
}

async function readCompute(context: ResourceContext, functionName: string, table: string) {
  const [found, listed] = await Promise.all([
    inspectFunction(context, functionName),
    // A mapping outlives its function: both are asked for by name.
    listMappings(context, { functionName }),
  ]);
  const mappings: ActualMapping[] = await Promise.all(
    listed
      .filter(({ streamArn }) => isStreamOf(streamArn, table))
      .map((mapping) => withMappingTags(context, mapping)),
  );
  return { function: found, mappings };
}

// IAM and Logs are loaded only where there is something to look for: the engine's stacks have neither.
async function readRole(context: ResourceContext, name: string) {
  const { inspectRole } = await import('./resources/role.js');
  return await inspectRole(context, name);
}

async function readLogGroup(context: ResourceContext, name: string) {
  const { inspectLogGroup } = await import('./resources/log-group.js');
  return await inspectLogGroup(context, name);
}

/** Reads what a desired stack would meet. Errors of AWS are translated, and name the resource. */
export async function inspectDesired(
  context: ResourceContext,
  desired: DesiredStack,
  target: Pick<Target, 'kind' | 'endpoint'>,
): Promise<ActualStack> {
  const { compute, name } = desired;
  try {
    if (compute !== undefined && target.kind === 'endpoint') {
      await requireLambda(context, target.endpoint ?? 'the endpoint');
    }
    return await inspectStack(context, {
      table: name,
      ...(compute === undefined ? {} : { function: compute.function.name }),
      ...(compute?.role.kind === 'managed' ? { role: compute.role.name } : {}),
      ...(compute === undefined ? {} : { logGroup: compute.logGroup.name }),
    });
  } catch (error) {
    throw explainError(error, `the stack ${name}`);
  }
}
