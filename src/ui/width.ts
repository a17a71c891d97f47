// Text by the columns that it takes on a terminal: wide characters take two, colours and combining marks none.
import stringWidth from 'string-width';

const ELLIPSIS = '…';
const PRINTABLE_ASCII = /^[\u0020-\u007e]*$/;

/** Columns that the text takes. Colour codes count nothing. */
export function displayWidth(text: string): number {
  return PRINTABLE_ASCII.test(text) ? text.length : stringWidth(text);
}

/** The text, or its beginning with `…` so that it fits in `width` columns. For text without colour codes. */
export function shorten(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  if (width <= 0) return '';
  let used = 0;
  let kept = '';
  // Whole graphemes, so that no emoji or accent is cut in two.
  for (const { segment } of GRAPHEMES.segment(text.slice(0, width * 8 + 16))) {
    const columns = displayWidth(segment);
    if (used + columns > width - 1) break;
    used += columns;
    kept += segment;
  }
  return kept + ELLIPSIS;
}

/** The text, filled with blanks to `width` columns. */
export function pad(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const blanks = ' '.repeat(Math.max(0, width - displayWidth(text)));
  return align === 'left' ? text + blanks : blanks + text;
}

const GRAPHEMES = new Intl.Segmenter('en', { granularity: 'grapheme' });
