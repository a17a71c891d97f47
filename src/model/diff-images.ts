// What changed between two decoded images, path by path, down through maps and lists.
import type { DecodedItem, DecodedValue } from './change.js';
import { DecimalNumber } from './decimal.js';
import { isPlainObject, Malformed, setOwn } from './values.js';

type Path = readonly (string | number)[];

/** One difference. `path` is attribute names and list indexes. */
export type Difference =
  | { readonly kind: 'added'; readonly path: Path; readonly new: DecodedValue }
  | { readonly kind: 'removed'; readonly path: Path; readonly old: DecodedValue }
  | { readonly kind: 'changed'; readonly path: Path; readonly old: DecodedValue; readonly new: DecodedValue }
  | {
      /** Members of a set. Its other members, and their order, stay. */
      readonly kind: 'members';
      readonly path: Path;
      readonly added: readonly DecodedValue[];
      readonly removed: readonly DecodedValue[];
    };

/**
 * The differences that make `new` of `old`, in the order of the old image's attributes, then the added ones. Maps are
 * compared by name, lists index by index (what a shorter list lost is listed from its end), sets by membership whatever
 * their order, and a value of another type is `changed` as a whole. An absent image counts as one without attributes.
 */
export function diffImages(old: DecodedItem | undefined, next: DecodedItem | undefined): Difference[] {
  const differences: Difference[] = [];
  diffMaps(old ?? {}, next ?? {}, [], differences);
  return differences;
}

function diffMaps(old: DecodedItem, next: DecodedItem, path: Path, out: Difference[]): void {
  for (const name of Object.keys(old)) {
    const here = [...path, name];
    if (Object.hasOwn(next, name)) diffValues(old[name], next[name], here, out);
    else out.push({ kind: 'removed', path: here, old: old[name] });
  }
  for (const name of Object.keys(next)) {
    if (!Object.hasOwn(old, name)) out.push({ kind: 'added', path: [...path, name], new: next[name] });
  }
}

function diffLists(
  old: readonly DecodedValue[],
  next: readonly DecodedValue[],
  path: Path,
  out: Difference[],
): void {
  const common = Math.min(old.length, next.length);
  for (let at = 0; at < common; at++) diffValues(old[at], next[at], [...path, at], out);
  for (let at = common; at < next.length; at++) {
    out.push({ kind: 'added', path: [...path, at], new: next[at] });
  }
  for (let at = old.length - 1; at >= common; at--) {
    out.push({ kind: 'removed', path: [...path, at], old: old[at] });
  }
}

function diffValues(old: DecodedValue, next: DecodedValue, path: Path, out: Difference[]): void {
  if (isPlainObject(old) && isPlainObject(next)) diffMaps(old, next, path, out);
  else if (Array.isArray(old) && Array.isArray(next)) diffLists(old, next, path, out);
  else if (old instanceof Set && next instanceof Set && old.constructor === next.constructor) {
    diffSets(old, next, path, out);
  } else if (!sameValue(old, next)) out.push({ kind: 'changed', path, old, new: next });
}

function diffSets(
  old: ReadonlySet<DecodedValue>,
  next: ReadonlySet<DecodedValue>,
  path: Path,
  out: Difference[],
): void {
  const removed = membersMissingFrom(next, old);
  const added = membersMissingFrom(old, next);
  if (added.length > 0 || removed.length > 0) out.push({ kind: 'members', path, added, removed });
}

function membersMissingFrom(
  set: ReadonlySet<DecodedValue>,
  members: ReadonlySet<DecodedValue>,
): DecodedValue[] {
  const known = new Set([...set].map(memberKey));
  return [...members].filter((member) => !known.has(memberKey(member)));
}

/** A member as something that equal members share: bytes and decimals are objects, found by identity only. */
function memberKey(member: DecodedValue): unknown {
  if (member instanceof Uint8Array) return `bytes ${member.join()}`;
  return member instanceof DecimalNumber ? `decimal ${member.text}` : member;
}

