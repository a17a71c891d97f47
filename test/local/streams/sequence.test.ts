import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  previousSequence,
  SEQUENCE_ZERO,
  SequenceClock,
  sequenceAt,
  sequenceTimeMs,
} from '../../../src/local/streams/sequence.js';

test('numbers grow whatever the clock does, as text and as integers', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -1e12, max: 9e12 }), { minLength: 2 }), (times) => {
      let now = 0;
      const clock = new SequenceClock(() => now);
      const given = times.map((time) => {
        now = time;
        return clock.next();
      });
      expect(given).toStrictEqual([...given].sort());
      expect(new Set(given).size).toBe(given.length);
      expect(given.every((sequence) => sequence.length === SEQUENCE_ZERO.length)).toBe(true);
    }),
  );
});

test('a clock goes on after the newest number of its data', () => {
  const first = new SequenceClock(() => 1_700_000_000_000);
  first.next();
  const last = first.next();
  const second = new SequenceClock(() => 1_600_000_000_000, last);
  expect(second.last).toBe(last);
  expect(BigInt(second.next())).toBe(BigInt(last) + 1n);
});

test('a number carries its time', () => {
  const clock = new SequenceClock(() => 1_700_000_000_123);
  const sequence = clock.next();
  expect(sequenceTimeMs(sequence)).toBe(1_700_000_000_123);
  expect(sequenceAt(1_700_000_000_123)).toBe('1700000000123000000000');
  expect(BigInt(previousSequence(sequence))).toBe(BigInt(sequence) - 1n);
});
