// What inference found out about a table's items: plain data between reading the items and writing a model file.

/** The kinds without parameters, each named after its function. */
export type SimpleKind =
  | 'string'
  | 'int32'
  | 'integer'
  | 'bigint'
  | 'number'
  | 'decimal'
  | 'boolean'
  | 'binary'
  | 'stringSet'
  | 'numberSet'
  | 'binarySet'
  | 'isoDate'
  | 'epochSeconds'
  | 'epochMillis'
  | 'jsonText'
  | 'unknown';

export type KindDescription =
  | { readonly type: SimpleKind }
  | { readonly type: 'literal'; readonly value: string }
  | { readonly type: 'listOf' | 'mapOf'; readonly member: MemberDescription }
  | { readonly type: 'object'; readonly fields: readonly FieldDescription[] };

export interface MemberDescription {
  readonly kind: KindDescription;
  readonly nullable: boolean;
}

export interface FieldDescription extends MemberDescription {
  readonly attribute: string;
  /** The attribute's name in camel case, unique among its siblings. */
  readonly property: string;
  /** Missing from at least one item. */
  readonly optional: boolean;
}

export interface EntityDescription {
  /** The discriminator's value; absent for the items of a table without one, and for those that lack it. */
  readonly name?: string;
  readonly items: number;
  readonly fields: readonly FieldDescription[];
}

export interface ModelDescription {
  /** How many items were read. */
  readonly items: number;
  /** The attribute that tells entity types apart, where there is more than one type. */
  readonly discriminator?: string;
  /** The most frequent first; items without a discriminator last. At least one. */
  readonly entities: readonly EntityDescription[];
}
