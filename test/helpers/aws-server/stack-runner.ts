// Provisions against an AwsServer over the wire, with the pieces that `init` and `destroy` are made of, no waiting and
// a bundle of a few bytes.
import { createHash } from 'node:crypto';
import { type AppliedStack, type ApplyEvent, applyPlan } from '../../../src/provision/apply.js';
import { desiredStack, parseStackFlags } from '../../../src/provision/desired.js';
import { destroyStack } from '../../../src/provision/destroy.js';
import { findStack } from '../../../src/provision/find.js';
import { inspectDesired } from '../../../src/provision/inspect.js';
import type { Pace } from '../../../src/provision/pace.js';
import { planDestroy } from '../../../src/provision/plan/destroy.js';
import { planInit } from '../../../src/provision/plan/init.js';
import type { ResourceContext } from '../../../src/provision/resources/context.js';
import type { CodeBundle, PlanStep } from '../../../src/provision/stack.js';
import type { StackFlags } from '../../../src/provision/stack-flags.js';
import { createClients } from '../../../src/target/clients.js';
import { uniformEndpoints } from '../../../src/target/endpoints.js';
import type { AwsServer } from './server.js';
import { ACCOUNT, REGION } from './state.js';

export interface InitRun {
  readonly steps: readonly PlanStep[];
  readonly events: readonly ApplyEvent[];
  readonly applied: AppliedStack;
}

export interface StackRunner extends Disposable {
  readonly resources: ResourceContext;
  plan(flags?: StackFlags, code?: string): Promise<PlanStep[]>;
  init(flags?: StackFlags, code?: string): Promise<InitRun>;
  destroy(stack?: string, options?: { keepTable?: boolean; functions?: string[] }): Promise<PlanStep[]>;
}

/** Time that passes only while something sleeps, and then at once. */
export function instantPace(): Pace {
  let now = 0;
  return {
    now: () => now,
    sleep: async (ms, signal) => {
      signal.throwIfAborted();
      now += ms;
    },
  };
}

export function createStackRunner(server: AwsServer): StackRunner {
  const { clients, close } = createClients({
    kind: 'endpoint',
    region: REGION,
    endpoints: uniformEndpoints(server.url),
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  const resources = { clients, pace: instantPace(), signal: new AbortController().signal };
  const target = { kind: 'aws', endpoint: server.url } as const;

  async function prepare(flags: StackFlags, code: string) {
    const options = parseStackFlags({ table: 'Orders', function: 'orders-handler', ...flags });
    const desired = desiredStack(
      options,
      { place: { partition: 'aws', region: REGION, accountId: ACCOUNT }, version: '1.0.0' },
      options.compute === undefined ? undefined : bundleOf(code),
    );
    const actual = await inspectDesired(resources, desired, target);
    return { desired, actual, steps: planInit(desired, actual) };
  }

  return {
    resources,
    async plan(flags = {}, code = 'v1') {
      return (await prepare(flags, code)).steps;
    },
    async init(flags = {}, code = 'v1') {
      const { desired, actual, steps } = await prepare(flags, code);
      const events: ApplyEvent[] = [];
      const work = applyPlan(resources, desired, actual, steps);
      for (;;) {
        const next = await work.next();
        if (next.done === true) return { steps, events, applied: next.value };
        events.push(next.value);
      }
    },
    async destroy(stack = 'Orders', { keepTable = false, functions = [] } = {}) {
      const found = await findStack(resources, {
        stack,
        region: REGION,
        functions,
        roles: true,
        functionsServed: true,
      });
      const steps = planDestroy({ stack, keepTable, functions }, found);
      for await (const _ of destroyStack(resources, steps));
      return steps;
    },
    [Symbol.dispose]: close,
  };
}

export function bundleOf(code: string): CodeBundle {
  const zip = Buffer.from(code);
  return {
    zip,
    codeBytes: zip.length,
    zipBytes: zip.length,
    codeSha256: createHash('sha256').update(zip).digest('base64'),
    handler: 'index.handler',
    runtime: 'nodejs24.x',
  };
}

/** `+ table`, `~ mapping batchSize`: the plan in a few words. */
export function shape(steps: readonly PlanStep[]): string[] {
  const glyphs = { create: '+', update: '~', unchanged: '=', delete: '-', conflict: '!' };
  return steps.map(({ resource, action, changes }) => {
    const fields = action === 'update' ? ` ${changes.map(({ field }) => field).join(' ')}` : '';
    return `${glyphs[action]} ${resource}${fields}`;
  });
}
