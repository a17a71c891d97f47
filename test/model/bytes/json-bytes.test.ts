import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  numberEnd,
  plainStringEnd,
  REFUSED,
  stringEnd,
  valueEnd,
} from '../../../src/model/bytes/json-bytes.js';

const bytes = (text: string): Buffer => Buffer.from(text);

function parses(text: Buffer): boolean {
  try {
    JSON.parse(text.toString());
    return true;
  } catch {
    return false;
  }
}

describe('walking JSON as bytes', () => {
  it('ends where the value does, whatever is in it and behind it', () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        const compact = JSON.stringify(JSON.parse(json));
        expect(valueEnd(bytes(`${compact},"more"`), 0)).toBe(bytes(compact).length);
      }),
    );
  });

  it('takes any white space between tokens', () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom(' ', '\n', '\t', '  '), (json, space) => {
        const text = bytes(JSON.stringify(JSON.parse(json), undefined, space).replace(/\n/g, '\r\n'));
        expect(valueEnd(text, 0)).toBe(text.length);
      }),
    );
  });

  it('accepts nothing that JSON.parse would not', () => {
    const edits = fc.array(fc.tuple(fc.nat(), fc.constantFrom(...'"\\{}[]:,.-+eE0917truefalsn\u0001 ')), {
      minLength: 1,
      maxLength: 3,
    });
    fc.assert(
      fc.property(fc.json({ maxDepth: 3 }), edits, (json, changes) => {
        const text = bytes(JSON.stringify(JSON.parse(json)));
        for (const [at, character] of changes) text[at % text.length] = character.charCodeAt(0);
        if (valueEnd(text, 0) === text.length) expect(parses(text), text.toString()).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ['"unfinished', 'a string without an end'],
    ['"a\nb"', 'a control character'],
    ['"\\x41"', 'an unknown escape'],
    ['"\\u12g4"', 'an escape that is no hexadecimal'],
    ['"\\', 'an escape without an end'],
    ['01', 'a leading zero'],
    ['1.', 'a fraction without digits'],
    ['1e', 'an exponent without digits'],
    ['-', 'a sign alone'],
    ['{"a":1,}', 'a comma too many'],
    ['[1\u00a0,2]', 'a space that is none in JSON'],
    ['nul', 'half a word'],
    ['', 'nothing'],
  ])('refuses %j: %s', (text) => {
    const end = valueEnd(bytes(text), 0);
    expect(end === REFUSED || end < bytes(text).length).toBe(true);
  });

  it('refuses nesting without end rather than to run out of stack', () => {
    const deep = '['.repeat(50_000) + ']'.repeat(50_000);
    expect(valueEnd(bytes(deep), 0)).toBe(REFUSED);
  });

  it('knows the three kinds of end', () => {
    expect(stringEnd(bytes('"a\\"b\\u00e9"x'), 0)).toBe(12);
    expect(plainStringEnd(bytes('"name":1'), 0)).toBe(6);
    expect(plainStringEnd(bytes('"n\\u0061me":1'), 0)).toBe(REFUSED);
    expect(numberEnd(bytes('-12.50e+3,'), 0)).toBe(9);
  });
});
