// The plan of `destroy`: what leads to the data is taken away first, the data last, so that a run that breaks can be
// taken up again from what is left. Nothing without this stack's tag is ever deleted. Pure.
import { POLICY_NAME } from '../names.js';
import type {
  ActualFunction,
  ActualLogGroup,
  ActualMapping,
  ActualRole,
  ActualTable,
  PlanStep,
  ResourceKind,
} from '../stack.js';
import { makerText, stackOf, type Tags } from '../tags.js';
import { conflict, foreignTag } from './compare.js';

/** Everything found that may belong to a stack: by name, by tag, and by way of its stream. */
export interface FoundStack {
  readonly table?: ActualTable;
  readonly mappings: readonly ActualMapping[];
  readonly functions: readonly ActualFunction[];
  readonly logGroups: readonly ActualLogGroup[];
  readonly roles: readonly ActualRole[];
}

export interface DestroyScope {
  /** The stack's name, which is its table's. */
  readonly stack: string;
  readonly keepTable: boolean;
  /** Functions that the user or ddbcdc.json named: listed even when they are gone. */
  readonly functions: readonly string[];
  /** True when ddbcdc.json says that `init` adopted the table. */
  readonly adopted?: boolean;
}

export function planDestroy(scope: DestroyScope, found: FoundStack): PlanStep[] {
  const { stack } = scope;
  const own = <T extends { readonly tags: Tags }>(resources: readonly T[]): T[] =>
    resources.filter(({ tags }) => stackOf(tags) === stack);
  const functions = own(found.functions);
  const mappings = found.mappings.filter(
    (mapping) =>
      mapping.state !== 'Deleting' &&
      stackOf(mapping.tags ?? tagsOfFunction(mapping, found.functions)) === stack,
  );
  const roles = own(found.roles);
  const hasMore = functions.length + mappings.length + roles.length > 0;
  return [
    ...mappings.map(({ uuid }) => remove('mapping', uuid)),
    ...functions.map(({ name }) => remove('function', name)),
    ...scope.functions.flatMap((name) => namedFunction(stack, name, found.functions)),
    ...own(found.logGroups).map(({ name }) => remove('log-group', name)),
    ...roles.flatMap((role) => [
      ...(role.policy === undefined ? [] : [remove('policy', POLICY_NAME)].map((step) => onRole(step, role))),
      remove('role', role.name),
    ]),
    tableStep(scope, found.table, hasMore),
  ];
}

function remove(resource: ResourceKind, name: string): PlanStep {
  return { resource, name, action: 'delete', reason: 'ddbcdc made it for this stack', changes: [] };
}

function onRole(step: PlanStep, role: ActualRole): PlanStep {
  return { ...step, name: `${role.name}/${step.name}` };
}

function unchanged(resource: ResourceKind, name: string, reason: string): PlanStep {
  return { resource, name, action: 'unchanged', reason, changes: [] };
}

/** Says what becomes of a function that was asked for by name and is not among the stack's. */
function namedFunction(stack: string, name: string, functions: readonly ActualFunction[]): PlanStep[] {
  const existing = functions.find((candidate) => candidate.name === name);
  if (existing === undefined) return [unchanged('function', name, 'already gone')];
  if (stackOf(existing.tags) === stack) return [];
  return [conflict('function', name, makerText(existing.tags), foreignTag(existing.tags, stack))];
}

function tableStep(scope: DestroyScope, table: ActualTable | undefined, hasMore: boolean): PlanStep {
  const { stack, keepTable } = scope;
  if (table === undefined) return unchanged('table', stack, 'already gone');
  if (stackOf(table.tags) !== stack) {
    // With other resources of this stack around it was adopted, too: ddbcdc.json may be lost, or another folder's.
    return scope.adopted === true || hasMore
      ? unchanged('table', stack, 'adopted: it was there before, and stays')
      : conflict('table', stack, makerText(table.tags), foreignTag(table.tags, stack));
  }
  if (keepTable) return unchanged('table', stack, 'kept, with its data and its stream');
  if (table.deletionProtection) {
    return conflict(
      'table',
      stack,
      'deletion protection is on; ddbcdc init --no-deletion-protection takes it off, --keep-table leaves the table',
      [{ field: 'deletionProtection', from: true, to: false }],
    );
  }
  const items = table.itemCount === 0 ? '' : `, with about ${table.itemCount} items`;
  return { ...remove('table', stack), reason: `ddbcdc made it for this stack${items}` };
}

function tagsOfFunction(mapping: ActualMapping, functions: readonly ActualFunction[]): Tags {
  const name = mapping.functionArn.split(':')[6];
  return functions.find((candidate) => candidate.name === name)?.tags ?? {};
}
