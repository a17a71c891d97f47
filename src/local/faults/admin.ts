// The operations with which faults are set, on the engine's own API.
import { CliError } from '../../errors.js';
import { type EngineService, ServiceError } from '../service.js';
import type { FaultPlan, FaultPlanReport } from './fault-plan.js';
import { type FaultRule, parseFaultRule } from './parse-rule.js';
import { readBody } from './service-body.js';

/** The answer to all three operations. */
export interface FaultsAnswer {
  readonly Active: boolean;
  readonly Seed?: number;
  /** ISO time. */
  readonly EndsAt?: string;
  readonly Rules: readonly {
    readonly Rule: string;
    /** Calls that it could have fired at. */
    readonly Calls: number;
    readonly Fired: number;
    /** Of a rule with a count. */
    readonly Left?: number;
  }[];
}

const MOST_RULES = 100;
const MAX_SEED = 2 ** 32 - 1;

/**
 * Adds to the engine's own operations:
 * - `SetFaults {Rules: [text], Seed?, ForMs?}` puts a plan in the place of the one before.
 * - `GetFaults {}` tells what is set and how often each rule fired.
 * - `ClearFaults {}` ends all faults; its answer is the account of the plan that it ended.
 *
 * SetFaults throws ValidationException, with the rule and what is known, and changes nothing then.
 */
export function createFaultAdmin(inner: EngineService, plan: FaultPlan): EngineService {
  return {
    async handle(request) {
      switch (request.operation) {
        case 'SetFaults': {
          const { Rules, Seed, ForMs } = readBody(request.body) ?? {};
          plan.set(readRules(Rules), readSeed(Seed), readDuration(ForMs));
          return { status: 200, body: describe(plan.report()) };
        }
        case 'GetFaults':
          return { status: 200, body: describe(plan.report()) };
        case 'ClearFaults': {
          const report = plan.report();
          plan.clear();
          return { status: 200, body: describe({ ...report, active: false }) };
        }
        default:
          return inner.handle(request);
      }
    },
    close: () => inner.close(),
  };
}

function describe({ active, seed, endsAt, rules }: FaultPlanReport): FaultsAnswer {
  return {
    Active: active,
    ...(seed === undefined ? {} : { Seed: seed }),
    ...(endsAt === undefined ? {} : { EndsAt: new Date(endsAt).toISOString() }),
    Rules: rules.map(({ rule, calls, fired, left }) => ({
      Rule: rule,
      Calls: calls,
      Fired: fired,
      ...(left === undefined ? {} : { Left: left }),
    })),
  };
}

function readRules(value: unknown): readonly FaultRule[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > MOST_RULES) {
    throw invalid(`Rules must be a list of 1 to ${MOST_RULES} rules.`);
  }
  return value.map((rule: unknown) => {
    if (typeof rule !== 'string') throw invalid('Each of Rules must be text.');
    try {
      return parseFaultRule(rule);
    } catch (error) {
      if (error instanceof CliError) throw invalid(`${error.message}; ${error.hint ?? ''}`);
      throw error;
    }
  });
}

function readSeed(value: unknown): number {
  if (value === undefined) return Math.floor(Math.random() * 100_000);
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= MAX_SEED) return value;
  throw invalid(`Seed must be a whole number from 0 to ${MAX_SEED}.`);
}

function readDuration(value: unknown): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'number' && value > 0 && Number.isFinite(value)) return value;
  throw invalid('ForMs must be a number of milliseconds above 0.');
}

function invalid(message: string): ServiceError {
  return new ServiceError('ValidationException', message);
}
