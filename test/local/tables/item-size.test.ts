import { expect, test } from 'vitest';
import { itemSize } from '../../../src/local/tables/item-size.js';
import type { AttributeValue } from '../../../src/model/wire.js';

test.each<[AttributeValue, number]>([
  [{ S: '' }, 0],
  [{ S: 'naïve' }, 6],
  [{ N: '0' }, 1],
  [{ N: '7' }, 2],
  [{ N: '101' }, 3],
  [{ N: '100' }, 2],
  [{ N: '-101' }, 4],
  [{ N: '0.005' }, 2],
  [{ N: '12.34' }, 3],
  [{ N: '12345678901234567890123456789012345678' }, 20],
  [{ B: 'AQID' }, 3],
  [{ B: new Uint8Array([1, 2, 3]) }, 3],
  [{ BOOL: false }, 1],
  [{ NULL: true }, 1],
  [{ SS: ['ab', 'c'] }, 3],
  [{ NS: ['1', '2'] }, 4],
  [{ BS: ['AQID', 'AQ=='] }, 4],
  [{ L: [] }, 3],
  [{ L: [{ S: 'a' }, { S: 'b' }] }, 3 + 2 + 2],
  [{ M: {} }, 3],
  [{ M: { k: { S: 'v' } } }, 3 + 1 + 2],
])('%j takes %i bytes beside its name', (value, size) => {
  expect(itemSize({ name: value })).toBe(4 + size);
});
