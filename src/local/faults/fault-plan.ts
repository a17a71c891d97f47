// The plan in force: its rules, how often each has fired, and the draws that decide whether it fires now. In memory
// only: an engine that starts again has no faults.
import { setTimeout as sleep } from 'node:timers/promises';
import { type FaultKindName, faultKind } from './fault-kinds.js';
import type { FaultRule } from './parse-rule.js';
import { seededRandom } from './seeded-random.js';

export interface FaultRuleReport {
  readonly rule: string;
  /** Calls that it could have fired at. */
  readonly calls: number;
  readonly fired: number;
  /** How often it may still fire; absent for a rule without a count. */
  readonly left?: number;
}

export interface FaultPlanReport {
  readonly active: boolean;
  /** Absent before the first plan and after it was cleared. */
  readonly seed?: number;
  /** Epoch milliseconds at which it ends, or has ended, by itself. */
  readonly endsAt?: number;
  readonly rules: readonly FaultRuleReport[];
}

interface ActiveRule {
  readonly rule: FaultRule;
  /** Decides whether it fires: one number a call, so that the same calls meet the same faults. */
  readonly random: () => number;
  /** Decides what is open within the fault. */
  readonly details: () => number;
  calls: number;
  fired: number;
  /** Fired or about to: a count holds under concurrent calls too. */
  reserved: number;
}

interface ActivePlan {
  readonly seed: number;
  readonly endsAt: number | undefined;
  readonly rules: readonly ActiveRule[];
}

/** A rule that has been drawn for a call. It counts as fired only when the fault was possible there. */
export class FaultDraw {
  #fired = false;

  constructor(private readonly active: ActiveRule) {}

  get rule(): FaultRule {
    return this.active.rule;
  }

  /** In [0, 1): for what is open within the fault. */
  random(): number {
    return this.active.details();
  }

  fire(): void {
    if (this.#fired) return;
    this.#fired = true;
    this.active.fired += 1;
  }

  /** Gives back what did not come to pass, when the call is over. */
  settle(): void {
    if (!this.#fired) this.active.reserved -= 1;
  }
}

export class FaultPlan {
  #plan: ActivePlan | undefined;
  #replaced = new AbortController();

  constructor(private readonly now: () => number) {}

  /** Takes the place of the plan before it, whose delays end at once. */
  set(rules: readonly FaultRule[], seed: number, forMs?: number): void {
    this.clear();
    this.#plan = {
      seed,
      endsAt: forMs === undefined ? undefined : this.now() + forMs,
      rules: rules.map((rule, index) => ({
        rule,
        random: seededRandom(seed, 2 * index),
        details: seededRandom(seed, 2 * index + 1),
        calls: 0,
        fired: 0,
        reserved: 0,
      })),
    };
  }

  clear(): void {
    this.#plan = undefined;
    this.#replaced.abort();
    this.#replaced = new AbortController();
  }

  report(): FaultPlanReport {
    const plan = this.#plan;
    if (plan === undefined) return { active: false, rules: [] };
    return {
      active: this.#isActive(plan),
      seed: plan.seed,
      ...(plan.endsAt === undefined ? {} : { endsAt: plan.endsAt }),
      rules: plan.rules.map(({ rule, calls, fired }) => ({
        rule: rule.text,
        calls,
        fired,
        ...(rule.count === undefined ? {} : { left: rule.count - fired }),
      })),
    };
  }

  /** The rules that can still fire. */
  get activeRules(): readonly string[] {
    const plan = this.#plan;
    if (plan === undefined || !this.#isActive(plan)) return [];
    return plan.rules.filter(hasLeft).map(({ rule }) => rule.text);
  }

  /** True while a rule of that kind can still fire. */
  has(kind: FaultKindName): boolean {
    const plan = this.#plan;
    if (plan === undefined || !this.#isActive(plan)) return false;
    return plan.rules.some((active) => active.rule.kind === kind && hasLeft(active));
  }

  /** The faults of one call, in the order of the rules. To be settled, each, when the call is over. */
  draw(operation: string): readonly FaultDraw[] {
    const plan = this.#plan;
    if (plan === undefined || !this.#isActive(plan)) return [];
    const drawn: FaultDraw[] = [];
    for (const active of plan.rules) {
      if (!concerns(active.rule, operation) || !hasLeft(active)) continue;
      active.calls += 1;
      if (active.random() >= active.rule.share) continue;
      active.reserved += 1;
      drawn.push(new FaultDraw(active));
    }
    return drawn;
  }

  /** Waits as a delay rule says; ends early when the plan is replaced or the caller goes away. */
  async delay(draw: FaultDraw, signal?: AbortSignal): Promise<void> {
    const [from, to] = draw.rule.ms ?? [0, 0];
    const ends = [this.#replaced.signal, ...(signal === undefined ? [] : [signal])];
    await sleep(from + draw.random() * (to - from), undefined, { signal: AbortSignal.any(ends) }).catch(
      () => {},
    );
  }

  #isActive(plan: ActivePlan): boolean {
    return (plan.endsAt === undefined || this.now() < plan.endsAt) && plan.rules.some(hasLeft);
  }
}

function hasLeft({ rule, reserved }: ActiveRule): boolean {
  return rule.count === undefined || reserved < rule.count;
}

function concerns(rule: FaultRule, operation: string): boolean {
  if (rule.operation !== '*' && rule.operation !== operation) return false;
  return faultKind(rule.kind)?.operations?.includes(operation) ?? true;
}

/** The fault of that kind, if it was drawn. */
export function findDraw(draws: readonly FaultDraw[], kind: FaultKindName): FaultDraw | undefined {
  return draws.find(({ rule }) => rule.kind === kind);
}
