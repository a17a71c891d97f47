import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeImage } from '../../src/model/index.js';
import { formatFields, formatName, formatValue } from '../../src/ui/values.js';
import { displayWidth } from '../../src/ui/width.js';

describe('formatValue', () => {
  it('writes every kind of attribute value in one line', () => {
    const item = decodeImage({
      text: { S: 'a\n"b"' },
      int: { N: '42' },
      big: { N: '12345678901234567890.5' },
      yes: { BOOL: true },
      nothing: { NULL: true },
      bytes: { B: 'AQID' },
      list: { L: [{ S: 'x' }, { L: [] }] },
      map: { M: { 'a b': { S: 'x' }, c: { M: {} } } },
      texts: { SS: ['a', 'b'] },
      numbers: { NS: ['1', '2.5'] },
      broken: { X: 1 },
    });
    expect(
      Object.fromEntries(Object.entries(item).map(([name, value]) => [name, formatValue(value)])),
    ).toStrictEqual({
      text: '"a\\n\\"b\\""',
      int: '42',
      big: '12345678901234567890.5',
      yes: 'true',
      nothing: 'null',
      bytes: '<3 B 010203>',
      list: '["x", []]',
      map: '{"a b" "x", c {}}',
      texts: 'set("a", "b")',
      numbers: 'set(1, 2.5)',
      broken: 'malformed {"X":1}',
    });
  });

  it("writes the values of a user's model", () => {
    expect([
      formatValue(new Date(0)),
      formatValue(2n ** 70n),
      formatValue(new Map([['a', 1]])),
      formatValue(undefined),
    ]).toStrictEqual(['1970-01-01T00:00:00.000Z', '1180591620717411303424', '{a 1}', 'absent']);
  });

  it('looks at no more of a large value than is shown', () => {
    let looked = 0;
    const members = Array.from({ length: 10_000 }, () => ({
      get x() {
        looked++;
        return 'y'.repeat(100);
      },
    }));
    expect(formatValue(members, 50).length).toBeLessThanOrEqual(51);
    expect(looked).toBeLessThan(5);
  });
});

describe('quoted text', () => {
  it('reads back as the text that it was', () => {
    const texts = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.stringMatching(/^["\\\nu0-9, ]*$/));
    fc.assert(
      fc.property(texts, (text) => {
        expect(JSON.parse(formatValue(text, Number.POSITIVE_INFINITY))).toBe(text);
      }),
    );
  });

  it('forges no field', () => {
    const field = (text: string) => formatFields([{ name: 'message', text: formatValue(text) }], 80);
    expect(field('hi", paid "yes')).toBe('message "hi\\", paid \\"yes"');
    expect([field('a\nb'), field('a\\nb')]).toStrictEqual(['message "a\\nb"', 'message "a\\\\nb"']);
    expect(formatName('a" "b')).toBe('"a\\" \\"b"');
  });
});

describe('a limit in columns', () => {
  it('counts wide characters twice, marks not at all, and cuts between graphemes', () => {
    expect(formatValue('日'.repeat(50), 10)).toBe('"日日日日…');
    expect(formatValue('e\u0301'.repeat(50), 10)).toBe(`"${'e\u0301'.repeat(8)}…`);
    expect(formatValue('😀'.repeat(50), 9)).toBe('"😀😀😀…');
    expect(formatValue(['😀'.repeat(3), '日'.repeat(50)], 20)).toBe('["😀😀😀", "日日日…');
    expect(formatValue('e\u0301'.repeat(8), 10)).toBe(`"${'e\u0301'.repeat(8)}"`);
  });
});

describe('formatFields', () => {
  it('never takes more columns than there are', () => {
    const field = fc.record({
      name: fc.string({ maxLength: 8 }).map(formatName),
      text: fc.string({ maxLength: 60 }).map((text) => formatValue(text)),
    });
    fc.assert(
      fc.property(fc.array(field, { maxLength: 8 }), fc.integer({ min: 20, max: 120 }), (fields, width) => {
        expect(displayWidth(formatFields(fields, width))).toBeLessThanOrEqual(width);
      }),
    );
  });

  it('shortens long texts first', () => {
    const fields = [
      { name: 'a', text: '"short"' },
      { name: 'b', text: `"${'x'.repeat(50)}"` },
    ];
    expect(formatFields(fields, 40)).toBe(`a "short", b "${'x'.repeat(25)}…`);
  });

  it('leaves out first what the line says already, and nothing while all fit', () => {
    const fields = [
      { name: 'id', text: '42', isRepeat: true },
      { name: 'entityType', text: '"Message"' },
      { name: 'message', text: '"A message for Id 42"' },
    ];
    expect([60, 40, 36].map((width) => formatFields(fields, width))).toStrictEqual([
      'id 42, entityType "Message", message "A message for Id 42"',
      'entityType "Message", +2 more',
      'entityType "Message", +2 more',
    ]);
  });
});
