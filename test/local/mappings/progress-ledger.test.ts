import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProgressLedger } from '../../../src/local/mappings/progress-ledger.js';

describe('the progress ledger', () => {
  it('never advances past a record that is not done, and ends at the last one', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.nat(200), { minLength: 1, maxLength: 60 }).map((ids) => ids.map(String)),
        fc.infiniteStream(fc.nat()),
        (order, random) => {
          const ledger = new ProgressLedger();
          for (const id of order) ledger.add(id);
          const open = [...order];
          const done = new Set<string>();
          let reached = -1;
          while (open.length > 0) {
            const [id = ''] = open.splice((random.next().value ?? 0) % open.length, 1);
            done.add(id);
            ledger.markDone(id);
            const last = ledger.advance();
            if (last !== undefined) reached = order.indexOf(last);
            expect(order.slice(0, reached + 1).every((each) => done.has(each))).toBe(true);
            expect(done.has(order[reached + 1] ?? '')).toBe(false);
          }
          expect(reached).toBe(order.length - 1);
          expect(ledger.size).toBe(0);
        },
      ),
    );
  });
});
