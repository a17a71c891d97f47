// Text by the columns that it takes on a terminal: wide characters take two, colours and combining marks none.
import stringWidth from 'string-width';

export const ELLIPSIS = '…';
const PRINTABLE_ASCII = /^[\u0020-\u007e]*$/;

/** Columns that the text takes. Colour codes count nothing. */
export function displayWidth(text: string): number {
  return PRINTABLE_ASCII.test(text) ? text.length : stringWidth(text);
}

/**
 * The longest beginning of the text that takes at most `width` columns: whole graphemes, so that no emoji or accent is
 * cut in two. Of a text of any length only that beginning is looked at. For text without colour codes.
 */
export function beginning(text: string, width: number): string {
  const window = text.slice(0, windowOf(width));
  const isWhole = window.length === text.length;
  if (PRINTABLE_ASCII.test(window)) return window.slice(0, Math.max(0, width));
  let used = 0;
  let end = 0;
  for (const { segment } of GRAPHEMES.segment(window)) {
    used += displayWidth(segment);
    // The last grapheme of a window may go on behind it.
    if (used > width || (!isWhole && end + segment.length === window.length)) break;
    end += segment.length;
  }
  return window.slice(0, end);
}

/** The text, or its beginning with `…` so that it fits in `width` columns. For text without colour codes. */
export function shorten(text: string, width: number): string {
  if (fits(text, width)) return text;
  return width <= 0 ? '' : beginning(text, width - 1) + ELLIPSIS;
}

/** The text, or its beginning, `…` and its end: for names that differ at either. For text without colour codes. */
export function shortenMiddle(text: string, width: number): string {
  if (fits(text, width)) return text;
  if (width < 3) return shorten(text, width);
  const start = beginning(text, Math.ceil((width - 1) / 2));
  return start + ELLIPSIS + ending(text, width - 1 - displayWidth(start));
}

/** The first of the texts that fits in `width` columns; the last, shortened, where none does. */
export function firstThatFits(texts: readonly string[], width: number): string {
  return texts.find((text) => fits(text, width)) ?? shorten(texts.at(-1) ?? '', width);
}

/** The text, filled with blanks to `width` columns. */
export function pad(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const blanks = ' '.repeat(Math.max(0, width - displayWidth(text)));
  return align === 'left' ? text + blanks : blanks + text;
}

/**
 * The most columns that each of several texts may have so that all fit the room, given their widths; undefined when they
 * do not fit with `least` each.
 */
export function commonWidth(widths: readonly number[], room: number, least: number): number | undefined {
  const total = (cap: number): number => widths.reduce((sum, width) => sum + Math.min(width, cap), 0);
  const widest = Math.max(...widths);
  if (total(widest) <= room) return widest;
  if (total(least) > room) return undefined;
  let low = least;
  let high = widest;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (total(middle) <= room) low = middle;
    else high = middle - 1;
  }
  return low;
}

function fits(text: string, width: number): boolean {
  // No more than the window is measured: what is longer does not fit, or is made of marks without width.
  return text.length <= windowOf(width) && displayWidth(text) <= width;
}

/** The longest end of the text that takes at most `width` columns. For text without colour codes. */
export function ending(text: string, width: number): string {
  const window = text.slice(-windowOf(width));
  let left = displayWidth(window);
  let start = 0;
  for (const { segment } of GRAPHEMES.segment(window)) {
    if (left <= width) break;
    left -= displayWidth(segment);
    start += segment.length;
  }
  return window.slice(start);
}

/** UTF-16 units that hold `width` columns, families of emoji and stacked accents included. */
function windowOf(width: number): number {
  return Math.max(0, width) * 8 + 16;
}

const GRAPHEMES = new Intl.Segmenter('en', { granularity: 'grapheme' });
