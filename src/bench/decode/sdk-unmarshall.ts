// The baseline of the decode stage: what a TypeScript user has today.
import type { AttributeValue as SdkAttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { AttributeMap } from '../../model/wire.js';

/** `unmarshall` with its numbers as the SDK makes them by default. */
export function sdkUnmarshall(image: AttributeMap): unknown {
  // The same wire shape; the SDK's type is mutable and wants bytes, which the generated images hold.
  return unmarshall(image as Record<string, SdkAttributeValue>);
}
