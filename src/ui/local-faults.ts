// What `local faults` says. Lines for the caller to print.
import { formatCount, formatDuration, plural } from './format.js';
import { sanitize } from './sanitize.js';
import { alignRows } from './table.js';
import type { Terminal } from './terminal.js';

export interface FaultPlanView {
  /** False before a plan, after it was cleared, and when it has come to its end. */
  readonly active: boolean;
  readonly seed: number | null;
  /** ISO time at which it ends, or has ended, by itself. */
  readonly endsAt: string | null;
  readonly rules: readonly {
    readonly rule: string;
    readonly calls: number;
    readonly fired: number;
    /** Of a rule with a count. */
    readonly left: number | null;
  }[];
}

/** The plan just set, or the one in force with how often each rule fired. */
export function renderFaults(
  plan: FaultPlanView,
  occasion: 'set' | 'shown',
  terminal: Terminal,
  nowMs: number,
): string[] {
  const { out } = terminal;
  if (plan.rules.length === 0) {
    return [`${out.dim('·')} no faults are set`, `  ${out.dim('→')} set some: ${EXAMPLE}`];
  }
  const rules = plural(plan.rules.length, 'rule');
  const end = plan.endsAt === null ? 'until cleared or the engine stops' : endText(plan.endsAt, nowMs);
  const state = plan.active
    ? `${out.yellow('!')} faults in force: ${rules}, seed ${plan.seed}, ${end}`
    : `${out.dim('·')} faults are over: ${rules}, seed ${plan.seed}`;
  return [
    state,
    ...(occasion === 'set' ? plan.rules.map(({ rule }) => `  ${sanitize(rule)}`) : ruleRows(plan, terminal)),
    ...(occasion === 'set' ? [`  ${out.dim('→')} how often each fired: ddbcdc local faults`] : []),
    ...(plan.active ? [`  ${out.dim('→')} end them: ddbcdc local faults --clear`] : []),
  ];
}

/** After `--clear`: the account of the plan that ended. */
export function renderFaultsCleared(plan: FaultPlanView, terminal: Terminal): string[] {
  const { out } = terminal;
  if (plan.rules.length === 0) return [`${out.dim('=')} no faults were set`];
  return [`${out.green('✓')} faults cleared`, ...ruleRows(plan, terminal)];
}

const EXAMPLE = "ddbcdc local faults 'GetRecords:throttle=20%'";

function ruleRows(plan: FaultPlanView, terminal: Terminal): string[] {
  const { dim } = terminal.out;
  const rows = plan.rules.map(({ rule, calls, fired, left }) => [
    sanitize(rule),
    `fired ${formatCount(fired)} of ${plural(calls, 'call')}`,
    left === null ? '' : dim(`${formatCount(left)} left`),
  ]);
  return alignRows(rows, { indent: 2 });
}

function endText(endsAt: string, nowMs: number): string {
  return `for another ${formatDuration(Math.max(0, Date.parse(endsAt) - nowMs))}`;
}
