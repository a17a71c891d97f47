import { describe, expect, it } from 'vitest';
import {
  decodeImage,
  fromPlainJson,
  plainJsonOf,
  stringifyPlainJson,
  toPlainJson,
} from '../../src/model/index.js';

describe('plain JSON', () => {
  it('is ordinary JSON where JSON can carry the value, and tagged where it cannot', () => {
    const image = {
      id: { N: '101' },
      price: { N: '0.1' },
      amount: { N: '12345678901234567890.12' },
      text: { S: 'a "quoted" \u2028 line\n' },
      blob: { B: 'AQI=' },
      tags: { SS: ['a', 'b'] },
      scores: { NS: ['1', '9007199254740993'] },
      blobs: { BS: ['AQI='] },
      list: { L: [{ NULL: true }, { BOOL: true }] },
      looksTagged: { M: { $N: { S: '5' } } },
      notTagged: { M: { $N: { S: '5' }, other: { S: '' } } },
      unknownTag: { M: { $X: { S: '5' } } },
    };
    const json = {
      id: 101,
      price: 0.1,
      amount: { $N: '12345678901234567890.12' },
      text: 'a "quoted" \u2028 line\n',
      blob: { $B: 'AQI=' },
      tags: { $SS: ['a', 'b'] },
      scores: { $NS: ['1', '9007199254740993'] },
      blobs: { $BS: ['AQI='] },
      list: [null, true],
      looksTagged: { $M: { $N: '5' } },
      notTagged: { $N: '5', other: '' },
      unknownTag: { $X: '5' },
    };
    expect(toPlainJson(image)).toStrictEqual(json);
    expect(plainJsonOf(decodeImage(image))).toStrictEqual(json);
    expect(JSON.parse(stringifyPlainJson(image))).toStrictEqual(json);
    expect(fromPlainJson(json, { binary: 'base64' })).toStrictEqual(image);
  });

  it('tells an item with one attribute named like a tag from a tag', () => {
    const image = { $SS: { L: [] } };
    expect(toPlainJson(image)).toStrictEqual({ $M: { $SS: [] } });
    expect(fromPlainJson({ $M: { $SS: [] } })).toStrictEqual(image);
  });

  it('carries what models make', () => {
    const value = {
      at: new Date(0),
      never: new Date(Number.NaN),
      big: 12345678901234567890n,
      small: 5n,
      set: new Set(['a']),
      numbers: new Set([1]),
      empty: new Set(),
      odd: new Set([{ a: 1 }]),
      nan: Number.NaN,
      gone: undefined,
      call: () => 1,
    };
    expect(plainJsonOf(value)).toStrictEqual({
      at: '1970-01-01T00:00:00.000Z',
      never: null,
      big: { $N: '12345678901234567890' },
      small: 5,
      set: { $SS: ['a'] },
      numbers: { $NS: ['1'] },
      empty: [],
      odd: [{ a: 1 }],
      nan: null,
    });
  });

  it('cuts off what nests without end', () => {
    const cycle: unknown[] = [];
    cycle.push(cycle);
    expect(JSON.stringify(plainJsonOf(cycle))).toContain('"nested too deep"');
  });

  it.each<[unknown, string]>([
    [[], 'the item: an item is a JSON object of attributes'],
    [{ $SS: ['a'] }, 'the item: an item is a JSON object of attributes'],
    [{ a: { $N: 5 } }, 'a.$N: a number is decimal text'],
    [{ a: { $N: 'five' } }, 'a.$N: a number is decimal text'],
    [{ a: [{ $B: '!' }] }, 'a.0.$B: binary is base64 text'],
    [{ a: { $SS: 'x' } }, 'a.$SS: a set is a list of its members'],
    [{ a: { $SS: [1] } }, 'a.$SS.0: a member of a string set is text'],
    [{ a: { $NS: ['x'] } }, 'a.$NS.0: a number is decimal text'],
    [{ a: { $BS: ['!'] } }, 'a.$BS.0: binary is base64 text'],
    [{ a: { $M: [] } }, 'a.$M: a map is a JSON object'],
  ])('is not read from %j', (json, message) => {
    expect(() => fromPlainJson(json)).toThrow(message);
  });
});
