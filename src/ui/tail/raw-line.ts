import type { StreamRecord } from '../../model/wire.js';
import type { ChangeEvent } from '../../stream/events.js';

/**
 * The record as one line of JSON in the shape that Lambda receives it, so that `jq -s '{Records:.}'` makes a test
 * event of a tail.
 */
export function rawLine(event: ChangeEvent): string {
  const { record, streamArn } = event;
  const identity = record.userIdentity;
  const lambdaRecord: StreamRecord = {
    ...record,
    eventSourceARN: record.eventSourceARN ?? streamArn,
    ...(identity === undefined
      ? {}
      : {
          userIdentity: {
            type: identity.type ?? identity.Type ?? '',
            principalId: identity.principalId ?? identity.PrincipalId ?? '',
          },
        }),
  };
  return JSON.stringify(lambdaRecord, wireJson);
}

// The SDK's shape has bytes and dates where Lambda's has base64 text and seconds. `this` holds the value as it is: by
// the time a replacer is given it, `toJSON` was called.
function wireJson(this: unknown, name: string, value: unknown): unknown {
  // Cast: a replacer is called on the object that holds the property.
  const original = (this as Readonly<Record<string, unknown>>)[name];
  if (original instanceof Uint8Array) return Buffer.from(original).toString('base64');
  if (original instanceof Date) return original.getTime() / 1000;
  return value;
}
