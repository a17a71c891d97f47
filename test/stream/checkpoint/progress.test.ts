import { describe, expect, it } from 'vitest';
import {
  applyEntry,
  formatEntry,
  type JournalEntry,
  type Position,
  parseJournal,
} from '../../../src/stream/checkpoint/progress.js';

const ENTRIES: readonly JournalEntry[] = [
  { type: 'batch', shard: 'a' },
  { type: 'taken', shard: 'a', seq: '999999999999999999999' },
  { type: 'taken', shard: 'a', seq: '1000000000000000000000' },
  { type: 'batchTaken', shard: 'a' },
  { type: 'batch', shard: 'b' },
  { type: 'taken', shard: 'b', seq: '5' },
  { type: 'done', shard: 'c' },
];

function applied(entries: readonly JournalEntry[]): Position {
  const position: Position = { shards: new Map(), inHand: new Set() };
  for (const entry of entries) applyEntry(position, entry);
  return position;
}

describe('the journal', () => {
  it('reads back what it wrote', () => {
    expect(parseJournal(ENTRIES.map(formatEntry).join(''))).toStrictEqual(ENTRIES);
  });

  it('leaves out a last line that was cut', () => {
    expect(parseJournal('t a 10\nt a 1')).toStrictEqual([{ type: 'taken', shard: 'a', seq: '10' }]);
    expect(parseJournal('')).toStrictEqual([]);
  });

  it('leaves out lines that are none of its own', () => {
    expect(parseJournal('t a\n\nx a 1\nt a 1x\nd \n')).toStrictEqual([]);
  });
});

describe('a position', () => {
  it('is the last number taken, the shards done, and the batches in hand', () => {
    expect(applied(ENTRIES)).toStrictEqual({
      shards: new Map([
        ['a', { after: '1000000000000000000000' }],
        ['b', { after: '5' }],
        ['c', { done: true }],
      ]),
      inHand: new Set(['b']),
    });
  });

  it('does not move back', () => {
    const twice = applied([...ENTRIES, ...ENTRIES]);
    expect(twice.shards).toStrictEqual(applied(ENTRIES).shards);
  });
});
