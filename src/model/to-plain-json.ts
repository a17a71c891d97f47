// Wire images straight to plain JSON, for the tail's hot path: no value types are made only to be written out again.
import { base64FromBytes, isBase64 } from './base64.js';
import { DecimalNumber } from './decimal.js';
import { decodeNumeric, decodeValue, isWide, MAX_DEPTH, tagOf } from './decode-image.js';
import { type PlainJson, plainJsonOf, TAGS } from './plain-json.js';
import { setOwn } from './values.js';

type WireObject = { readonly [name: string]: unknown };

/**
 * An image of either wire shape as readable JSON. `{"$N":"…"}` is a number that no double holds, `{"$B":"…"}` base64,
 * `{"$SS":[…]}`, `{"$NS":["1",…]}`, `{"$BS":[…]}` the sets, `{"$M":{…}}` a map whose only key is one of these tags, and
 * `{"$wire":…}` something that is no attribute value, as it came. Never throws.
 */
export function toPlainJson(image: unknown): PlainJson {
  return isMap(image) ? mapJson(image, 0) : {};
}

/** `JSON.stringify(toPlainJson(image))`. Never throws. */
export function stringifyPlainJson(image: unknown): string {
  return JSON.stringify(toPlainJson(image));
}

function isMap(value: unknown): value is WireObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function mapJson(map: WireObject, depth: number): PlainJson {
  // A copy, overwritten: see `decodeImage`. Cast: every property of the copy is.
  const json = (isWide(map) ? {} : { ...map }) as Record<string, PlainJson>;
  let names = 0;
  let only = '';
  for (const name in map) {
    only = name;
    names++;
    const value = valueJson(map[name], depth);
    if (name === '__proto__') setOwn(json, name, value);
    else json[name] = value;
  }
  return names === 1 && TAGS.has(only) ? { $M: json } : json;
}

function valueJson(wire: unknown, depth: number): PlainJson {
  const tag = tagOf(wire);
  // Cast: only an object has a tag.
  const json = tag === '' ? undefined : payloadJson(tag, (wire as WireObject)[tag], depth);
  // Rare: no attribute value, which the decoder keeps as it is.
  return json === undefined ? plainJsonOf(decodeValue(wire, depth)) : json;
}

/** Undefined for what the decoder calls malformed. */
function payloadJson(tag: string, payload: unknown, depth: number): PlainJson | undefined {
  switch (tag) {
    case 'S':
      return typeof payload === 'string' ? payload : undefined;
    case 'N': {
      const value = decodeNumeric(payload);
      return value instanceof DecimalNumber ? { $N: value.text } : value;
    }
    case 'BOOL':
      return typeof payload === 'boolean' ? payload : undefined;
    case 'M':
      return depth < MAX_DEPTH && isMap(payload) ? mapJson(payload, depth + 1) : undefined;
    case 'L':
      return depth < MAX_DEPTH && Array.isArray(payload) ? listJson(payload, depth + 1) : undefined;
    case 'NULL':
      return payload === true ? null : undefined;
    case 'B':
      return tagged('$B', base64Of(payload));
    case 'SS':
      return tagged(
        '$SS',
        membersJson(payload, (member) => (typeof member === 'string' ? member : undefined)),
      );
    case 'NS':
      return tagged(
        '$NS',
        membersJson(payload, (member) => decodeNumeric(member)?.toString()),
      );
    case 'BS':
      return tagged('$BS', membersJson(payload, base64Of));
    default:
      return undefined;
  }
}

function tagged(tag: string, content: PlainJson | undefined): PlainJson | undefined {
  return content === undefined ? undefined : { [tag]: content };
}

function listJson(list: readonly unknown[], depth: number): PlainJson {
  const json: PlainJson[] = [];
  for (let at = 0; at < list.length; at++) json.push(valueJson(list[at], depth));
  return json;
}

function membersJson(
  payload: unknown,
  textOf: (member: unknown) => string | undefined,
): readonly string[] | undefined {
  if (!Array.isArray(payload)) return undefined;
  const texts: string[] = [];
  for (let at = 0; at < payload.length; at++) {
    const text = textOf(payload[at]);
    if (text === undefined) return undefined;
    texts.push(text);
  }
  return texts;
}

function base64Of(payload: unknown): string | undefined {
  if (typeof payload === 'string') return isBase64(payload) ? payload : undefined;
  return payload instanceof Uint8Array ? base64FromBytes(payload) : undefined;
}
