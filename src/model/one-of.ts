// Discriminated models for single-table designs: one attribute says which of several models an item is read with.
import type { DecodeResult, Infer, Model } from './change.js';
import { notAnImage, parserOf } from './define-model.js';
import { describeWire } from './issue.js';

type Variants = { readonly [name: string]: Model };

/** The value of `oneOf`: which variant matched is told by `variantOf`, and by the change's `modelName`. */
export type VariantOf<V extends Variants> = { [K in keyof V]: Infer<V[K]> }[keyof V];

/**
 * A model that reads each item with the variant named by the text (or number) of `attribute`. An item of no variant is
 * read with `otherwise`, or is an issue `unknownVariant` where that is not given.
 */
export function oneOf<V extends Variants, T = never>(
  attribute: string,
  variants: V,
  otherwise?: Model<T>,
): Model<VariantOf<V> | T> & Required<Pick<Model, 'variantOf'>> {
  // A map, since an item's text might be `constructor`.
  const byName = new Map<string, Model>(Object.entries(variants));
  const expected = [...byName.keys()].map((name) => JSON.stringify(name)).join(' | ');
  const name = [...byName.keys()].join(' | ');

  function variantOf(image: unknown): string | undefined {
    const variant = discriminator(image, attribute);
    return variant !== undefined && byName.has(variant) ? variant : otherwise?.name;
  }

  function decode(image: unknown): DecodeResult<VariantOf<V> | T> {
    if (typeof image !== 'object' || image === null || Array.isArray(image)) return notAnImage(image);
    const variant = discriminator(image, attribute);
    const model = variant === undefined ? undefined : byName.get(variant);
    // Cast: the variants' own types are what V was inferred from.
    if (model !== undefined) return model.decode(image) as DecodeResult<VariantOf<V>>;
    if (otherwise !== undefined) return otherwise.decode(image);
    const wire = Object.hasOwn(image, attribute)
      ? (image as { [name: string]: unknown })[attribute]
      : undefined;
    const code = wire === undefined ? 'missing' : variant === undefined ? 'type' : 'unknownVariant';
    return { ok: false, issues: [{ path: [attribute], code, expected, received: describeWire(wire) }] };
  }

  return { name, decode, parse: parserOf(name, decode), variantOf };
}

/** The text that selects a variant; undefined where the attribute is missing or is neither S nor N. */
function discriminator(image: unknown, attribute: string): string | undefined {
  if (typeof image !== 'object' || image === null || !Object.hasOwn(image, attribute)) return undefined;
  const wire = (image as { readonly [name: string]: unknown })[attribute];
  if (typeof wire !== 'object' || wire === null) return undefined;
  const { S, N } = wire as { readonly S?: unknown; readonly N?: unknown };
  if (typeof S === 'string') return S;
  return typeof N === 'string' ? N : undefined;
}
