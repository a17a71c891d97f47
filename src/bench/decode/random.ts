// Seeded randomness, so that two runs of the bench decode the same items.

/** Numbers from 0 up to 1, the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A whole number from 0 up to `below`. */
export function wholeBelow(random: () => number, below: number): number {
  return Math.floor(random() * below);
}

const LETTERS = 'etaoin shrdlu cmfwyp vbgkqjxz';

/** Text of `length` letters and spaces. */
export function randomText(random: () => number, length: number): string {
  let text = '';
  for (let at = 0; at < length; at++) text += LETTERS.charAt(wholeBelow(random, LETTERS.length));
  return text;
}
