import type { ChalkInstance } from 'chalk';
import type { FieldValue, PlanStep, ResourceKind, StepAction } from '../../provision/stack.js';
import { plural } from '../format.js';
import { sanitize } from '../sanitize.js';
import { alignRows } from '../table.js';

const GLYPHS = { create: '+', update: '~', unchanged: '=', delete: '-', conflict: '!' } as const;

const RESOURCE_TEXT: Readonly<Record<ResourceKind, string>> = {
  table: 'table',
  role: 'role',
  policy: 'policy',
  'log-group': 'log group',
  function: 'function',
  mapping: 'mapping',
};

/** What a resource is called in a sentence. */
export function resourceText(resource: ResourceKind): string {
  return RESOURCE_TEXT[resource];
}

/** The glyph of an action in its colour. */
export function glyph(action: StepAction, colors: ChalkInstance): string {
  const color = {
    create: colors.green,
    update: colors.yellow,
    unchanged: colors.dim,
    delete: colors.red,
    conflict: colors.red,
  }[action];
  return color(GLYPHS[action]);
}

/** The plan as lines: one for each step, below it what changes, for a person. */
export function renderPlan(steps: readonly PlanStep[], colors: ChalkInstance): string[] {
  const rows = alignRows(
    steps.map((step) => [
      glyph(step.action, colors),
      RESOURCE_TEXT[step.resource],
      sanitize(step.name),
      colors.dim(sanitize(step.action === 'create' ? '' : step.reason)),
    ]),
  );
  return steps.flatMap((step, index) => [
    rows[index] ?? '',
    ...(step.action === 'create' ? renderInitial(step, colors) : renderChanges(step, colors)),
  ]);
}

/** `1 to create, 2 unchanged`. */
export function summarisePlan(steps: readonly PlanStep[]): string {
  const words = {
    create: 'to create',
    update: 'to change',
    delete: 'to delete',
    unchanged: 'unchanged',
  } as const;
  const count = (action: StepAction): number => steps.filter((step) => step.action === action).length;
  const parts = Object.entries(words)
    .map(([action, text]) => [count(action as StepAction), text] as const)
    .filter(([n]) => n > 0)
    .map(([n, text]) => `${n} ${text}`);
  const conflicts = count('conflict');
  return [...parts, ...(conflicts > 0 ? [plural(conflicts, 'conflict')] : [])].join(', ');
}

/** The values that a new resource starts with: as many on a line as fit, lists on lines of their own. */
function renderInitial(step: PlanStep, colors: ChalkInstance): string[] {
  const lists = step.changes.filter(({ to }) => Array.isArray(to));
  const values = step.changes.filter(({ to }) => !Array.isArray(to));
  const lines = [
    ...fill(values.map(({ field, to }) => `${sanitize(field)} ${valueText(to)}`)),
    ...lists.flatMap(({ field, to }) => [
      sanitize(field),
      ...fill((Array.isArray(to) ? to : []).map((item) => sanitize(String(item)))).map((line) => `  ${line}`),
    ]),
  ];
  return lines.map((line) => colors.dim(`     ${line}`));
}

const FILL_WIDTH = 73;

function fill(parts: readonly string[]): string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + part.length + 2 <= FILL_WIDTH) {
      lines[lines.length - 1] = `${last}, ${part}`;
    } else lines.push(part);
  }
  return lines;
}

function renderChanges(step: PlanStep, colors: ChalkInstance): string[] {
  return step.changes.map(({ field, from, to }) => {
    const values =
      step.action === 'conflict'
        ? `is ${colors.bold(valueText(from))}, wanted ${colors.bold(valueText(to))}`
        : `${colors.dim(valueText(from))} → ${colors.bold(valueText(to))}`;
    return `     ${sanitize(field)} ${values}`;
  });
}

function valueText(value: FieldValue): string {
  if (value === null) return 'none';
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  return sanitize(Array.isArray(value) ? `[${value.join(', ')}]` : String(value));
}
