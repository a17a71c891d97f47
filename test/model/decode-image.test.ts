import { describe, expect, it } from 'vitest';
import { MAX_DEPTH } from '../../src/model/decode-image.js';
import {
  type AttributeValue,
  BinarySet,
  DecimalNumber,
  decodeImage,
  decodeValue,
  EncodeError,
  encodeImage,
  type Issue,
  Malformed,
  NumberSet,
  StringSet,
  stringifyPlainJson,
  toPlainJson,
} from '../../src/model/index.js';

/** `L` in `L` in `L`, as deep as that. */
function nestedLists(levels: number): AttributeValue {
  let value: AttributeValue = { S: 'deep' };
  for (let level = 0; level < levels; level++) value = { L: [value] };
  return value;
}

describe('decodeImage', () => {
  it('gives each type of DynamoDB a type of its own', () => {
    const decoded = decodeImage({
      s: { S: '' },
      n: { N: '1' },
      big: { N: '12345678901234567890.5' },
      b: { B: new Uint8Array([1]) },
      bool: { BOOL: false },
      nothing: { NULL: true },
      list: { L: [] },
      map: { M: {} },
      ss: { SS: ['b', 'a'] },
      ns: { NS: ['2', '9007199254740993'] },
      bs: { BS: ['AQI=', ''] },
    });
    expect(decoded).toStrictEqual({
      s: '',
      n: 1,
      big: new DecimalNumber('12345678901234567890.5'),
      b: new Uint8Array([1]),
      bool: false,
      nothing: null,
      list: [],
      map: {},
      ss: new StringSet(['b', 'a']),
      ns: new NumberSet([2, new DecimalNumber('9007199254740993')]),
      bs: new BinarySet([new Uint8Array([1, 2]), new Uint8Array()]),
    });
    expect(decoded.ss).toBeInstanceOf(Set);
  });

  it('keeps attributes whose names every object inherits', () => {
    const image: unknown = JSON.parse(
      '{"__proto__":{"S":"x"},"constructor":{"M":{"__proto__":{"NULL":true}}}}',
    );
    const decoded = decodeImage(image);
    expect(Object.keys(decoded)).toStrictEqual(['__proto__', 'constructor']);
    expect(Object.getPrototypeOf(decoded)).toBe(Object.prototype);
    expect(stringifyPlainJson(image)).toBe('{"__proto__":"x","constructor":{"__proto__":null}}');
    expect(JSON.stringify(encodeImage(decoded))).toBe(JSON.stringify(image));
  });

  it('keeps them in maps of hundreds of attributes too', () => {
    const wide = Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`name${at}`, { N: `${at}` }]));
    const image = JSON.parse(JSON.stringify(wide).replace('"name7"', '"__proto__"')) as typeof wide;
    const decoded = decodeImage(image);
    expect(Object.keys(decoded)).toStrictEqual(Object.keys(image));
    expect(Object.getPrototypeOf(decoded)).toBe(Object.prototype);
    expect(JSON.stringify(encodeImage(decoded))).toBe(JSON.stringify(image));
    expect(stringifyPlainJson(image)).toContain('"__proto__":7,');
  });

  it('leaves the image as it was', () => {
    const image = Object.freeze({ a: Object.freeze({ M: Object.freeze({ b: Object.freeze({ N: '1' }) }) }) });
    expect(decodeImage(image)).toStrictEqual({ a: { b: 1 } });
    expect(toPlainJson(image)).toStrictEqual({ a: { b: 1 } });
    expect(image).toStrictEqual({ a: { M: { b: { N: '1' } } } });
  });

  it('decodes an item of 400 kB', () => {
    const image = { text: { S: 'é'.repeat(100_000) }, bytes: { B: 'A'.repeat(200_000) } };
    const decoded = decodeImage(image);
    expect(decoded.bytes).toStrictEqual(new Uint8Array(150_000));
    expect(encodeImage(decoded, { binary: 'base64' })).toStrictEqual(image);
  });

  it('reads 32 levels, and keeps what is nested without end as it came', () => {
    const image = { a: nestedLists(32) };
    expect(encodeImage(decodeImage(image))).toStrictEqual(image);

    const issues: Issue[] = [];
    const endless = { a: nestedLists(50_000) };
    const decoded = decodeImage(endless, issues);
    expect(issues).toMatchObject([{ expected: `at most ${MAX_DEPTH} levels`, received: 'L' }]);
    expect(issues[0]?.path).toHaveLength(MAX_DEPTH + 1);
    expect(stringifyPlainJson(endless)).toContain('{"$wire":"nested too deep"}');
    expect(() => encodeImage(decoded)).not.toThrow();
  });

  it.each<[string, unknown]>([
    ['no attribute value', {}],
    ['an attribute value', { X: 'x' }],
    ['an attribute value', { S: 'x', N: '1' }],
    ['S with text', { S: 5 }],
    ['BOOL with true or false', { BOOL: 'true' }],
    ['NULL with true', { NULL: false }],
    ['B with bytes or base64', { B: 'not base64!' }],
    ['B with bytes or base64', { B: 'AB' }],
    ['L with a list', { L: {} }],
    ['a map', { M: [] }],
    ['SS with texts', { SS: ['a', 1] }],
    ['NS with texts of numbers', { NS: ['1', 'x'] }],
    ['BS with bytes or base64', { BS: ['?'] }],
    ['a bare value', 'x'],
    ['null', null],
  ])('takes %s for what it is: %o', (_, wire) => {
    const decoded = decodeValue(wire);
    expect(decoded).toBeInstanceOf(Malformed);
    expect(decoded).toHaveProperty('wire', wire);
    expect(toPlainJson({ a: wire })).toStrictEqual({ a: { $wire: wire } });
  });

  it('ignores the other members that the SDK’s union type leaves undefined', () => {
    expect(decodeImage({ a: { S: 'x', N: undefined } })).toStrictEqual({ a: 'x' });
    expect(toPlainJson({ a: { N: undefined, S: 'x' } })).toStrictEqual({ a: 'x' });
  });
});

describe('encodeImage', () => {
  it('takes the type of a plain Set from its members, and leaves undefined out', () => {
    const item = {
      ss: new Set(['a']),
      ns: new Set([1, 2n, new DecimalNumber('0.5')]),
      bs: new Set([new Uint8Array([1])]),
      none: undefined,
    };
    expect(encodeImage(item)).toStrictEqual({
      ss: { SS: ['a'] },
      ns: { NS: ['1', '2', '0.5'] },
      bs: { BS: [new Uint8Array([1])] },
    });
  });

  it.each<[object, string]>([
    [{ a: new Set() }, 'a: an empty Set has no type: use StringSet, NumberSet or BinarySet'],
    [{ a: new Set([1, 'x']) }, 'a: the members of a set are all texts, all numbers or all bytes'],
    [{ a: { b: [new Date(0)] } }, 'a.b.0: DynamoDB has no type for Date'],
    [{ a: [undefined] }, 'a.0: DynamoDB has no type for undefined'],
    [{ a: () => 1 }, 'a: DynamoDB has no type for function'],
  ])('says where it finds what DynamoDB cannot hold: %o', (item, message) => {
    expect(() => encodeImage(item)).toThrow(new EncodeError([], '').constructor as typeof EncodeError);
    expect(() => encodeImage(item)).toThrow(message);
  });

  it('refuses a cycle', () => {
    const item: Record<string, unknown> = {};
    item.self = item;
    expect(() => encodeImage(item)).toThrow('nested deeper than 100 levels');
  });
});
