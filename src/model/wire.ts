// The two wire shapes of a stream record: Lambda's event JSON (base64 text, numeric time) and the AWS SDK's
// (Uint8Array, Date). One type for both; the decoder accepts either at every place where they differ.

/** Base64 text in a Lambda event or a raw response body; bytes from the SDK. */
export type WireBinary = string | Uint8Array;

export type AttributeValue =
  | { readonly S: string }
  | { readonly N: string }
  | { readonly B: WireBinary }
  | { readonly BOOL: boolean }
  | { readonly NULL: boolean }
  | { readonly L: readonly AttributeValue[] }
  | { readonly M: AttributeMap }
  | { readonly SS: readonly string[] }
  | { readonly NS: readonly string[] }
  | { readonly BS: readonly WireBinary[] };

/** An item, an image or a key: attribute names to attribute values. */
export type AttributeMap = { readonly [name: string]: AttributeValue };

export type EventName = 'INSERT' | 'MODIFY' | 'REMOVE';
export type StreamViewType = 'KEYS_ONLY' | 'NEW_IMAGE' | 'OLD_IMAGE' | 'NEW_AND_OLD_IMAGES';

/** `userIdentity` of Lambda events and the SDK's `Identity` differ in case only. */
export interface WireIdentity {
  readonly type?: string;
  readonly principalId?: string;
  readonly Type?: string;
  readonly PrincipalId?: string;
}

export interface StreamRecord {
  readonly eventID?: string;
  readonly eventName?: EventName | string;
  readonly eventVersion?: string;
  readonly eventSource?: string;
  readonly awsRegion?: string;
  readonly eventSourceARN?: string;
  readonly userIdentity?: WireIdentity;
  readonly dynamodb?: {
    /** Seconds since the epoch, or a Date from the SDK. Whole seconds on AWS. */
    readonly ApproximateCreationDateTime?: number | Date;
    readonly Keys?: AttributeMap;
    readonly NewImage?: AttributeMap;
    readonly OldImage?: AttributeMap;
    readonly SequenceNumber?: string;
    readonly SizeBytes?: number;
    readonly StreamViewType?: StreamViewType | string;
  };
}
