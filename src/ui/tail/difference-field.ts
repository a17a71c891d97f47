// One changed path as `status "new" → "paid"`, `+ tags "red"`, `- note "x"`, `tags + "red" - "blue"`.
import type { DecodedValue, Difference } from '../../model/index.js';
import { type Field, formatName, formatValue } from '../values.js';
import { displayWidth, shorten } from '../width.js';
import { aroundDifference } from './around-difference.js';

const ARROW = ' → ';

/** `width` is the most columns that there are for it. */
export function differenceField(difference: Difference, width: number): Field {
  const name = formatPath(difference.path);
  switch (difference.kind) {
    case 'added':
      return { name: `+ ${name}`, text: formatValue(difference.new, width) };
    case 'removed':
      return { name: `- ${name}`, text: formatValue(difference.old, width) };
    case 'changed':
      return changedField(name, difference.old, difference.new, width);
    case 'members': {
      const added = difference.added.map((member) => `+ ${formatValue(member, width)}`);
      const removed = difference.removed.map((member) => `- ${formatValue(member, width)}`);
      return { name, text: [...added, ...removed].join(' ') };
    }
  }
}

/** Both sides stay visible however narrow the terminal: the longer one gives way first. */
function changedField(name: string, old: DecodedValue, next: DecodedValue, width: number): Field {
  const beginnings = [formatValue(old, width), formatValue(next, width)] as const;
  // Of bytes only the first are shown, and those may be the same.
  const [from, to] =
    beginnings[0] === beginnings[1] ? (aroundDifference(old, next, width) ?? beginnings) : beginnings;
  return {
    name,
    text: `${from}${ARROW}${to}`,
    shortenTo: (columns) => {
      const room = Math.max(2, columns - ARROW.length);
      const half = Math.floor(room / 2);
      const sides = aroundDifference(old, next, half) ?? [from, to];
      const fromWidth = Math.min(displayWidth(sides[0]), Math.max(half, room - displayWidth(sides[1])));
      return `${shorten(sides[0], fromWidth)}${ARROW}${shorten(sides[1], room - fromWidth)}`;
    },
  };
}

/** `address.city`, `lines[2].sku`, `"a.b".c`. */
export function formatPath(path: readonly (string | number)[]): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    return text === '' ? stepName(step) : `${text}.${stepName(step)}`;
  }, '');
}

/** A name with a dot in it would read as two steps. */
function stepName(name: string): string {
  const text = formatName(name);
  return text === name && name.includes('.') ? `"${name}"` : text;
}
