// `JSON.stringify(toPlainJson(image))` in one pass from the wire to text, for the tail's hot path: nothing is decoded
// into values only to be written out again.
import { base64FromBytes, isBase64 } from './base64.js';
import { decodeNumber } from './decimal.js';
import { decodeValue, MAX_DEPTH } from './decode-image.js';
import { plainJsonOf, TAGS } from './plain-json.js';

type WireObject = { readonly [name: string]: unknown };

/** The text of `toPlainJson(image)`, byte for byte what `JSON.stringify` makes of it. Never throws. */
export function stringifyPlainJson(image: unknown): string {
  if (typeof image !== 'object' || image === null || Array.isArray(image)) return '{}';
  return mapText(image as WireObject, 0);
}

function valueText(wire: unknown, depth: number): string {
  const tag = onlyTag(wire);
  if (tag !== undefined) {
    // Cast: only an object has a tag.
    const text = payloadText(tag, (wire as WireObject)[tag], depth);
    if (text !== undefined) return text;
  }
  // Rare: no attribute value, or one that only the decoder can judge.
  return JSON.stringify(plainJsonOf(decodeValue(wire, depth)));
}

function onlyTag(wire: unknown): string | undefined {
  if (typeof wire !== 'object' || wire === null) return undefined;
  let found: string | undefined;
  for (const tag in wire) {
    if ((wire as WireObject)[tag] === undefined) continue;
    if (found !== undefined) return undefined;
    found = tag;
  }
  return found;
}

/** Undefined for what the decoder would call malformed. */
function payloadText(tag: string, payload: unknown, depth: number): string | undefined {
  switch (tag) {
    case 'S':
      return typeof payload === 'string' ? quote(payload) : undefined;
    case 'N':
      return typeof payload === 'string' ? numberText(payload) : undefined;
    case 'BOOL':
      return payload === true ? 'true' : payload === false ? 'false' : undefined;
    case 'NULL':
      return payload === true ? 'null' : undefined;
    case 'M':
      if (depth >= MAX_DEPTH || typeof payload !== 'object' || payload === null || Array.isArray(payload)) {
        return undefined;
      }
      return mapText(payload as WireObject, depth + 1);
    case 'L':
      return depth < MAX_DEPTH && Array.isArray(payload) ? listText(payload, depth + 1) : undefined;
    case 'B': {
      const text = binaryText(payload);
      return text === undefined ? undefined : `{"$B":${text}}`;
    }
    default:
      return undefined;
  }
}

function mapText(map: WireObject, depth: number): string {
  let text = '';
  let only = '';
  let names = 0;
  for (const name in map) {
    only = name;
    names++;
    text += `${names === 1 ? '' : ','}${quote(name)}:${valueText(map[name], depth)}`;
  }
  return names === 1 && TAGS.has(only) ? `{"$M":{${text}}}` : `{${text}}`;
}

function listText(list: readonly unknown[], depth: number): string {
  let text = '';
  for (let at = 0; at < list.length; at++) text += `${at === 0 ? '' : ','}${valueText(list[at], depth)}`;
  return `[${text}]`;
}

function numberText(text: string): string | undefined {
  const value = decodeNumber(text);
  if (typeof value === 'number') return String(value);
  return value === undefined ? undefined : `{"$N":"${value.text}"}`;
}

function binaryText(payload: unknown): string | undefined {
  if (typeof payload === 'string') return isBase64(payload) ? `"${payload}"` : undefined;
  return payload instanceof Uint8Array ? `"${base64FromBytes(payload)}"` : undefined;
}

// What JSON has to escape, lone surrogates included. Most text has none of it, and needs quotes only.
const ESCAPED = /["\\\u0000-\u001f\ud800-\udfff]/;

function quote(text: string): string {
  return ESCAPED.test(text) ? JSON.stringify(text) : `"${text}"`;
}
