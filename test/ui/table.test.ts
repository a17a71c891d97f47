import { describe, expect, it } from 'vitest';
import { alignRows } from '../../src/ui/table.js';
import { displayWidth, pad, shorten } from '../../src/ui/width.js';

describe('alignRows', () => {
  it('aligns columns by display width', () => {
    expect(
      alignRows(
        [
          ['shard', 'records', 'state'],
          ['日本', '7', 'open'],
          ['\u001b[31mred\u001b[39m', '1,234', 'closed'],
        ],
        { align: ['left', 'right'], indent: 2 },
      ),
    ).toStrictEqual([
      '  shard  records  state',
      '  日本         7  open',
      '  \u001b[31mred\u001b[39m      1,234  closed',
    ]);
  });

  it('takes rows of different lengths', () => {
    expect(alignRows([['a'], ['bb', 'c']])).toStrictEqual(['a', 'bb  c']);
  });
});

describe('width', () => {
  it('shortens by columns and never cuts a character', () => {
    expect(shorten('abcdef', 4)).toBe('abc…');
    expect(shorten('日本語', 4)).toBe('日…');
    expect(shorten('👩‍👩‍👧x', 2)).toBe('…');
    expect(shorten('abc', 3)).toBe('abc');
    expect(shorten('abc', 0)).toBe('');
  });

  it('pads to columns', () => {
    expect([pad('日', 4), pad('a', 3, 'right'), displayWidth('e\u0301')]).toStrictEqual(['日  ', '  a', 1]);
  });
});
