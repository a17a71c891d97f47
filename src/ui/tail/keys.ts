// The keys of a running tail, as a pure reducer: what is going on and a key in, what is going on and what to do out.

export type KeyMode = 'live' | 'paused';

export interface KeyState {
  readonly mode: KeyMode;
}

export type KeyEffect = 'pause' | 'resume' | 'editFilter' | 'clear' | 'showLedger' | 'showKeys' | 'quit';

export interface KeyResult {
  readonly state: KeyState;
  /** Absent for a key that means nothing. */
  readonly effect?: KeyEffect;
}

export const INITIAL_KEYS: KeyState = { mode: 'live' };

const CTRL_C = '\u0003';
const CTRL_D = '\u0004';

/** What a key does. In raw mode Ctrl-C is a key like any other. */
export function pressKey(state: KeyState, key: string): KeyResult {
  switch (key) {
    case ' ':
      return state.mode === 'live'
        ? { state: { mode: 'paused' }, effect: 'pause' }
        : { state: { mode: 'live' }, effect: 'resume' };
    case 'f':
      return { state, effect: 'editFilter' };
    case 'c':
      return { state, effect: 'clear' };
    case 's':
      return { state, effect: 'showLedger' };
    case '?':
    case 'h':
      return { state, effect: 'showKeys' };
    case 'q':
    case CTRL_C:
    case CTRL_D:
      return { state, effect: 'quit' };
    default:
      return { state };
  }
}

/** The single keys in what a terminal sent at once; escape sequences (arrows, mouse, paste marks) are none of ours. */
export function splitKeys(input: string): string[] {
  return [...input.replace(/\u001b(?:\[[0-9;?<]*[ -/]*[@-~]|O.|.)?/g, '')];
}

export const KEY_HELP: readonly (readonly [key: string, meaning: string])[] = [
  ['space', 'pause or resume the display; reading goes on'],
  ['f', 'edit the filter'],
  ['s', 'show the ledger and the shards'],
  ['c', 'clear the screen'],
  ['q', 'quit (also Ctrl-C)'],
  ['?', 'this list'],
];
