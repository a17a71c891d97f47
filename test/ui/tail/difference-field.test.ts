import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DecodedValue, decodeImage } from '../../../src/model/index.js';
import { differenceField } from '../../../src/ui/tail/difference-field.js';
import { displayWidth } from '../../../src/ui/width.js';

function changed(old: DecodedValue, next: DecodedValue, width: number): string {
  const field = differenceField({ kind: 'changed', path: ['a'], old, new: next }, 80);
  return displayWidth(field.text) <= width ? field.text : (field.shortenTo?.(width) ?? '');
}

const long = 'a long text that begins as the other one does, and then: ';

describe('a changed value', () => {
  it('is shown from its beginning where that tells the two apart', () => {
    expect(changed('new', 'paid', 40)).toBe('"new" → "paid"');
    expect(changed(`x${long}`, `y${long}`, 33)).toBe('"xa long text … → "ya long text …');
  });

  it('is shown around the first difference where both begin alike', () => {
    expect(changed(`${long}yes`, `${long}no`, 40)).toBe('…d then: yes" → …d then: no"');
    expect(changed(`${long}1`, `${long}2`, 20)).toBe('…1" → …2"');
    expect(changed(long, `${long}and more`, 40)).toBe('…d then: " → …d then: and more"');
    expect(changed(`${long}"\n`, `${long}\\`, 40)).toBe('…d then: \\"\\n" → …d then: \\\\"');
    expect(changed(`${long}${'x'.repeat(99)}`, `${long}y${'z'.repeat(99)}`, 33)).toBe(
      '… then: xxxxxx… → … then: yzzzzz…',
    );
  });

  it('parts numbers and bytes where they differ too', () => {
    const {
      a = null,
      b = null,
      c = null,
      d = null,
    } = decodeImage({
      a: { N: '12345678901234567890123456789012345671' },
      b: { N: '12345678901234567890123456789012345672' },
      c: { B: Buffer.from([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]).toString('base64') },
      d: { B: Buffer.from([1, 2, 3, 4, 5, 6, 7, 8, 9, 11]).toString('base64') },
    });
    expect(changed(a, b, 40)).toBe('…012345671 → …012345672');
    expect(changed(c, d, 40)).toBe('…060708090a> → …060708090b>');
    expect(changed(c, d, 80)).toBe('…060708090a> → …060708090b>');
  });

  it('always differs on its two sides, in no more columns than there are', () => {
    const piece = fc.constantFrom(
      'a',
      'é',
      'e\u0301',
      '日本',
      '👍🏽',
      '👍',
      '👨‍👩‍👧‍👦',
      '"',
      '\\',
      '\u007f',
      '\u202e',
    );
    const text = fc.array(piece, { maxLength: 40 }).map((all) => all.join(''));
    fc.assert(
      fc.property(text, text, text, fc.integer({ min: 19, max: 100 }), (start, left, right, width) => {
        fc.pre(left !== right);
        const field = differenceField(
          { kind: 'changed', path: ['a'], old: start + left, new: start + right },
          width,
        );
        const shown = displayWidth(field.text) <= width ? field.text : (field.shortenTo?.(width) ?? '');
        expect(displayWidth(shown)).toBeLessThanOrEqual(width);
        const [from, to] = shown.split(' → ');
        expect(from).not.toBe(to);
      }),
    );
  });

  it('looks at a long text once, and escapes no more of it than it shows', () => {
    const huge = '日'.repeat(3_000_000);
    const began = process.cpuUsage();
    expect(changed(`${huge}1`, `${huge}2`, 40)).toBe('…日日日日1" → …日日日日2"');
    expect(process.cpuUsage(began).user).toBeLessThan(500_000);
  });
});
