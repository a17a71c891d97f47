// Two long values that begin alike, from shortly before the place where they part: their beginnings would read the same.
import type { DecodedValue } from '../../model/index.js';
import { sanitizeQuoted } from '../sanitize.js';
import { formatValue, SHOWN_BYTES } from '../values.js';
import { beginning, displayWidth, ELLIPSIS, ending } from '../width.js';

/** Columns of what both have in common, to find the place by; fewer where they would push the difference out. */
const MAX_CONTEXT = 8;
/** The longest escape of one character, `\u009b`. */
const LONGEST_ESCAPE = 6;
/** A quote or `…`, the character that differs, and `…`: without these the place is as good as cut off. */
const MIN_SHOWN = 1 + LONGEST_ESCAPE + 1;
/** Columns of what follows the place; it is shortened to its room later. */
const MAX_REST = 2000;

type Pair = readonly [old: string, next: string];

/**
 * Both values as `…end of what is common, then the rest`, where `width` columns of their beginnings would show no
 * difference; undefined where they do.
 */
export function aroundDifference(old: DecodedValue, next: DecodedValue, width: number): Pair | undefined {
  if (typeof old === 'string' && typeof next === 'string') {
    return aroundTexts([old, next], width, (text) => sanitizeQuoted(text), '"');
  }
  if (old instanceof Uint8Array && next instanceof Uint8Array) return aroundBytes(old, next, width);
  return aroundTexts([formatValue(old, MAX_REST), formatValue(next, MAX_REST)], width, (text) => text, '');
}

function aroundTexts(
  [old, next]: Pair,
  width: number,
  escaped: (text: string) => string,
  close: string,
): Pair | undefined {
  const common = old.slice(0, commonLength(old, next));
  // What has more characters has more columns too, or is marks: it is not escaped only to be measured.
  const isLong = common.length > width * LONGEST_ESCAPE;
  if (!isLong && displayWidth(escaped(common)) + MIN_SHOWN <= width) return undefined;
  const most = contextWidth(width);
  let context = ending(common, most);
  while (displayWidth(escaped(context)) > most) context = ending(context, displayWidth(context) - 1);
  const rest = (text: string): string =>
    ELLIPSIS + escaped(beginning(text.slice(common.length - context.length), MAX_REST)) + close;
  return [rest(old), rest(next)];
}

/** As `…05060708090a>`, from whole bytes. */
function aroundBytes(old: Uint8Array, next: Uint8Array, width: number): Pair | undefined {
  const most = Math.min(old.length, next.length);
  let at = 0;
  while (at < most && old[at] === next[at]) at += 1;
  const isShown = at < SHOWN_BYTES && `<${most} B `.length + 2 * at + MIN_SHOWN <= width;
  if (isShown) return undefined;
  const from = Math.max(0, at - Math.floor(contextWidth(width) / 2));
  const rest = (bytes: Uint8Array): string =>
    `${ELLIPSIS}${Buffer.from(bytes.subarray(from, from + MAX_REST)).toString('hex')}>`;
  return [rest(old), rest(next)];
}

function contextWidth(width: number): number {
  return Math.max(0, Math.min(MAX_CONTEXT, width - MIN_SHOWN));
}

/** UTF-16 units that both begin with, not ending within a grapheme of either. */
function commonLength(left: string, right: string): number {
  const most = Math.min(left.length, right.length);
  let at = 0;
  while (at < most && left[at] === right[at]) at += 1;
  // The grapheme around the place may have begun earlier: an emoji and its skin tone, a letter and its accent.
  const from = Math.max(0, at - LONGEST_GRAPHEME);
  const start = (text: string): number =>
    GRAPHEMES.segment(text.slice(from, at + LONGEST_GRAPHEME)).containing(at - from)?.index ?? at - from;
  return from + Math.min(start(left), start(right));
}

const LONGEST_GRAPHEME = 32;
const GRAPHEMES = new Intl.Segmenter('en', { granularity: 'grapheme' });
