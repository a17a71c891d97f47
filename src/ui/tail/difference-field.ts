// One changed path as `status "new" → "paid"`, `+ tags "red"`, `- note "x"`, `tags + "red" - "blue"`.
import type { Difference } from '../../model/index.js';
import { type Field, formatName, formatValue } from '../values.js';
import { displayWidth, shorten } from '../width.js';

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
      return changedField(name, formatValue(difference.old, width), formatValue(difference.new, width));
    case 'members': {
      const added = difference.added.map((member) => `+ ${formatValue(member, width)}`);
      const removed = difference.removed.map((member) => `- ${formatValue(member, width)}`);
      return { name, text: [...added, ...removed].join(' ') };
    }
  }
}

/** Both sides stay visible however narrow the terminal: the longer one gives way first. */
function changedField(name: string, from: string, to: string): Field {
  return {
    name,
    text: `${from}${ARROW}${to}`,
    shortenTo: (width) => {
      const room = Math.max(2, width - ARROW.length);
      const half = Math.floor(room / 2);
      const fromWidth = Math.min(displayWidth(from), Math.max(half, room - displayWidth(to)));
      return `${shorten(from, fromWidth)}${ARROW}${shorten(to, room - fromWidth)}`;
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
