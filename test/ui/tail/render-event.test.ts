import { describe, expect, it } from 'vitest';
import { createEventRenderer } from '../../../src/ui/tail/render-event.js';
import { makeTerminal } from '../make-terminal.js';
import { makeChange } from './make-events.js';

const evil = '\u007f\u009b31m\u202e';
const event = makeChange({ keys: { Id: { S: evil } }, newImage: { [evil]: { S: evil } } });

describe('JSON text of a tail', () => {
  it.each(['json', 'raw'] as const)('as %s holds nothing that a terminal would obey', (format) => {
    const lines = [true, false].map((tty) => {
      const [line] = createEventRenderer(makeTerminal({ tty }).terminal, { format, utc: true })(event);
      return line?.text ?? '';
    });
    const [onTty = '', piped = ''] = lines;
    expect(onTty).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
    expect(onTty).toContain('\\u007f\\u009b31m\\u202e');
    expect(piped).toContain(evil);
    expect(JSON.parse(onTty)).toStrictEqual(JSON.parse(piped));
  });
});
