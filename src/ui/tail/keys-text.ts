// The keys of a change as text. They tell one item from another, so each keeps the beginning and the end of its value,
// and a short one (a sort key, most often) stays whole as long as a long one can give way.
import type { Change, DecodedValue } from '../../model/index.js';
import { formatName, formatValue } from '../values.js';
import { commonWidth, displayWidth, shorten, shortenMiddle } from '../width.js';

/** DynamoDB's limits: 2048 bytes of a partition key, 1024 of a sort key. */
const MAX_KEY_BYTES = 2048;
/** Below this many columns for each value the names give way: they are the same on every line. */
const MIN_VALUE_WIDTH = 10;
const SEPARATOR = ' ';

/** `Id=42`, `pk="a" sk=7`, in at most `width` columns. */
export function keysText(keys: Change['keys'], width: number): string {
  const parts = Object.entries(keys).map(([name, value]) => ({
    name: `${formatName(name)}=`,
    value: keyText(value),
  }));
  const named = share(parts, width, MIN_VALUE_WIDTH);
  if (named !== undefined) return named;
  const unnamed = share(
    parts.map(({ value }) => ({ name: '', value })),
    width,
    1,
  );
  return unnamed ?? shorten(parts.map(({ value }) => value).join(SEPARATOR), width);
}

interface Part {
  readonly name: string;
  readonly value: string;
}

function share(parts: readonly Part[], width: number, least: number): string | undefined {
  const fixed = parts.reduce((sum, { name }) => sum + displayWidth(name), 0);
  const room = width - fixed - SEPARATOR.length * (parts.length - 1);
  const cap = commonWidth(
    parts.map(({ value }) => displayWidth(value)),
    room,
    least,
  );
  if (cap === undefined) return undefined;
  return parts.map(({ name, value }) => name + shortenMiddle(value, cap)).join(SEPARATOR);
}

/** Whole: two items may differ in the last byte of a key. */
function keyText(value: DecodedValue): string {
  return formatValue(value, Number.POSITIVE_INFINITY, MAX_KEY_BYTES);
}
