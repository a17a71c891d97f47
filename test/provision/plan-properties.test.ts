import fc from 'fast-check';
import { expect, it } from 'vitest';
import { planDestroy } from '../../src/provision/plan/destroy.js';
import { isSettled, planInit } from '../../src/provision/plan/init.js';
import type { ActualStack, PlanStep } from '../../src/provision/stack.js';
import { MANAGED_TAG, STACK_TAG, type Tags } from '../../src/provision/tags.js';
import { anyFlags, anyStack, carryOut, makeDesired } from './model-stack.js';

const RUNS = { numRuns: 1000 };

/** The tags that decide whose a step's resource is. */
function tagsOf(step: PlanStep, actual: ActualStack): Tags {
  switch (step.resource) {
    case 'table':
      return actual.table?.tags ?? {};
    case 'role':
    case 'policy':
      return actual.role?.tags ?? {};
    case 'log-group':
      return actual.logGroup?.tags ?? {};
    case 'function':
      return actual.function?.tags ?? {};
    case 'mapping': {
      const mapping = actual.mappings.find(({ uuid }) => uuid === step.name);
      return mapping?.tags ?? actual.function?.tags ?? {};
    }
  }
}

function isOwn(tags: Tags): boolean {
  return tags[STACK_TAG] === 'Orders' && tags[MANAGED_TAG] === undefined;
}

it('has nothing to do after any plan was carried out', () => {
  fc.assert(
    fc.property(anyFlags, anyStack, (flags, actual) => {
      const desired = makeDesired(flags);
      const steps = planInit(desired, actual);
      fc.pre(steps.every(({ action }) => action !== 'conflict'));

      const again = planInit(desired, carryOut(desired, actual, steps));

      expect(again.filter(({ action }) => action !== 'unchanged')).toStrictEqual([]);
      expect(isSettled(again)).toBe(true);
    }),
    RUNS,
  );
});

it('reaches rest from an empty place, whatever the flags', () => {
  fc.assert(
    fc.property(anyFlags, ({ adopt: _, ...flags }) => {
      const desired = makeDesired(flags);
      const empty = { mappings: [] };
      const steps = planInit(desired, empty);
      expect(new Set(steps.map(({ action }) => action))).toStrictEqual(new Set(['create']));
      expect(isSettled(planInit(desired, carryOut(desired, empty, steps)))).toBe(true);
    }),
    RUNS,
  );
});

it('never changes or deletes a resource without this stack’s tag, but for the stream of an adopted table', () => {
  fc.assert(
    fc.property(anyFlags, anyStack, (flags, actual) => {
      for (const step of planInit(makeDesired(flags), actual)) {
        if (step.action !== 'update' && step.action !== 'delete') continue;
        if (isOwn(tagsOf(step, actual))) continue;
        expect(flags.adopt).toBe(true);
        expect(step).toMatchObject({ resource: 'table', action: 'update' });
        expect(step.changes).toMatchObject([{ field: 'viewType', from: null }]);
      }
    }),
    RUNS,
  );
});

it('makes nothing where something is already', () => {
  fc.assert(
    fc.property(anyFlags, anyStack, (flags, actual) => {
      const created = planInit(makeDesired(flags), actual).filter(({ action }) => action === 'create');
      for (const { resource } of created) {
        if (resource === 'table') expect(actual.table).toBeUndefined();
        if (resource === 'role') expect(actual.role).toBeUndefined();
        if (resource === 'log-group') expect(actual.logGroup).toBeUndefined();
        if (resource === 'function') expect(actual.function).toBeUndefined();
      }
    }),
    RUNS,
  );
});

it('destroys only what has this stack’s tag, and the table last', () => {
  fc.assert(
    fc.property(anyStack, fc.boolean(), (actual, keepTable) => {
      const steps = planDestroy(
        { stack: 'Orders', keepTable, functions: [] },
        {
          ...(actual.table === undefined ? {} : { table: actual.table }),
          mappings: actual.mappings,
          functions: actual.function === undefined ? [] : [actual.function],
          logGroups: actual.logGroup === undefined ? [] : [actual.logGroup],
          roles: actual.role === undefined ? [] : [actual.role],
        },
      );
      for (const step of steps) {
        if (step.action === 'delete') expect(isOwn(tagsOf(step, actual))).toBe(true);
      }
      expect(steps.at(-1)?.resource).toBe('table');
      if (keepTable) expect(steps.at(-1)?.action).not.toBe('delete');
    }),
    RUNS,
  );
});
