// The steps of what the function needs around it: role, policy, log group. Pure.
import { isDeepStrictEqual } from 'node:util';
import { POLICY_NAME } from '../names.js';
import { handlerPolicy, type PolicyDocument, trustPolicy } from '../policy.js';
import {
  type ActualStack,
  type DesiredCompute,
  type DesiredStack,
  type FieldChange,
  KNOWN_LATER,
  type PlanStep,
} from '../stack.js';
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
import { mappingSettings, sortMappings } from './mapping.js';

/**
 * The stack with the role that its function keeps. A function that runs under a role of the user's was given it by an
 * earlier `--role-arn`; a run without the flag leaves it so.
 */
export function settleRole(desired: DesiredStack, actual: ActualStack): DesiredStack {
  const { compute } = desired;
  const { function: found } = actual;
  if (compute === undefined || compute.role.kind === 'given' || found === undefined) return desired;
  const isManaged = found.roleArn.endsWith(`/${compute.role.name}`);
  if (isManaged || stackOf(found.tags) !== desired.name) return desired;
  return { ...desired, compute: { ...compute, role: { kind: 'given', arn: found.roleArn } } };
}

export function planRole(desired: DesiredStack, name: string, actual: ActualStack): PlanStep {
  const { role } = actual;
  if (role === undefined) {
    return {
      resource: 'role',
      name,
      action: 'create',
      reason: 'there is none',
      changes: initial({ trust: 'lambda.amazonaws.com' }),
    };
  }
  if (stackOf(role.tags) !== desired.name) {
    return conflict(
      'role',
      name,
      `a role of this name exists and ${makerText(role.tags)}; use another --function, or --role-arn for a role as it is`,
      foreignTag(role.tags, desired.name),
    );
  }
  return updateOrUnchanged('role', name, [
    ...differDocuments('trust', role.trust, trustPolicy()),
    ...differTags(role.tags, desired.tags),
  ]);
}

/** `streamArn` is undefined while it only comes with an earlier step of the same plan. */
export function planPolicy(
  desired: DesiredStack,
  compute: DesiredCompute,
  actual: ActualStack,
  streamArn: string | undefined,
): PlanStep {
  const wanted = wantedPolicy(desired, compute, actual, streamArn ?? KNOWN_LATER);
  const step = { resource: 'policy', name: POLICY_NAME } as const;
  const existing = actual.role?.policy;
  if (existing === undefined) {
    return { ...step, action: 'create', reason: 'there is none', changes: initial(summarise(wanted)) };
  }
  return updateOrUnchanged('policy', POLICY_NAME, differDocuments('', existing, wanted));
}

/** The policy, with the on-failure destination that the mapping will have after the plan. */
export function wantedPolicy(
  desired: DesiredStack,
  compute: DesiredCompute,
  actual: ActualStack,
  streamArn: string,
): PolicyDocument {
  const { live, dead } = sortMappings(desired, actual, streamArn);
  return handlerPolicy({
    place: desired.place,
    table: desired.name,
    functionName: compute.function.name,
    streamArn,
    onFailure: mappingSettings(compute.mapping, live ?? dead[0]).onFailure,
  });
}

export function planLogGroup(
  desired: DesiredStack,
  wanted: DesiredCompute['logGroup'],
  actual: ActualStack,
): PlanStep {
  const { name, retentionDays } = wanted;
  const { logGroup } = actual;
  if (logGroup === undefined) {
    return {
      resource: 'log-group',
      name,
      action: 'create',
      reason: 'there is none',
      changes: initial({ retentionDays: retentionDays.value }),
    };
  }
  if (stackOf(logGroup.tags) !== desired.name) {
    // Left by an older function of this name, perhaps: it serves as it is, and is not ours to change or delete.
    return {
      resource: 'log-group',
      name,
      action: 'unchanged',
      reason: 'it was there before: used as it is, and destroy leaves it',
      changes: [],
    };
  }
  return updateOrUnchanged('log-group', name, [
    // A group without retention is one that an interrupted init made: a group never has it at first.
    ...(logGroup.retentionDays === undefined
      ? differ('retentionDays', null, retentionDays.value)
      : differStated('retentionDays', logGroup.retentionDays, retentionDays)),
    ...differTags(logGroup.tags, desired.tags),
  ]);
}

function summarise(document: PolicyDocument): Record<string, readonly string[]> {
  return Object.fromEntries(document.Statement.map((statement) => [statement.Sid, statementText(statement)]));
}

function statementText(statement: PolicyDocument['Statement'][number]): string[] {
  return [...statement.Action, ...(statement.Resource ?? []).map((resource) => `on ${resource}`)];
}

/** By statement. A document that differs in anything else (a foreign statement, a condition) is one difference. */
function differDocuments(prefix: string, from: PolicyDocument, to: PolicyDocument): FieldChange[] {
  if (isDeepStrictEqual(from, to)) return [];
  const before = summarise(from);
  const after = summarise(to);
  const changes = [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((sid) => {
    const change = {
      field: `${prefix}${prefix ? ' ' : ''}${sid}`,
      from: before[sid] ?? null,
      to: after[sid] ?? null,
    };
    return isDeepStrictEqual(change.from, change.to) ? [] : [change];
  });
  return changes.length > 0
    ? changes
    : [{ field: prefix || 'document', from: 'edited by hand', to: 'as ddbcdc writes it' }];
}
