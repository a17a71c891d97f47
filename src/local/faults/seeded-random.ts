/** A series of numbers in [0, 1) that a seed and a stream number fix: mulberry32, good enough to draw faults with. */
export function seededRandom(seed: number, stream: number): () => number {
  // Spread, so that neighbouring seeds and streams do not begin alike.
  let state = Math.imul(seed ^ Math.imul(stream + 1, 0x9e3779b1), 0x85ebca6b) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
