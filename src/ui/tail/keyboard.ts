// Single keys from a TTY: raw mode on while it listens, off whenever it does not, whatever happens.
import type { Terminal } from '../terminal.js';
import { INITIAL_KEYS, type KeyEffect, type KeyState, pressKey, splitKeys } from './keys.js';

export interface Keyboard {
  /** Gives stdin back, for a question; `listen` takes it again. */
  suspend(): void;
  listen(): void;
  /** Gives stdin back for good. */
  close(): void;
}

/** True where single keys can work: both ends are a terminal, and it can be put into raw mode. */
export function hasKeyboard(terminal: Terminal): boolean {
  const { stdin, stdout, json } = terminal;
  return !json && stdin.isTTY === true && stdout.isTTY === true && typeof stdin.setRawMode === 'function';
}

/** Listens at once. `act` is called with what each key means. */
export function openKeyboard(terminal: Terminal, act: (effect: KeyEffect) => void): Keyboard {
  const { stdin } = terminal;
  let state: KeyState = INITIAL_KEYS;
  let listening = false;
  let closed = false;

  const onData = (chunk: Buffer | string): void => {
    for (const key of splitKeys(String(chunk))) {
      const result = pressKey(state, key);
      state = result.state;
      if (result.effect !== undefined) act(result.effect);
      // What was typed after a key that gave stdin away is not for us.
      if (!listening) return;
    }
  };

  function suspend(): void {
    if (!listening) return;
    listening = false;
    stdin.off('data', onData);
    stdin.setRawMode?.(false);
    stdin.pause();
  }

  function listen(): void {
    if (listening || closed) return;
    listening = true;
    stdin.setRawMode?.(true);
    stdin.on('data', onData);
    stdin.resume();
  }

  listen();
  return {
    suspend,
    listen,
    close() {
      closed = true;
      suspend();
    },
  };
}
