import { expect, it } from 'vitest';
import { sampleItem } from '../../src/seed/items.js';

it("makes the reference's item", () => {
  expect(sampleItem(7, [{ name: 'Id', type: 'N' }])).toStrictEqual({
    Id: { N: '7' },
    Message: { S: 'A message for Id 7' },
    EntityType: { S: 'Message' },
  });
});

it('stamps the item with the time of writing when asked', () => {
  expect(sampleItem(1, [], 1_700_000_000_123).SeededAt).toStrictEqual({ N: '1700000000123' });
});

it('fills the keys of any table', () => {
  const item = sampleItem(3, [
    { name: 'pk', type: 'S' },
    { name: 'sk', type: 'B' },
  ]);
  expect(item.pk).toStrictEqual({ S: 'pk-3' });
  expect(item.sk).toStrictEqual({ B: new TextEncoder().encode('sk-3') });
});
