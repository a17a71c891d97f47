// The table's step. A table that ddbcdc did not make is used only when the user says so, and then only its stream is
// touched, if it has none. Pure.
import type { ActualStack, ActualTable, Billing, DesiredStack, KeyAttribute, PlanStep } from '../stack.js';
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

/** `Id:N` or `Id:N, Sort:S`. */
export function keysText(keys: readonly KeyAttribute[]): string {
  return keys.map(({ name, type }) => `${name}:${type}`).join(', ');
}

/** `on demand` or `5 read and 5 write units`. */
export function billingText(billing: Billing): string {
  return billing.mode === 'PAY_PER_REQUEST'
    ? 'on demand'
    : `${billing.read} read and ${billing.write} write units`;
}

export function planTable(desired: DesiredStack, actual: ActualStack): PlanStep {
  const { table: wanted, name } = desired;
  const { table } = actual;
  if (table === undefined) {
    if (desired.adopt) {
      return conflict('table', name, 'there is no such table to adopt; without --adopt init makes it');
    }
    return {
      resource: 'table',
      name,
      action: 'create',
      reason: 'there is none',
      changes: initial({
        keys: keysText(wanted.keys.value),
        billing: billingText(wanted.billing.value),
        viewType: wanted.viewType.value,
        deletionProtection: wanted.deletionProtection.value ? true : null,
      }),
    };
  }
  if (table.status === 'DELETING' || table.status === 'ARCHIVED') {
    return conflict('table', name, `the table is ${table.status}: run the command again when it is gone`);
  }
  if (stackOf(table.tags) === name) return planOwnTable(desired, table);
  return planForeignTable(desired, table, actual);
}

/** True when the stack runs on a table that it does not own, and may. */
export function isAdopted(desired: DesiredStack, actual: ActualStack): boolean {
  const { table } = actual;
  if (table === undefined || stackOf(table.tags) === desired.name) return false;
  // A function of this stack is proof of an earlier --adopt, where ddbcdc.json is lost; the stream must still be there, or
  // --adopt is asked again.
  const hasFunction = actual.function !== undefined && stackOf(actual.function.tags) === desired.name;
  const earlier =
    (desired.adoptedBefore === true || hasFunction) &&
    table.viewType !== undefined &&
    !(desired.table.viewType.stated && desired.table.viewType.value !== table.viewType);
  return desired.adopt || earlier;
}

function planForeignTable(desired: DesiredStack, table: ActualTable, actual: ActualStack): PlanStep {
  const { name } = desired;
  if (!isAdopted(desired, actual)) {
    return conflict(
      'table',
      name,
      `the table exists and ${makerText(table.tags)}; --adopt uses it as it is`,
      foreignTag(table.tags, name),
    );
  }
  const missing = table.viewType === undefined ? differ('viewType', null, desired.table.viewType.value) : [];
  return updateOrUnchanged('table', name, missing, {
    update: 'adopted: only its stream is enabled',
    unchanged: 'adopted: used as it is, and destroy leaves it',
  });
}

function planOwnTable(desired: DesiredStack, table: ActualTable): PlanStep {
  const { table: wanted, name } = desired;
  if (!desired.adopt) {
    const keys = differStated('keys', keysText(table.keys), {
      value: keysText(wanted.keys.value),
      stated: wanted.keys.stated,
    });
    if (keys.length > 0) {
      return conflict(
        'table',
        name,
        'a key schema cannot be changed; use another --table, destroy this one, or --adopt to use it as it is',
        keys,
      );
    }
    const viewType =
      table.viewType === undefined ? [] : differStated('viewType', table.viewType, wanted.viewType);
    if (viewType.length > 0) {
      return conflict(
        'table',
        name,
        'a view type cannot be changed without losing the stream; destroy the stack first, or --adopt to use it as it is',
        viewType,
      );
    }
  }
  return updateOrUnchanged('table', name, [
    ...(table.viewType === undefined ? differ('viewType', null, wanted.viewType.value) : []),
    ...differStated('billing', billingText(table.billing), {
      value: billingText(wanted.billing.value),
      stated: wanted.billing.stated,
    }),
    ...differStated('deletionProtection', table.deletionProtection, wanted.deletionProtection),
    ...differTags(table.tags, desired.tags),
  ]);
}
