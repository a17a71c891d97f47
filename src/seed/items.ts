// The items that seed writes: the reference's sample items, fitted to the table's key schema. Pure.
import type { AttributeValue } from '../model/wire.js';

/** Milliseconds since the epoch at which the item was sent: gives the true write-to-seen latency, as N. */
export const STAMP_ATTRIBUTE = 'SeededAt';

export type KeyType = 'S' | 'N' | 'B';

export interface KeyAttribute {
  readonly name: string;
  readonly type: KeyType;
}

/** A writable attribute map, as the SDK takes it: binary is bytes. */
export type SeedItem = { [name: string]: AttributeValue };

/**
 * Item number `i` (`Id = i`, `Message = "A message for Id i"`, `EntityType = "Message"`, and the stamp if given).
 * Key attributes of other names or types are filled from `i`, so that any table can be seeded.
 */
export function sampleItem(i: number, keys: readonly KeyAttribute[], stampMs?: number): SeedItem {
  const item: SeedItem = {
    Id: { N: String(i) },
    Message: { S: `A message for Id ${i}` },
    EntityType: { S: 'Message' },
  };
  if (stampMs !== undefined) item[STAMP_ATTRIBUTE] = { N: String(stampMs) };
  for (const { name, type } of keys) item[name] = keyValue(name, type, i);
  return item;
}

function keyValue(name: string, type: KeyType, i: number): AttributeValue {
  switch (type) {
    case 'N':
      return { N: String(i) };
    case 'S':
      return { S: `${name}-${i}` };
    case 'B':
      return { B: new TextEncoder().encode(`${name}-${i}`) };
  }
}
