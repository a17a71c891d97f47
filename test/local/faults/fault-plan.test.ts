import { describe, expect, it } from 'vitest';
import { FaultPlan } from '../../../src/local/faults/fault-plan.js';
import { parseFaultRule } from '../../../src/local/faults/parse-rule.js';

function planOf(...rules: string[]): FaultPlan {
  const plan = new FaultPlan(() => 0);
  plan.set(rules.map(parseFaultRule), 7);
  return plan;
}

/** Which of so many calls are hit. */
function hits(plan: FaultPlan, operation: string, calls: number): number[] {
  return Array.from({ length: calls }, (_, call) => call).filter(() => {
    const draws = plan.draw(operation);
    for (const draw of draws) draw.fire();
    for (const draw of draws) draw.settle();
    return draws.length > 0;
  });
}

describe('a fault plan', () => {
  it('fires at the same calls for the same seed, whatever other operations do in between', () => {
    const first = hits(planOf('GetRecords:throttle=20%'), 'GetRecords', 1_000);
    const plan = planOf('GetRecords:throttle=20%');
    const again: number[] = [];
    for (let call = 0; call < 1_000; call += 1) {
      hits(plan, 'PutItem', 3);
      if (hits(plan, 'GetRecords', 1).length > 0) again.push(call);
    }
    expect(again).toStrictEqual(first);
    expect(first.length).toBeGreaterThan(150);
    expect(first.length).toBeLessThan(250);
    plan.set([parseFaultRule('GetRecords:throttle=20%')], 8);
    expect(hits(plan, 'GetRecords', 1_000)).not.toStrictEqual(first);
  });

  it('gives two rules series of their own', () => {
    const plan = planOf('GetRecords:throttle=50%', 'PutItem:throttle=50%');
    expect(hits(plan, 'GetRecords', 100)).not.toStrictEqual(hits(plan, 'PutItem', 100));
  });

  it('keeps a count under concurrent calls, and gives back what did not come to pass', () => {
    const plan = planOf('GetRecords:trim=count=2');
    const concurrent = [1, 2, 3].map(() => plan.draw('GetRecords'));
    expect(concurrent.map((draws) => draws.length)).toStrictEqual([1, 1, 0]);
    concurrent[0]?.[0]?.fire();
    for (const draw of concurrent.flat()) draw.settle();
    expect(plan.report().rules).toStrictEqual([
      { rule: 'GetRecords:trim=count=2', calls: 2, fired: 1, left: 1 },
    ]);
    expect(hits(plan, 'GetRecords', 3)).toStrictEqual([0]);
    expect(plan.report()).toMatchObject({ active: false, rules: [{ fired: 2, left: 0 }] });
  });

  it('lets * stand for the operations that the fault can happen to', () => {
    const plan = planOf('*:unprocessed=100%');
    expect(
      ['BatchWriteItem', 'BatchGetItem', 'PutItem'].map((name) => hits(plan, name, 1).length),
    ).toStrictEqual([1, 1, 0]);
  });

  it('ends by itself, and keeps its account', () => {
    let now = 1_000;
    const plan = new FaultPlan(() => now);
    plan.set([parseFaultRule('*:error=100%')], 3, 5_000);
    expect(hits(plan, 'PutItem', 2)).toStrictEqual([0, 1]);
    expect([plan.report().active, plan.report().endsAt, plan.activeRules]).toStrictEqual([
      true,
      6_000,
      ['*:error=100%'],
    ]);
    now = 6_000;
    expect(hits(plan, 'PutItem', 2)).toStrictEqual([]);
    expect(plan.report()).toStrictEqual({
      active: false,
      seed: 3,
      endsAt: 6_000,
      rules: [{ rule: '*:error=100%', calls: 2, fired: 2 }],
    });
    plan.clear();
    expect(plan.report()).toStrictEqual({ active: false, rules: [] });
  });

  it('ends a delay when it is cleared', async () => {
    const plan = planOf('*:delay=15m');
    const [draw] = plan.draw('PutItem');
    if (draw === undefined) throw new Error('the rule did not fire');
    const waiting = plan.delay(draw);
    plan.clear();
    await waiting;
  });
});
