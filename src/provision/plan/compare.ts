// How plans are made of values: differences, and the three rules of ownership. Pure.
import { isDeepStrictEqual } from 'node:util';
import type { FieldChange, FieldValue, PlanStep, ResourceKind, Setting } from '../stack.js';
import { MANAGED_TAG, STACK_TAG, type Tags } from '../tags.js';

/** A difference, or nothing when the two are the same. */
export function differ(field: string, from: FieldValue, to: FieldValue): FieldChange[] {
  return isDeepStrictEqual(from, to) ? [] : [{ field, from, to }];
}

/** As {@link differ}, but only where the user stated a value: a default never changes what is there. */
export function differStated<T extends FieldValue>(
  field: string,
  from: FieldValue,
  setting: Setting<T>,
): FieldChange[] {
  return setting.stated ? differ(field, from, setting.value) : [];
}

/** The user's own tags that are missing or differ. Tags that the user did not name are left alone. */
export function differTags(actual: Tags, wanted: Tags): FieldChange[] {
  return Object.entries(wanted).flatMap(([key, value]) =>
    differ(`tag ${key}`, Object.hasOwn(actual, key) ? (actual[key] ?? null) : null, value),
  );
}

/** `create` shows every value that the resource starts with. */
export function initial(values: Readonly<Record<string, FieldValue>>): FieldChange[] {
  return Object.entries(values)
    .filter(([, to]) => to !== null)
    .map(([field, to]) => ({ field, from: null, to }));
}

/** `update` when there are differences, else `unchanged`. */
export function updateOrUnchanged(
  resource: ResourceKind,
  name: string,
  changes: readonly FieldChange[],
  reasons: { readonly update?: string; readonly unchanged?: string } = {},
): PlanStep {
  return changes.length === 0
    ? { resource, name, action: 'unchanged', reason: reasons.unchanged ?? 'as wanted', changes: [] }
    : { resource, name, action: 'update', reason: reasons.update ?? reasonOf(changes), changes };
}

export function conflict(
  resource: ResourceKind,
  name: string,
  reason: string,
  changes: readonly FieldChange[] = [],
): PlanStep {
  return { resource, name, action: 'conflict', reason, changes };
}

/** The tag that tells whose a resource is instead of this stack's. */
export function foreignTag(tags: Tags, stack: string): FieldChange[] {
  const tool = tags[MANAGED_TAG];
  return tool === undefined
    ? [{ field: `tag ${STACK_TAG}`, from: tags[STACK_TAG] ?? null, to: stack }]
    : [{ field: `tag ${MANAGED_TAG}`, from: tool, to: null }];
}

function reasonOf(changes: readonly FieldChange[]): string {
  const names = changes.map(({ field }) => field);
  return names.length === 1
    ? `${names[0]} differs`
    : `${names.slice(0, -1).join(', ')} and ${names.at(-1)} differ`;
}
