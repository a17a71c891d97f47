// The JSON text of items, the same on disk and in stream records.
import type { AttributeMap } from '../../model/wire.js';

// dynalite builds objects by assignment, which loses an attribute that is called `__proto__`. Inside a request it
// goes by another name of the same length; on disk, in streams and in answers it has its own.
const LOST_NAME = '"__proto__"';
const SAFE_NAME = '\u0001_proto_\u0001';
const SAFE_NAME_TEXT = JSON.stringify(SAFE_NAME);

/** Parses JSON so that no attribute is lost on its way through dynalite. */
export function parseSafely(text: string): unknown {
  return JSON.parse(text.includes(LOST_NAME) ? text.replaceAll(LOST_NAME, SAFE_NAME_TEXT) : text);
}

/** Serializes what came from {@link parseSafely}, with the attributes' own names. */
export function stringifySafely(value: unknown): string {
  const text = JSON.stringify(value);
  return text.includes(SAFE_NAME_TEXT) ? text.replaceAll(SAFE_NAME_TEXT, LOST_NAME) : text;
}

/** Parses an item from disk: it is what {@link stringifyItem} wrote. */
export function parseItem(text: string): AttributeMap {
  return parseSafely(text) as AttributeMap;
}

/** Serializes an item for disk and stream. */
export function stringifyItem(item: AttributeMap): string {
  return stringifySafely(item);
}
