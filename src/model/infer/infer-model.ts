// A model's description from a sample of a table's items: kinds, optional attributes, entity types. Pure; reading the
// items and writing the file are the caller's.
import type { AttributeMap } from '../wire.js';
import type { EntityDescription, ModelDescription } from './description.js';
import { inferFields, isAttributeValue } from './infer-kind.js';

/** Attributes that tell entity types apart by convention, compared without case and separators. */
const DISCRIMINATORS = [
  'entitytype',
  'type',
  'kind',
  'itemtype',
  'recordtype',
  'typename',
  'entity',
  'model',
];
/** More types than this are more likely a name than a type. */
const MAX_ENTITIES = 30;

export interface InferOptions {
  /** The attribute that tells entity types apart. By default it is found by its name. */
  readonly discriminator?: string;
}

/**
 * Describes a model that reads all of `items`. Numbers get the narrowest kind that all values fit; what has several
 * types, or none, is `unknown`. Never throws; what is no attribute value in an item is left out.
 */
export function inferModel(items: readonly AttributeMap[], options: InferOptions = {}): ModelDescription {
  const sound = items.map(soundAttributes);
  const discriminator = options.discriminator ?? findDiscriminator(sound);
  const groups = new Map<string | undefined, AttributeMap[]>();
  for (const item of sound) {
    const name = discriminator === undefined ? undefined : textOf(item, discriminator);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [item]);
    else group.push(item);
  }
  if (discriminator === undefined || groups.size < 2) {
    return { items: items.length, entities: [{ items: items.length, fields: inferFields(sound) }] };
  }
  const entities = [...groups]
    .sort(([name, group], [otherName, other]) =>
      name === undefined || otherName === undefined
        ? Number(name === undefined) - Number(otherName === undefined)
        : other.length - group.length,
    )
    .map(([name, group]) => describeEntity(name, group, discriminator));
  return { items: items.length, discriminator, entities };
}

function soundAttributes(item: AttributeMap): AttributeMap {
  return Object.fromEntries(Object.entries(item).filter(([, value]) => isAttributeValue(value)));
}

function textOf(item: AttributeMap, attribute: string): string | undefined {
  const value = Object.hasOwn(item, attribute) ? item[attribute] : undefined;
  return value !== undefined && 'S' in value ? value.S : undefined;
}

function describeEntity(
  name: string | undefined,
  items: readonly AttributeMap[],
  discriminator: string,
): EntityDescription {
  const fields = inferFields(items);
  if (name === undefined) return { items: items.length, fields };
  const typed = fields.map((field) =>
    field.attribute === discriminator ? { ...field, kind: { type: 'literal' as const, value: name } } : field,
  );
  return { name, items: items.length, fields: typed };
}

/** The attribute with a conventional name whose text splits the items into a few groups. */
function findDiscriminator(items: readonly AttributeMap[]): string | undefined {
  const attributes = new Set(items.flatMap((item) => Object.keys(item)));
  const candidates = [...attributes]
    .map((attribute) => ({ attribute, rank: DISCRIMINATORS.indexOf(bare(attribute)) }))
    .filter(({ rank }) => rank !== -1)
    .sort((left, right) => left.rank - right.rank);
  return candidates.find(({ attribute }) => splits(items, attribute))?.attribute;
}

function bare(attribute: string): string {
  return attribute.toLowerCase().replace(/[^a-z]/g, '');
}

// A type has several items; an attribute that hardly repeats is a name or a description.
function splits(items: readonly AttributeMap[], attribute: string): boolean {
  const texts = items.map((item) => textOf(item, attribute)).filter((text) => text !== undefined);
  const distinct = new Set(texts).size;
  return (
    texts.length * 2 >= items.length && distinct <= MAX_ENTITIES && distinct * 2 <= Math.max(4, texts.length)
  );
}
