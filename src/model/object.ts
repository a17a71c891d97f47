// Fields compiled to the reader of a whole object: what `defineModel` and nested objects share.
import type { Issue } from './change.js';
import { generateReader } from './compile.js';
import {
  FAILED,
  type Failed,
  type Fields,
  issueAt,
  type Kind,
  lenientKind,
  missingIssue,
  type Path,
  type Presence,
  type Wire,
} from './field.js';
import { setOwn } from './values.js';

/** One property of an object and the attribute it is read from. */
export interface ObjectEntry {
  readonly property: string;
  readonly attribute: string;
  readonly kind: Kind<unknown>;
  readonly presence: Presence;
  readonly nullable: boolean;
  /** What a missing attribute becomes; there for presence `default` only. */
  readonly fallback: () => unknown;
  /** The attribute's name is one that every object inherits (`constructor`), so only an own one counts. */
  readonly inherited: boolean;
}

export interface ObjectReader<T> {
  /** An attribute map to an object, or `FAILED`. */
  readonly read: (map: Wire) => T | Failed;
  /** Appends every issue of an attribute map. */
  readonly explain: (map: Wire, path: Path, issues: Issue[]) => void;
}

/** The entries of a model's fields, in their order. */
export function objectEntries(fields: Fields): ObjectEntry[] {
  return Object.entries(fields).map(([property, { state }]) => {
    const attribute = state.attribute ?? property;
    return {
      property,
      attribute,
      kind: state.kind,
      presence: state.presence,
      nullable: state.nullable,
      fallback: state.fallback ?? (() => undefined),
      inherited: attribute in {},
    };
  });
}

/** The same entries, reading everything: what is missing or does not fit becomes its kind's zero. */
export function lenientEntries(entries: readonly ObjectEntry[]): ObjectEntry[] {
  return entries.map((entry) => ({
    ...entry,
    kind: lenientKind(entry.kind),
    ...(entry.presence === 'required' ? { presence: 'default' as const, fallback: entry.kind.zero } : {}),
  }));
}

/** Compiles entries to a reader: generated code where the runtime allows it, a loop over the entries elsewhere. */
export function compileObject<T>(entries: readonly ObjectEntry[]): ObjectReader<T> {
  const read = generateReader(entries) ?? ((map: Wire) => readObject(entries, map));
  return {
    // Cast: the entries were made from the fields that T was inferred from.
    read: read as (map: Wire) => T | Failed,
    explain: (map, path, issues) => {
      for (const entry of entries) explainEntry(entry, map, path, issues);
    },
  };
}

/** What the generated code does, entry by entry. */
export function readObject(entries: readonly ObjectEntry[], map: Wire): unknown {
  const object: Record<string, unknown> = {};
  for (let at = 0; at < entries.length; at++) {
    const entry = entries[at] as ObjectEntry;
    const wire = attributeOf(entry, map);
    let value: unknown;
    if (wire === undefined) {
      if (entry.presence === 'required') return FAILED;
      if (entry.presence === 'optional') continue;
      value = entry.fallback();
    } else {
      value = readValue(entry.kind, entry.nullable, wire);
      if (value === FAILED) return FAILED;
    }
    if (value !== undefined || entry.presence !== 'optional') setOwn(object, entry.property, value);
  }
  return object;
}

function attributeOf(entry: ObjectEntry, map: Wire): unknown {
  return entry.inherited && !Object.hasOwn(map, entry.attribute) ? undefined : map[entry.attribute];
}

const NOTHING: Wire = {};

/** One attribute value, of whatever it may be, through a kind. */
export function readValue<T>(kind: Kind<T>, nullable: boolean, wire: unknown): T | Failed {
  // Something that is no object fits no kind, and the lenient ones take their zero for it.
  if (typeof wire !== 'object' || wire === null) return kind.read(NOTHING);
  // Cast: T includes null where the field is nullable.
  if (nullable && (wire as Wire).NULL === true) return null as T;
  return kind.read(wire as Wire);
}

/** The issues of one attribute value; none where it fits. */
export function explainValue(
  kind: Kind<unknown>,
  nullable: boolean,
  wire: unknown,
  path: Path,
  issues: Issue[],
): void {
  if (readValue(kind, nullable, wire) !== FAILED) return;
  if (typeof wire === 'object' && wire !== null) kind.explain(wire as Wire, path, issues);
  else issues.push(issueAt(wire, path, 'type', kind.expected));
}

function explainEntry(entry: ObjectEntry, map: Wire, path: Path, issues: Issue[]): void {
  const wire = attributeOf(entry, map);
  const here = [...path, entry.attribute];
  if (wire !== undefined) explainValue(entry.kind, entry.nullable, wire, here, issues);
  else if (entry.presence === 'required') issues.push(missingIssue(here, entry.kind.expected));
}
