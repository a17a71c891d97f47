// Plain JSON back to an image: the inverse of `toPlainJson`.
import { bytesFromBase64 } from './base64.js';
import { decodeNumber } from './decimal.js';
import { type EncodeOptions, encodeImage } from './encode-image.js';
import { TAGS } from './plain-json.js';
import { BinarySet, Malformed, NumberSet, StringSet, setOwn } from './values.js';
import type { AttributeMap } from './wire.js';

/** JSON that `toPlainJson` does not write. `path` leads to it. */
export class PlainJsonError extends TypeError {
  override readonly name = 'PlainJsonError';
  readonly path: readonly (string | number)[];

  constructor(path: readonly (string | number)[], problem: string) {
    super(`${path.length === 0 ? 'the item' : path.join('.')}: ${problem}`);
    this.path = path;
  }
}

type Path = readonly (string | number)[];
type JsonObject = { readonly [name: string]: unknown };

/**
 * The image that `toPlainJson` was given, in the AWS SDK's shape unless `binary: 'base64'` is asked for.
 * Throws `PlainJsonError` for a tag with the wrong content, and where the whole is not an object.
 */
export function fromPlainJson(json: unknown, options: EncodeOptions = {}): AttributeMap {
  return encodeImage(itemFromPlainJson(json), options);
}

/** The decoded item that `plainJsonOf` was given. Throws as `fromPlainJson` does. */
export function itemFromPlainJson(json: unknown): Record<string, unknown> {
  const value = valueFromPlainJson(json, []);
  if (typeof json !== 'object' || json === null || !isMapValue(value)) {
    throw new PlainJsonError([], 'an item is a JSON object of attributes');
  }
  return value;
}

function isMapValue(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function valueFromPlainJson(json: unknown, path: Path): unknown {
  if (typeof json !== 'object' || json === null) return json;
  // A stack is shallower than what JSON.parse reads; DynamoDB nests 32 levels.
  if (path.length > 200) throw new PlainJsonError(path, 'nested too deep');
  if (Array.isArray(json)) return json.map((member, at) => valueFromPlainJson(member, [...path, at]));
  const names = Object.keys(json);
  const only = names.length === 1 ? names[0] : undefined;
  if (only !== undefined && TAGS.has(only)) return taggedValue(only, (json as JsonObject)[only], path);
  return mapFromPlainJson(json as JsonObject, path);
}

function mapFromPlainJson(json: JsonObject, path: Path): Record<string, unknown> {
  const map: Record<string, unknown> = {};
  for (const name of Object.keys(json)) setOwn(map, name, valueFromPlainJson(json[name], [...path, name]));
  return map;
}

function taggedValue(tag: string, content: unknown, path: Path): unknown {
  const here = [...path, tag];
  switch (tag) {
    case '$N':
      return numberAt(content, here);
    case '$B':
      return bytesAt(content, here);
    case '$SS':
      return new StringSet(membersAt(content, here).map(textAt));
    case '$NS':
      return new NumberSet(membersAt(content, here).map(({ member, path: at }) => numberAt(member, at)));
    case '$BS':
      return new BinarySet(membersAt(content, here).map(({ member, path: at }) => bytesAt(member, at)));
    case '$M':
      if (typeof content !== 'object' || content === null || Array.isArray(content)) {
        throw new PlainJsonError(here, 'a map is a JSON object');
      }
      return mapFromPlainJson(content as JsonObject, here);
    default:
      return new Malformed(content, 'an attribute value');
  }
}

interface Member {
  readonly member: unknown;
  readonly path: Path;
}

function membersAt(content: unknown, path: Path): Member[] {
  if (!Array.isArray(content)) throw new PlainJsonError(path, 'a set is a list of its members');
  return content.map((member: unknown, at) => ({ member, path: [...path, at] }));
}

function textAt({ member, path }: Member): string {
  if (typeof member !== 'string') throw new PlainJsonError(path, 'a member of a string set is text');
  return member;
}

function numberAt(content: unknown, path: Path) {
  const value = typeof content === 'string' ? decodeNumber(content) : undefined;
  if (value === undefined) throw new PlainJsonError(path, 'a number is decimal text');
  return value;
}

function bytesAt(content: unknown, path: Path): Uint8Array {
  const bytes = typeof content === 'string' ? bytesFromBase64(content) : undefined;
  if (bytes === undefined) throw new PlainJsonError(path, 'binary is base64 text');
  return bytes;
}
