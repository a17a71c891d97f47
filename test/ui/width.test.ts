import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { beginning, displayWidth, firstThatFits, shorten, shortenMiddle } from '../../src/ui/width.js';

const FAMILY = '👨‍👩‍👧‍👦';
const pieces = fc.constantFrom('a', 'Z9', ' ', 'é', 'e\u0301', '日本', '👍🏽', FAMILY, '🇫🇷', '😀');
const texts = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.array(pieces, { maxLength: 60 }).map((all) => all.join('')),
);
const GRAPHEMES = new Intl.Segmenter('en', { granularity: 'grapheme' });
const graphemes = (text: string): string[] => [...GRAPHEMES.segment(text)].map(({ segment }) => segment);

describe('cut text', () => {
  it('never takes more columns than there are, and keeps graphemes whole', () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 0, max: 40 }), (text, width) => {
        const kept = beginning(text, width);
        expect(displayWidth(kept)).toBeLessThanOrEqual(width);
        const whole = graphemes(text);
        expect(graphemes(kept)).toStrictEqual(whole.slice(0, graphemes(kept).length));
        expect(displayWidth(shorten(text, width))).toBeLessThanOrEqual(width);
        const middle = shortenMiddle(text, width);
        expect(displayWidth(middle)).toBeLessThanOrEqual(width);
        if (middle !== text && width >= 3) {
          const [start = '', end = ''] = middle.split('…');
          expect(text.startsWith(start) && text.endsWith(end)).toBe(true);
        }
      }),
    );
  });

  it('shows no half of an emoji, whatever the width', () => {
    for (let width = 0; width < 20; width++) {
      for (const text of [FAMILY.repeat(9), '😀'.repeat(9), 'e\u0301'.repeat(99)]) {
        expect(shorten(text, width)).not.toMatch(/\p{Surrogate}/u);
        expect(FAMILY.repeat(9).startsWith(beginning(FAMILY.repeat(9), width))).toBe(true);
      }
    }
    expect(shorten(FAMILY.repeat(9), 6)).toBe(`${FAMILY}${FAMILY}…`);
    expect(shortenMiddle('order#2026-11-23#0042', 11)).toBe('order…#0042');
  });

  it('looks at no more of a long text than it shows', () => {
    const long = '日'.repeat(5_000_000);
    const began = process.cpuUsage();
    expect(displayWidth(shorten(long, 21))).toBe(21);
    expect(displayWidth(shortenMiddle(long, 21))).toBe(21);
    // Segmenting all of it takes seconds.
    expect(process.cpuUsage(began).user).toBeLessThan(500_000);
  });
});

describe('firstThatFits', () => {
  it('takes the longest that fits, and cuts the last where none does', () => {
    const lines = ['a long line', 'a line', 'line'];
    expect([11, 10, 5, 3].map((width) => firstThatFits(lines, width))).toStrictEqual([
      'a long line',
      'a line',
      'line',
      'li…',
    ]);
  });
});
