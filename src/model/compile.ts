// The reader of an object's fields as one function written for exactly those fields: every attribute is read by a
// constant name and the result is one object literal, which is what makes decoding an order of magnitude faster than a
// loop over fields. Where the runtime forbids making functions from text (a content security policy,
// --disallow-code-generation-from-strings) the caller's loop reads the same.
import { FAILED, type Wire } from './field.js';
import type { ObjectEntry } from './object.js';

/** A reader specialised to `entries`, or undefined where the runtime, or a name, does not let it be made. */
export function generateReader(entries: readonly ObjectEntry[]): ((map: Wire) => unknown) | undefined {
  // Names that every object inherits need care at every step: they are left to the loop.
  if (entries.some(({ property, inherited }) => inherited || property === '__proto__')) return undefined;
  try {
    // The text holds indexes and JSON-quoted names only, and is made when a model is defined, never from data. It
    // closes over nothing but its parameters.
    const make = new Function('entries', 'FAILED', 'nothing', readerSource(entries));
    // Cast: the text gives a function of a map.
    return make(entries, FAILED, {}) as (map: Wire) => unknown;
  } catch {
    return undefined;
  }
}

function readerSource(entries: readonly ObjectEntry[]): string {
  const constants = entries.map(
    (_, at) => `const {kind:{read:read${at},fromPayload:from${at}},fallback:fallback${at}}=entries[${at}];`,
  );
  return `"use strict";
${constants.join('')}
return function(map){
let wire${entries.map((_, at) => `,v${at}`).join('')};
${entries.map(attributeSource).join('')}
${resultSource(entries)}
}`;
}

function attributeSource({ attribute, kind, nullable, presence }: ObjectEntry, at: number): string {
  const payload = kind.fromPayload ? `from${at}(wire.${kind.tag})` : `read${at}(wire)`;
  const value = nullable ? `wire.NULL===true?null:${payload}` : payload;
  const absent =
    presence === 'required' ? 'return FAILED' : presence === 'optional' ? '' : `v${at}=fallback${at}()`;
  // Only null has no properties to look for: any other value that is no object has no tag, and fits no kind that way.
  return `wire=map[${JSON.stringify(attribute)}];
if(wire!=null){v${at}=${value};if(v${at}===FAILED)return FAILED}
else if(wire===undefined){${absent}}
else if((v${at}=read${at}(nothing))===FAILED)return FAILED;`;
}

// Properties up to the first optional one are a literal; the rest are added in order, where they are there.
function resultSource(entries: readonly ObjectEntry[]): string {
  let literal = '';
  let rest = '';
  entries.forEach(({ property, presence }, at) => {
    const name = JSON.stringify(property);
    if (rest === '' && presence !== 'optional') literal += `${name}:v${at},`;
    else rest += `if(v${at}!==undefined)object[${name}]=v${at};`;
  });
  return `const object={${literal}};${rest}return object`;
}
