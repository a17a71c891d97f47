// Fields that hold fields: lists, maps and nested objects.
import type { Issue } from '../change.js';
import {
  FAILED,
  type Failed,
  Field,
  type Fields,
  fieldOf,
  issueAt,
  type Kind,
  lenientKind,
  type ObjectOf,
  type Path,
  type Wire,
} from '../field.js';
import {
  compileObject,
  explainValue,
  lenientEntries,
  type ObjectEntry,
  objectEntries,
  readObject,
  readValue,
} from '../object.js';
import { setOwn } from '../values.js';

/** L whose members are all of one kind, as an array. */
export function listOf<T>(member: Field<T, boolean>, attribute?: string): Field<T[]> {
  return fieldOf(listKind(member), attribute);
}

function listKind<T>(member: Field<T, boolean>): Kind<T[]> {
  const { kind, nullable } = member.state;
  const expected = `L of ${kind.expected}`;
  const fromPayload = (payload: unknown): T[] | Failed => {
    if (!Array.isArray(payload)) return FAILED;
    const list: T[] = [];
    for (let at = 0; at < payload.length; at++) {
      const value = readValue(kind, nullable, payload[at]);
      if (value === FAILED) return FAILED;
      list.push(value);
    }
    return list;
  };
  const explain = (wire: Wire, path: Path, issues: Issue[]): void => {
    const payload = wire.L;
    if (!Array.isArray(payload)) issues.push(issueAt(wire, path, 'type', expected));
    else {
      for (let at = 0; at < payload.length; at++) {
        explainValue(kind, nullable, payload[at], [...path, at], issues);
      }
    }
  };
  return containerKind(
    'L',
    expected,
    fromPayload,
    explain,
    () => [],
    () => listKind(lenientMember(member)),
  );
}

/** M with names of the data's own choice and values of one kind, as a plain object. */
export function mapOf<T>(member: Field<T, boolean>, attribute?: string): Field<Record<string, T>> {
  return fieldOf(mapKind(member), attribute);
}

function mapKind<T>(member: Field<T, boolean>): Kind<Record<string, T>> {
  const { kind, nullable } = member.state;
  const expected = `M of ${kind.expected}`;
  const fromPayload = (payload: unknown): Record<string, T> | Failed => {
    if (!isMap(payload)) return FAILED;
    const map: Record<string, T> = {};
    for (const name of Object.keys(payload)) {
      const value = readValue(kind, nullable, payload[name]);
      if (value === FAILED) return FAILED;
      setOwn(map, name, value);
    }
    return map;
  };
  const explain = (wire: Wire, path: Path, issues: Issue[]): void => {
    const payload = wire.M;
    if (!isMap(payload)) issues.push(issueAt(wire, path, 'type', expected));
    else {
      for (const name of Object.keys(payload)) {
        explainValue(kind, nullable, payload[name], [...path, name], issues);
      }
    }
  };
  return containerKind(
    'M',
    expected,
    fromPayload,
    explain,
    () => ({}),
    () => mapKind(lenientMember(member)),
  );
}

/** M with fields of its own, as an object of their properties. */
export function object<F extends Fields>(fields: F, attribute?: string): Field<ObjectOf<F>> {
  return fieldOf(objectKind<ObjectOf<F>>(objectEntries(fields)), attribute);
}

function objectKind<T>(entries: readonly ObjectEntry[]): Kind<T> {
  const { read, explain: explainImage } = compileObject<T>(entries);
  const explain = (wire: Wire, path: Path, issues: Issue[]): void => {
    const payload = wire.M;
    if (isMap(payload)) explainImage(payload, path, issues);
    else issues.push(issueAt(wire, path, 'type', 'M'));
  };
  const lenient = (): Kind<T> => objectKind<T>(lenientEntries(entries));
  // A lenient object reads everything from nothing, so its zero is all of its fields' zeros. By the loop: compiling a
  // reader for every missing value would take longer than reading.
  const zero = (): T => readObject(lenientEntries(entries), {}) as T;
  return containerKind(
    'M',
    'M',
    (payload) => (isMap(payload) ? read(payload) : FAILED),
    explain,
    zero,
    lenient,
  );
}

function isMap(payload: unknown): payload is Record<string, unknown> {
  return typeof payload === 'object' && payload !== null && !Array.isArray(payload);
}

function lenientMember<T>(member: Field<T, boolean>): Field<T, boolean> {
  return new Field({ ...member.state, kind: lenientKind(member.state.kind) });
}

// The lenient form of a container reads its members leniently, and itself becomes empty where it is no container.
function containerKind<T>(
  tag: string,
  expected: string,
  fromPayload: (payload: unknown) => T | Failed,
  explain: Kind<T>['explain'],
  zero: () => T,
  inner: () => Kind<T>,
): Kind<T> {
  const read = (wire: Wire): T | Failed => fromPayload(wire[tag]);
  const lenient = (): Kind<T> => {
    const members = inner();
    const kind: Kind<T> = {
      expected,
      explain,
      zero,
      read: (wire) => {
        const value = members.read(wire);
        return value === FAILED ? zero() : value;
      },
      lenient: () => kind,
    };
    return kind;
  };
  return { tag, expected, fromPayload, read, explain, zero, lenient };
}
