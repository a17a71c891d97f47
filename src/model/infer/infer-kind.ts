// The narrowest kind that reads all values seen of an attribute. A candidate is asked by its own reader, so that what is
// inferred cannot differ from what the model will accept.
import { FAILED, type Field } from '../field.js';
import { epochMillis, epochSeconds, isoDate, jsonText, unknown } from '../kinds/derived.js';
import { bigint, binary, boolean, decimal, int32, integer, number, string } from '../kinds/scalars.js';
import { binarySet, numberSet, stringSet } from '../kinds/sets.js';
import type { AttributeMap, AttributeValue } from '../wire.js';
import type { FieldDescription, KindDescription, MemberDescription, SimpleKind } from './description.js';
import { camelCase, isIdentifier, uniqueName } from './names.js';

interface Candidate {
  readonly type: SimpleKind;
  readonly field: Field<unknown>;
  /** Asked as well, where reading alone would take too much for the kind: every small number is an epoch. */
  readonly alsoIf?: (attribute: string, payloads: readonly unknown[]) => boolean;
}

const CANDIDATES: Readonly<Record<string, () => readonly Candidate[]>> = {
  S: () => [
    { type: 'isoDate', field: isoDate() },
    { type: 'jsonText', field: jsonText(), alsoIf: (_, texts) => texts.every(isJsonContainer) },
    { type: 'string', field: string() },
  ],
  N: () => [
    { type: 'epochSeconds', field: epochSeconds(), alsoIf: isTime(1e9, 1e10) },
    { type: 'epochMillis', field: epochMillis(), alsoIf: isTime(1e12, 1e13) },
    { type: 'int32', field: int32() },
    { type: 'integer', field: integer() },
    { type: 'bigint', field: bigint() },
    { type: 'number', field: number() },
    { type: 'decimal', field: decimal() },
  ],
  BOOL: () => [{ type: 'boolean', field: boolean() }],
  B: () => [{ type: 'binary', field: binary() }],
  SS: () => [{ type: 'stringSet', field: stringSet() }],
  NS: () => [{ type: 'numberSet', field: numberSet() }],
  BS: () => [{ type: 'binarySet', field: binarySet() }],
};

const TIME_NAME = /ttl|time|date|stamp|expir|epoch|(?:^|[a-z_-])(?:at|on)$/i;

/** True where the attribute's name speaks of time and every value lies in this century or so, in the kind's unit. */
function isTime(from: number, below: number): NonNullable<Candidate['alsoIf']> {
  return (attribute, texts) =>
    TIME_NAME.test(attribute) && texts.every((text) => Number(text) >= from && Number(text) < below);
}

function isJsonContainer(text: unknown): boolean {
  return typeof text === 'string' && /^\s*[[{]/.test(text);
}

/** The kind of the values of one attribute (or of a list's members), `attribute` by name. NULL makes it nullable. */
export function inferMember(attribute: string, values: readonly AttributeValue[]): MemberDescription {
  const present = values.filter((value) => !isNull(value));
  return { kind: inferKind(attribute, present), nullable: present.length < values.length };
}

function isNull(value: AttributeValue): boolean {
  return 'NULL' in value && value.NULL === true;
}

function inferKind(attribute: string, values: readonly AttributeValue[]): KindDescription {
  const tags = new Set(values.map((value) => Object.keys(value).join()));
  const [tag] = tags;
  if (tag === undefined || tags.size > 1) return { type: 'unknown' };
  // Casts: every value has this one tag; whether its payload is right is asked of the candidates.
  const payloads = values.map((value) => (value as Readonly<Record<string, unknown>>)[tag]);
  if (tag === 'L' && payloads.every((payload) => Array.isArray(payload))) {
    return { type: 'listOf', member: inferMember(attribute, payloads.flat() as AttributeValue[]) };
  }
  if (tag === 'M') return inferMap(attribute, payloads as AttributeMap[]);
  const found = CANDIDATES[tag]?.().find(
    ({ field, alsoIf }) =>
      alsoIf?.(attribute, payloads) !== false &&
      payloads.every((payload) => field.state.kind.fromPayload?.(payload) !== FAILED),
  );
  return { type: found?.type ?? 'unknown' };
}

/**
 * A map with names of its own is an object; one whose names are data (ids, dates, languages) a map of one kind. Names
 * count as data where they look like keys, or where the maps have hardly any in common.
 */
function inferMap(attribute: string, maps: readonly AttributeMap[]): KindDescription {
  const names = new Set(maps.flatMap((map) => Object.keys(map)));
  const mean = maps.reduce((sum, map) => sum + Object.keys(map).length, 0) / maps.length;
  const namesAreData =
    names.size === 0 || [...names].every(looksLikeKey) || (maps.length > 2 && names.size > 3 * mean);
  if (namesAreData) {
    const member = inferMember(
      attribute,
      maps.flatMap((map) => Object.values(map)),
    );
    if (names.size === 0 || member.kind.type !== 'unknown') return { type: 'mapOf', member };
  }
  return { type: 'object', fields: inferFields(maps) };
}

function looksLikeKey(name: string): boolean {
  return /^(?:\d[\d.:T-]*|[0-9a-f]{8}-[0-9a-f-]{27}|[0-9A-Z]{26}|[^:#]*[#:@/].*)$/i.test(name);
}

/** The fields of maps or items, in the order in which their attributes were first seen. */
export function inferFields(maps: readonly AttributeMap[]): FieldDescription[] {
  const valuesOf = new Map<string, AttributeValue[]>();
  for (const map of maps) {
    for (const [attribute, value] of Object.entries(map)) {
      const values = valuesOf.get(attribute);
      if (values === undefined) valuesOf.set(attribute, [value]);
      else values.push(value);
    }
  }
  const taken = new Set<string>();
  return [...valuesOf].map(([attribute, values]) => ({
    attribute,
    property: uniqueName(propertyOf(attribute), taken),
    optional: values.length < maps.length,
    ...inferMember(attribute, values),
  }));
}

// A name that cannot stand in code without quotes stays as it is, in quotes.
function propertyOf(attribute: string): string {
  const camel = camelCase(attribute);
  return isIdentifier(camel) ? camel : attribute;
}

/** True for a value that `unknown()` reads: everything that is an attribute value. */
export function isAttributeValue(value: unknown): value is AttributeValue {
  if (typeof value !== 'object' || value === null) return false;
  // Cast: the reader looks at whatever is there.
  return unknown().state.kind.read(value as Readonly<Record<string, unknown>>) !== FAILED;
}
