import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderError } from '../../src/ui/error.js';
import { sanitize, sanitizeJson } from '../../src/ui/sanitize.js';
import { makeTerminal } from './make-terminal.js';

/** Everything that a terminal would obey, or that turns the reading direction. */
const OBEYED = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/;
const evil = '\u0007\u001b[2J\u007f\u009b31m\u061c\u2028\u202e\u2066';

describe('sanitize', () => {
  it('writes what a terminal would obey as escapes, and leaves other text alone', () => {
    expect(sanitize('a\tb\n\u001b[2J\u009b é 日本 👍🏽 "\\')).toBe(
      'a\\tb\\n\\u001b[2J\\u009b é 日本 👍🏽 "\\',
    );
    expect(sanitize(evil)).not.toMatch(OBEYED);
  });
});

describe('sanitizeJson', () => {
  it('gives the JSON of the same value, with nothing that a terminal would obey', () => {
    const text = fc.array(fc.oneof(fc.string(), fc.constantFrom(...evil))).map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.dictionary(text, text), (value) => {
        const json = sanitizeJson(JSON.stringify(value));
        expect(json).not.toMatch(OBEYED);
        expect(JSON.stringify(JSON.parse(json))).toBe(JSON.stringify(value));
      }),
    );
  });
});

describe('a terminal', () => {
  it('gets JSON with escapes, a pipe the text as it is', async () => {
    const onTty = makeTerminal({ tty: true });
    await onTty.terminal.printJson({ evil });
    onTty.terminal.noteJson({ evil });
    expect(onTty.text.stdout.trimEnd()).not.toMatch(OBEYED);
    expect(JSON.parse(onTty.text.stdout)).toStrictEqual({ evil });
    expect(onTty.text.stderr).toBe(onTty.text.stdout);

    const piped = makeTerminal();
    await piped.terminal.printJson({ evil });
    expect(piped.text.stdout).toBe(`${JSON.stringify({ evil })}\n`);
  });

  it('gets errors as JSON with escapes too', () => {
    const { terminal, text } = makeTerminal({ tty: true, json: true });
    expect(renderError(new Error(evil), terminal)).toBe(1);
    expect(text.stderr.trimEnd()).not.toMatch(OBEYED);
    expect(JSON.parse(text.stderr).error.message).toContain(evil);
  });

  it('that says 0 columns has 80', () => {
    const { terminal } = makeTerminal({ tty: true, columns: 0 });
    expect([terminal.columns, terminal.errColumns]).toStrictEqual([80, 80]);
    expect(makeTerminal({ tty: true, columns: 40 }).terminal.columns).toBe(40);
  });
});
