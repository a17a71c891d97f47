// A change: one stream record after decoding. What the tail prints and what a user's handler receives.
import type { EventName } from './wire.js';

/** A decoded attribute value: see `decodeImage` for what each DynamoDB type becomes. */
export type DecodedValue = unknown;
export type DecodedItem = { [name: string]: DecodedValue };

/** One thing a model did not accept. `path` is attribute names and list indexes from the image's root. */
export interface Issue {
  readonly path: readonly (string | number)[];
  /** `missing`, `type`, `range`, `parse`, `unknownVariant`, `custom`. More may be added. */
  readonly code: string;
  readonly expected: string;
  readonly received: string;
  /**
   * Where in a record `path` starts: absent for the new image, and for what a model says of the one image it was given.
   * `record`: the record itself.
   */
  readonly part?: 'keys' | 'old' | 'record' | undefined;
}

export type DecodeResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly issues: readonly Issue[] };

/** Anything that turns an image into a typed value: `defineModel`, `oneOf`, `fromSchema`. */
export interface Model<T = unknown> {
  /** Shown where a change names its model; the variant's name for `oneOf`. */
  readonly name: string;
  /** Never throws. `image` is a wire image (attribute map) of either wire shape. */
  decode(image: unknown): DecodeResult<T>;
  /** Throws `ModelError` with every issue. */
  parse(image: unknown): T;
  /** The name of the variant that an image selects; absent where there is but one. */
  variantOf?(image: unknown): string | undefined;
}

/** The value type of a model: `type Sample = Infer<typeof sampleModel>`. */
export type Infer<M> = M extends Model<infer T> ? T : never;

export interface UserIdentity {
  readonly type: string;
  readonly principalId: string;
}

export interface Change<T = unknown> {
  readonly event: EventName;
  readonly keys: DecodedItem;
  readonly new?: DecodedItem;
  readonly old?: DecodedItem;
  /** The new image through the model, when there is a model, a new image, and no issue. */
  readonly model?: T;
  /** The old image through the model. */
  readonly oldModel?: T;
  /** Which model (or variant) matched. */
  readonly modelName?: string;
  /** Why the record (or its model) could not be decoded. A record that cannot be decoded is data, never a throw. */
  readonly issues?: readonly Issue[];
  /** The sequence number, decimal text. Compare as integers. */
  readonly seq: string;
  readonly eventId: string;
  /** ApproximateCreationDateTime in ms since the epoch; whole seconds on AWS. 0 when the record has none. */
  readonly at: number;
  /** True for a REMOVE made by time to live. */
  readonly ttl: boolean;
  readonly userIdentity?: UserIdentity;
  readonly sizeBytes: number;
}
