import type { AttributeMap } from '../../model/wire.js';
import type { StoredItem } from '../streams/record-text.js';

/** Tells whether two stored items hold the same attributes. The order of names and of set members is no difference. */
export function isSameItem(before: StoredItem, after: StoredItem): boolean {
  if (before.text === after.text) return true;
  // The same members in another order take the same number of characters.
  if (before.text.length !== after.text.length) return false;
  return sameMap(before.item, after.item);
}

function sameMap(left: AttributeMap, right: AttributeMap): boolean {
  const names = Object.keys(left);
  if (names.length !== Object.keys(right).length) return false;
  return names.every((name) => Object.hasOwn(right, name) && sameValue(left[name], right[name]));
}

function sameValue(left: unknown, right: unknown): boolean {
  if (typeof left !== 'object' || left === null || typeof right !== 'object' || right === null) {
    return left === right;
  }
  const [type] = Object.keys(left);
  const [otherType] = Object.keys(right);
  if (type === undefined || type !== otherType) return false;
  // Both are attribute values: objects whose one member is named after its type.
  const a = (left as Record<string, unknown>)[type];
  const b = (right as Record<string, unknown>)[type];
  if (type === 'M') return sameMap(a as AttributeMap, b as AttributeMap);
  if (!Array.isArray(a) || !Array.isArray(b)) return a === b;
  if (a.length !== b.length) return false;
  if (type === 'L') return a.every((member, index) => sameValue(member, b[index]));
  const members = new Set(b);
  return a.every((member) => members.has(member));
}
