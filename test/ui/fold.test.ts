import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fold } from '../../src/ui/fold.js';
import { displayWidth } from '../../src/ui/width.js';

describe('fold', () => {
  it('breaks at blanks, and hangs what follows', () => {
    expect(fold('  space pauses · f edits the filter', 20)).toStrictEqual([
      '  space pauses · f',
      '    edits the filter',
    ]);
    expect(fold('short', 20)).toStrictEqual(['short']);
  });

  it('breaks a word that is wider than a line', () => {
    expect(fold('! abcdefghij', 6)).toStrictEqual(['!', '  abcd', '  efgh', '  ij']);
  });

  it('counts no colours', () => {
    expect(fold('\u001b[2mone two\u001b[22m three', 13, 0)).toStrictEqual([
      '\u001b[2mone two\u001b[22m three',
    ]);
    expect(fold('\u001b[2mone two\u001b[22m three', 8, 0)).toStrictEqual([
      '\u001b[2mone two\u001b[22m',
      'three',
    ]);
  });

  it('loses no word and is never too wide', () => {
    const words = fc.array(fc.string({ unit: 'grapheme', maxLength: 12 }), { maxLength: 20 });
    fc.assert(
      fc.property(words, fc.integer({ min: 8, max: 60 }), (all, width) => {
        const text = all.join(' ');
        const lines = fold(text, width);
        for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(width);
        expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
      }),
    );
  });
});
