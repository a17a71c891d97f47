import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDisplay } from '../../../src/ui/tail/display.js';
import { createHoldBuffer } from '../../../src/ui/tail/hold-buffer.js';
import { keyHint } from '../../../src/ui/tail/interactive.js';
import { INITIAL_KEYS, type KeyState, pressKey, splitKeys } from '../../../src/ui/tail/keys.js';
import { makeTerminal } from '../make-terminal.js';

const line = (text: string) => ({ stream: 'out', text }) as const;

describe('pressKey', () => {
  it('pauses and resumes with the same key', () => {
    const paused = pressKey(INITIAL_KEYS, ' ');
    expect(paused).toStrictEqual({ state: { mode: 'paused' }, effect: 'pause' });
    expect(pressKey(paused.state, ' ')).toStrictEqual({ state: { mode: 'live' }, effect: 'resume' });
  });

  it('gives every other key one meaning, paused or not', () => {
    const modes: KeyState[] = [{ mode: 'live' }, { mode: 'paused' }];
    for (const state of modes) {
      expect(
        ['f', 'c', 's', '?', 'q', '\u0003', 'x'].map((key) => pressKey(state, key).effect),
      ).toStrictEqual(['editFilter', 'clear', 'showLedger', 'showKeys', 'quit', 'quit', undefined]);
    }
  });

  it('alternates between pause and resume, whatever else is typed', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(' ', 'f', 'c', 's', '?', 'x')), (keys) => {
        let state = INITIAL_KEYS;
        const effects: string[] = [];
        for (const key of keys) {
          const result = pressKey(state, key);
          state = result.state;
          if (result.effect === 'pause' || result.effect === 'resume') effects.push(result.effect);
        }
        expect(effects).toStrictEqual(effects.map((_, index) => (index % 2 === 0 ? 'pause' : 'resume')));
      }),
    );
  });
});

describe('splitKeys', () => {
  it('takes what was typed fast apart and leaves escape sequences out', () => {
    expect(splitKeys('s\u001b[A \u001b[<0;12;5Mq\u001bOP')).toStrictEqual(['s', ' ', 'q']);
    expect(splitKeys('\u001b')).toStrictEqual([]);
  });
});

describe('createHoldBuffer', () => {
  it('counts changes, not lines, and is full by either limit', () => {
    const held = createHoldBuffer({ changes: 2, characters: 10 });
    held.hold([line('a'), line('b')], true);
    held.hold([line('c')], false);
    expect([held.changes, held.isFull]).toStrictEqual([1, false]);
    held.hold([line('12345678')], false);
    expect(held.isFull).toBe(true);
    expect(held.release().map(({ text }) => text)).toStrictEqual(['a', 'b', 'c', '12345678']);
    expect([held.changes, held.isFull]).toStrictEqual([0, false]);
  });
});

describe('createDisplay', () => {
  it('makes the reader wait when too much is held back, and says so', async () => {
    const { terminal, text } = makeTerminal({ tty: true });
    const display = createDisplay(terminal, { limits: { changes: 2, characters: 1000 } });
    display.pause({ status: true });
    expect(display.show([line('one')], true)).toBeUndefined();
    const waiting = display.show([line('two')], true);
    expect(waiting).toBeInstanceOf(Promise);
    display.pause({ status: true });
    expect(text.stderr).toContain('! paused, 2 changes held back: reading waits now');
    display.resume();
    await waiting;
    await display.close();
    expect(text.stdout).toBe('one\ntwo\n');
  });

  it('fits the count of a paused screen into one row, however narrow', () => {
    for (let columns = 12; columns <= 120; columns++) {
      for (const changes of [1, 100]) {
        const { terminal, text } = makeTerminal({ tty: true, columns });
        const display = createDisplay(terminal, { limits: { changes, characters: 1000 } });
        display.pause({ status: true });
        void display.show([line('one')], true);
        display.pause({ status: true });
        const drawn = text.stderr.split('\r\u001b[2K').slice(1);
        expect(drawn).toHaveLength(2);
        for (const row of drawn) {
          expect(row.length).toBeLessThan(columns);
          expect(row).toMatch(columns < 17 ? /^[!·] paused/ : /^[!·] paused, [01]/);
        }
        display.resume();
      }
    }
  });

  it('folds what it says on a terminal, and nothing in a file', () => {
    const ready = '✓ tailing Orders from latest · 1 shard · NEW_IMAGE · local engine';
    const onTty = makeTerminal({ tty: true, columns: 40 });
    createDisplay(onTty.terminal).aside([ready, keyHint(onTty.terminal)]);
    expect(onTty.text.stderr).toMatchInlineSnapshot(`
      "✓ tailing Orders from latest · 1 shard ·
        NEW_IMAGE · local engine
        space pauses · q quits · ? keys
      "
    `);
    const piped = makeTerminal({ columns: 40 });
    createDisplay(piped.terminal).aside([ready]);
    expect(piped.text.stderr).toBe(`${ready}\n`);
  });

  it('writes what comes in one turn at once, and warnings in order with it', async () => {
    const writes: string[] = [];
    const { terminal } = makeTerminal({ onWrite: (text) => writes.push(text.stdout + text.stderr) });
    const display = createDisplay(terminal);
    display.show([line('a')], true);
    display.show([line('b')], true);
    display.show([{ stream: 'err', text: '! gap' }], false);
    display.show([line('c')], true);
    await display.close();
    expect(writes).toStrictEqual(['a\nb\n', 'a\nb\n! gap\n', 'a\nb\nc\n! gap\n']);
  });

  it('has written a change before the next is taken, when asked to', async () => {
    const { terminal, text } = makeTerminal();
    const display = createDisplay(terminal, { immediate: true });
    const written = display.show([line('a')], true);
    expect(text.stdout).toBe('a\n');
    await written;
    await display.close();
  });

  it('holds the reader back when stdout cannot take more', async () => {
    const { terminal, text } = makeTerminal();
    const display = createDisplay(terminal);
    const behind = display.show([line('x'.repeat(70_000))], true);
    expect(behind).toBeInstanceOf(Promise);
    await behind;
    await display.close();
    expect(text.stdout).toHaveLength(70_001);
  });
});
