import { describe, expect, it } from 'vitest';
import {
  applyDifferences,
  DecimalNumber,
  decodeImage,
  diffImages,
  NumberSet,
  StringSet,
} from '../../src/model/index.js';

describe('diffImages', () => {
  it('gives the changed paths with old and new values', () => {
    const old = decodeImage({
      status: { S: 'new' },
      total: { N: '9007199254740993' },
      same: { N: '9007199254740993' },
      gone: { NULL: true },
      address: { M: { street: { S: 'Main' }, zip: { S: '1' } } },
      lines: { L: [{ M: { price: { N: '1' } } }, { S: 'b' }, { S: 'c' }] },
      tags: { SS: ['a', 'b'] },
      blob: { B: 'AQI=' },
      type: { N: '1' },
    });
    const changed = decodeImage({
      status: { S: 'paid' },
      total: { N: '9007199254740995' },
      same: { N: '9007199254740993' },
      address: { M: { street: { S: 'Side' }, zip: { S: '1' }, city: { S: 'X' } } },
      lines: { L: [{ M: { price: { N: '2' } } }] },
      tags: { SS: ['c', 'b'] },
      blob: { B: 'AQI=' },
      type: { S: '1' },
      added: { BOOL: true },
    });
    const differences = diffImages(old, changed);
    expect(differences).toStrictEqual([
      { kind: 'changed', path: ['status'], old: 'new', new: 'paid' },
      {
        kind: 'changed',
        path: ['total'],
        old: new DecimalNumber('9007199254740993'),
        new: new DecimalNumber('9007199254740995'),
      },
      { kind: 'removed', path: ['gone'], old: null },
      { kind: 'changed', path: ['address', 'street'], old: 'Main', new: 'Side' },
      { kind: 'added', path: ['address', 'city'], new: 'X' },
      { kind: 'changed', path: ['lines', 0, 'price'], old: 1, new: 2 },
      { kind: 'removed', path: ['lines', 2], old: 'c' },
      { kind: 'removed', path: ['lines', 1], old: 'b' },
      { kind: 'members', path: ['tags'], added: ['c'], removed: ['a'] },
      { kind: 'changed', path: ['type'], old: 1, new: '1' },
      { kind: 'added', path: ['added'], new: true },
    ]);
    expect(applyDifferences(old, differences)).toStrictEqual({ ...changed, tags: new StringSet(['b', 'c']) });
  });

  it('takes an absent image for one without attributes', () => {
    expect(diffImages(undefined, { a: 1 })).toStrictEqual([{ kind: 'added', path: ['a'], new: 1 }]);
    expect(diffImages({ a: 1 }, undefined)).toStrictEqual([{ kind: 'removed', path: ['a'], old: 1 }]);
  });

  it('does not mind the order of attributes and members, but the type of a set', () => {
    const old = { a: 1, b: new NumberSet([1, 2]), c: new StringSet() };
    expect(diffImages(old, { c: new StringSet(), b: new NumberSet([2, 1]), a: 1 })).toStrictEqual([]);
    expect(diffImages({ c: new StringSet() }, { c: new NumberSet() })).toStrictEqual([
      { kind: 'changed', path: ['c'], old: new StringSet(), new: new NumberSet() },
    ]);
  });
});
