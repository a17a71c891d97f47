// How a filter sees a record: always as the event JSON that Lambda would match, whichever wire shape was read.
import type { StreamRecord } from '../../model/wire.js';

/** The value of a top-level field in Lambda's event shape; undefined when the record has none. */
export function fieldOfRecord(record: StreamRecord, name: string): unknown {
  if (name === 'userIdentity') {
    const identity = record.userIdentity;
    if (identity === undefined) return undefined;
    return {
      type: identity.type ?? identity.Type,
      principalId: identity.principalId ?? identity.PrincipalId,
    };
  }
  return Object.hasOwn(record, name) ? record[name as keyof StreamRecord] : undefined;
}

/** A leaf as JSON has it: the SDK's dates become seconds since the epoch and its bytes base64 text. */
export function leafAsJson(value: unknown): unknown {
  if (value instanceof Date) return value.getTime() / 1000;
  if (value instanceof Uint8Array) {
    let binary = '';
    for (const byte of value) binary += String.fromCharCode(byte);
    return btoa(binary);
  }
  return value;
}

/** True for a value that a pattern can only descend into: not a leaf. */
export function isNode(value: unknown): value is Readonly<Record<string, unknown>> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Date) &&
    !(value instanceof Uint8Array)
  );
}