/** True for decoded values that encode to the same attribute value, the order of maps and sets apart. */
export function sameValue(left: DecodedValue, right: DecodedValue): boolean {
  if (Object.is(left, right)) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) {
    return left === right;
  }
  if (left instanceof DecimalNumber) return right instanceof DecimalNumber && left.text === right.text;
  if (left instanceof Uint8Array) return right instanceof Uint8Array && sameBytes(left, right);
  if (left instanceof Malformed) return right instanceof Malformed && sameWire(left.wire, right.wire);
  const differences: Difference[] = [];
  if (isContainerPair(left, right)) diffValues(left, right, [], differences);
  else return false;
  return differences.length === 0;
}

function isContainerPair(left: object, right: object): boolean {
  if (left instanceof Set) return right instanceof Set && left.constructor === right.constructor;
  if (Array.isArray(left)) return Array.isArray(right);
  return isPlainObject(left) && isPlainObject(right);
}

function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  if (left.length !== right.length) return false;
  for (let at = 0; at < left.length; at++) if (left[at] !== right[at]) return false;
  return true;
}

// Malformed values are JSON as it came; where it has no text (nested deeper than the stack) they count as different.
function sameWire(left: unknown, right: unknown): boolean {
  try {
    return JSON.stringify(left) === JSON.stringify(right);
  } catch {
    return false;
  }
}

/** `old` with the differences made: what `diffImages` gave for it and a new image gives that new image. Copies on the way. */
export function applyDifferences(
  old: DecodedItem | undefined,
  differences: readonly Difference[],
): DecodedItem {
  const root: DecodedItem = copyMap(old ?? {});
  const copied = new Set<object>([root]);
  for (const difference of differences) applyOne(root, difference, copied);
  return root;
}

function applyOne(root: DecodedItem, difference: Difference, copied: Set<object>): void {
  let holder: object = root;
  for (const step of difference.path.slice(0, -1)) holder = ownChild(holder, step, copied);
  const last = difference.path.at(-1);
  if (last === undefined) return;
  if (difference.kind === 'removed') {
    if (Array.isArray(holder)) holder.splice(Number(last), 1);
    else delete (holder as DecodedItem)[last];
    return;
  }
  const value =
    difference.kind === 'members' ? withMembers(childOf(holder, last), difference) : difference.new;
  setChild(holder, last, value);
}

function withMembers(set: DecodedValue, change: Extract<Difference, { kind: 'members' }>): DecodedValue {
  if (!(set instanceof Set)) return set;
  const gone = new Set(change.removed.map(memberKey));
  const members = [...set].filter((member) => !gone.has(memberKey(member)));
  // Cast: the constructor of a set makes a set of the same type.
  return new (set.constructor as new (members: unknown[]) => Set<unknown>)([...members, ...change.added]);
}

function childOf(holder: object, step: string | number): DecodedValue {
  // Cast: a step of a path is an index of a list or a name of a map.
  return (holder as DecodedItem)[step];
}

function setChild(holder: object, step: string | number, value: DecodedValue): void {
  if (Array.isArray(holder)) holder[Number(step)] = value;
  else setOwn(holder as DecodedItem, String(step), value);
}

function ownChild(holder: object, step: string | number, copied: Set<object>): object {
  const child = childOf(holder, step);
  if (typeof child !== 'object' || child === null) throw new TypeError(`no map or list at ${step}`);
  if (copied.has(child)) return child;
  const copy: object = Array.isArray(child) ? [...child] : copyMap(child as DecodedItem);
  copied.add(copy);
  setChild(holder, step, copy);
  return copy;
}

function copyMap(map: DecodedItem): DecodedItem {
  const copy: DecodedItem = {};
  for (const name of Object.keys(map)) setOwn(copy, name, map[name]);
  return copy;
}
