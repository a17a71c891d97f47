// The reader of an object's fields as one function written for exactly those fields: every attribute is read by a
// constant name and the result is one object literal, which is what makes decoding an order of magnitude faster than a
// loop over fields. Where the runtime forbids making functions from text (a content security policy,
// --disallow-code-generation-from-strings) the caller's loop reads the same.
import { FAILED, type Wire } from './field.js';
import type { ObjectEntry } from './object.js';
import { setOwn } from './values.js';

/** A reader specialised to `entries`, or undefined where the runtime does not let it be made. */
export function generateReader(entries: readonly ObjectEntry[]): ((map: Wire) => unknown) | undefined {
  try {
    // The text holds indexes and JSON-quoted names only, and is made when a model is defined, never from data. It
    // closes over nothing but its parameters.
    const make = new Function('entries', 'FAILED', 'nothing', 'setOwn', readerSource(entries));
    // Cast: the text gives a function of a map.
    return make(entries, FAILED, {}, setOwn) as (map: Wire) => unknown;
  } catch {
    return undefined;
  }
}

function readerSource(entries: readonly ObjectEntry[]): string {
  const constants = entries.map(
    (_, at) => `const {kind:{read:read${at},fromPayload:from${at}},fallback:fallback${at}}=entries[${at}];`,
  );
  return `"use strict";
${constants.join('\n')}
return function read(map){
let wire${entries.map((_, at) => `,v${at}`).join('')};
${entries.map(attributeSource).join('\n')}
${resultSource(entries)}
}`;
}

function attributeSource(entry: ObjectEntry, at: number): string {
  const name = JSON.stringify(entry.attribute);
  const attribute = entry.inherited ? `Object.hasOwn(map,${name})?map[${name}]:undefined` : `map[${name}]`;
  const { tag, fromPayload } = entry.kind;
  const payload =
    fromPayload === undefined || tag === undefined ? `read${at}(wire)` : `from${at}(wire.${tag})`;
  const value = entry.nullable ? `wire.NULL===true?null:${payload}` : payload;
  const absent =
    entry.presence === 'required'
      ? 'return FAILED'
      : entry.presence === 'optional'
        ? ''
        : `v${at}=fallback${at}()`;
  // Only null has no properties to look for: any other value that is no object has no tag, and fits no kind that way.
  return `wire=${attribute};
if(wire!=null){v${at}=${value};if(v${at}===FAILED)return FAILED}
else if(wire===undefined){${absent}}
else if((v${at}=read${at}(nothing))===FAILED)return FAILED`;
}

// Properties up to the first optional one are a literal; the rest are added in order, where they are there.
function resultSource(entries: readonly ObjectEntry[]): string {
  const from = entries.findIndex((entry) => entry.presence === 'optional');
  const certain = from === -1 ? entries.length : from;
  const literal = entries
    .slice(0, certain)
    // In a literal a plain "__proto__" would be the prototype; a computed one is a property.
    .map(
      ({ property }, at) => `${property === '__proto__' ? '["__proto__"]' : JSON.stringify(property)}:v${at}`,
    );
  const rest = entries.slice(certain).map(({ property }, index) => {
    const at = certain + index;
    const set =
      property === '__proto__'
        ? `setOwn(object,"__proto__",v${at})`
        : `object[${JSON.stringify(property)}]=v${at}`;
    return `if(v${at}!==undefined)${set};`;
  });
  return rest.length === 0
    ? `return {${literal.join()}};`
    : `const object={${literal.join()}};${rest.join('')}return object;`;
}
