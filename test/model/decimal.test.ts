import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalizeDecimal } from '../../src/model/decimal.js';
import {
  compareDecimals,
  DecimalNumber,
  decimalNumber,
  decodeImage,
  encodeImage,
} from '../../src/model/index.js';
import { numberTexts } from './fixtures/arbitraries.js';

function decodeN(text: string): unknown {
  return decodeImage({ n: { N: text } }).n;
}

describe('numbers', () => {
  it.each([
    ['0', 0],
    ['-0', 0],
    ['-0.00', 0],
    ['0E5', 0],
    ['101', 101],
    ['-7', -7],
    ['1.0', 1],
    ['007', 7],
    ['+5', 5],
    ['1E3', 1000],
    ['0.1', 0.1],
    ['.5', 0.5],
    ['999999999999999', 999999999999999],
    ['9007199254740992', 9007199254740992],
    ['100000000000000000000', 1e20],
    [`1${'0'.repeat(125)}`, 1e125],
    ['1E-130', 1e-130],
  ])('reads %s as the JS number %d', (text, value) => {
    expect(decodeN(text)).toBe(value);
  });

  it.each([
    '9007199254740993',
    '0.12345678901234567890123456789012345678',
    '-99999999999999999999999999999999999999',
    '3.14159265358979323846',
  ])('keeps %s, that no double holds, as text', (text) => {
    expect(decodeN(text)).toStrictEqual(new DecimalNumber(text));
    expect(`${decodeN(text)}`).toBe(text);
  });

  it.each([
    '',
    ' ',
    'abc',
    '1e',
    '0x10',
    'NaN',
    'Infinity',
    '-',
    '.',
    '1_0',
    ' 1',
    '1E999999999',
    '1E-131',
    '1E126',
  ])('finds no number in %j', (text) => {
    const issues: unknown[] = [];
    decodeImage({ n: { N: text } }, issues as never);
    expect(issues).toStrictEqual([
      {
        path: ['n'],
        code: 'type',
        expected: 'N with the text of a number',
        received: `N ${JSON.stringify(text)}`,
      },
    ]);
  });

  it('encodes numbers in DynamoDB’s normal form', () => {
    expect(
      encodeImage({ a: -0, b: 1e21, c: 1.5e-7, d: 12345678901234567890n, e: decimalNumber('1.50E2') }),
    ).toStrictEqual({
      a: { N: '0' },
      b: { N: '1000000000000000000000' },
      c: { N: '0.00000015' },
      d: { N: '12345678901234567890' },
      e: { N: '150' },
    });
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, 1e126, 1e-131, 10n ** 126n, 10n ** 38n + 1n])(
    'refuses to encode %s',
    (value) => {
      expect(() => encodeImage({ list: [value] })).toThrow(/^list\.0: /);
    },
  );

  it('makes decimals of what DynamoDB holds only', () => {
    expect(decimalNumber('-1e2').text).toBe('-100');
    expect(decimalNumber(`0.${'0'.repeat(100)}${'1'.repeat(26)}`).text).toHaveLength(128);
    expect(() => decimalNumber('12 apples')).toThrow(RangeError);
    expect(() => decimalNumber('1'.repeat(39))).toThrow(/38 significant digits/);
  });

  it('says when two decimals are one number', () => {
    const value = new DecimalNumber('9007199254740993');
    expect([
      value.equals('9007199254740993.0'),
      value.equals(9007199254740993n),
      value.equals(value),
    ]).toStrictEqual([true, true, true]);
    expect([
      value.equals('1'),
      value.equals({}),
      value.equals(undefined),
      value.equals(Symbol()),
    ]).toStrictEqual([false, false, false, false]);
    expect(JSON.stringify({ value })).toBe('{"value":"9007199254740993"}');
  });

  it('orders decimals as numbers are', () => {
    const sorted = ['-1E3', '-2', '-0.5', '0', '1E-130', '0.5', '2', '10', '9.9E125'];
    const texts = sorted.map((text) => normalizeDecimal(text) ?? '');
    expect([...texts].reverse().sort(compareDecimals)).toStrictEqual(texts);
    expect(compareDecimals('5', '5')).toBe(0);
  });

  it('normalises what is normal already to itself', () => {
    fc.assert(fc.property(numberTexts, (text) => normalizeDecimal(text) === text));
  });

  it('reads every double that DynamoDB can hold as itself', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, min: -1e125, max: 1e125 }), (value) => {
        fc.pre(value === 0 || Math.abs(value) >= 1e-130);
        const encoded = encodeImage({ value });
        expect(decodeImage(encoded).value).toBe(value + 0);
      }),
    );
  });
});
