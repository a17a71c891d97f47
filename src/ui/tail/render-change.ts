// One aligned line a change: time, event, keys, and the model or what changed. Undecodable ones in red, with each issue
// on a line of its own.
import type { ChalkInstance } from 'chalk';
import { type Change, diffImages, formatIssue, type Issue } from '../../model/index.js';
import type { ChangeEvent } from '../../stream/events.js';
import { formatClock } from '../format.js';
import { sanitize } from '../sanitize.js';
import { type Field, formatFields, formatName, formatValue } from '../values.js';
import { displayWidth, pad, shorten } from '../width.js';
import { differenceField } from './difference-field.js';
import { type ImagesMode, MAX_KEYS_WIDTH, type TailView } from './view.js';

const GAP = '  ';
/** The rest of a line is never squeezed below this; a narrower terminal wraps. */
const MIN_REST = 20;

/** The lines of one change. */
export function renderChange(event: ChangeEvent, view: TailView): string[] {
  const { change } = event;
  const { colors, columns } = view;
  const issues = change.issues ?? [];
  const time = pad(formatClock(change.at, view.utc), view.utc ? 9 : 8);
  const keys = shorten(keysText(change), MAX_KEYS_WIDTH);
  const eventName = eventText(change);
  columns.keys = Math.max(columns.keys, displayWidth(keys));
  columns.event = Math.max(columns.event, eventName.length);
  const paddedKeys = pad(keys, columns.keys);
  const used = time.length + columns.event + columns.keys + 3 * GAP.length;
  const [rest = '', ...further] = renderRest(change, view, Math.max(MIN_REST, view.width - used));
  const line = [
    colors.dim(time),
    eventColor(change, colors)(pad(eventName, columns.event)),
    issues.length > 0 ? colors.red(paddedKeys) : colors.bold(paddedKeys),
    rest,
  ];
  return [
    line.join(GAP).trimEnd(),
    ...further.map((text) => ' '.repeat(used) + text),
    ...issueLines(issues, change.seq, view),
    ...(event.maybeRepeated === true
      ? [colors.dim('  = perhaps shown before: the last tail of this checkpoint was killed with it in hand')]
      : []),
  ];
}

/** `Id=42`, `pk="a" sk=7`. */
export function keysText(change: Change): string {
  return Object.entries(change.keys)
    .map(([name, value]) => `${formatName(name)}=${formatValue(value, 200)}`)
    .join(' ');
}

function issueLines(issues: readonly Issue[], seq: string, view: TailView): string[] {
  const { colors } = view;
  return issues.map((issue, index) => {
    const where = index === 0 ? colors.dim(` · seq ${sanitize(seq)}`) : '';
    const text = shorten(sanitize(formatIssue(issue)), Math.max(MIN_REST, view.width - 4 - seq.length - 7));
    return `  ${colors.red(`! ${text}`)}${where}`;
  });
}

function eventText(change: Change): string {
  return change.ttl ? `${change.event} (ttl)` : change.event;
}

function eventColor(change: Change, colors: ChalkInstance): ChalkInstance {
  switch (change.event) {
    case 'INSERT':
      return colors.green;
    case 'MODIFY':
      return colors.yellow;
    case 'REMOVE':
      return colors.magenta;
  }
}

/** What stands after the keys: one line, or two for both images. */
function renderRest(change: Change, view: TailView, width: number): string[] {
  const { colors } = view;
  const image = (name: 'new' | 'old', room: number): string => {
    const item = change[name];
    return item === undefined ? colors.dim(`no ${name} image`) : itemText(item, change, view, room);
  };
  switch (view.images ?? defaultMode(change)) {
    case 'keys':
      return [];
    case 'new':
      return [image('new', width)];
    case 'old':
      return [image('old', width)];
    case 'both':
      return [
        `${colors.red('-')} ${image('old', width - 2)}`,
        `${colors.green('+')} ${image('new', width - 2)}`,
      ];
    case 'diff':
      return [renderDiff(change, view, width)];
    case 'model': {
      const shown = change.model ?? change.new ?? change.oldModel ?? change.old;
      // KEYS_ONLY has nothing beside the keys.
      return shown === undefined ? [] : [itemText(shown, change, view, width)];
    }
  }
}

/** A MODIFY with both images shows what changed; everything else what it holds. */
function defaultMode(change: Change): ImagesMode {
  const hasBoth = change.new !== undefined && change.old !== undefined;
  return change.event === 'MODIFY' && hasBoth ? 'diff' : 'model';
}

/** An image or a model as fields. An image's key attributes already stand on the line. */
function itemText(item: unknown, change: Change, view: TailView, width: number): string {
  // A model of a user's own may be anything: a class, a number, a text.
  if (typeof item !== 'object' || item === null || Array.isArray(item)) {
    return shorten(formatValue(item, width), width);
  }
  const isImage = item === change.new || item === change.old;
  const fields = Object.entries(item)
    .filter(([name]) => !(isImage && Object.hasOwn(change.keys, name)))
    .map(([name, value]) => ({ name: formatName(name), text: formatValue(value, width) }));
  return paintFields(fields, view, width);
}

function renderDiff(change: Change, view: TailView, width: number): string {
  if (change.old === undefined || change.new === undefined) {
    return view.colors.dim(`no ${change.old === undefined ? 'old' : 'new'} image to compare with`);
  }
  const fields = diffImages(change.old, change.new).map((difference) => differenceField(difference, width));
  return fields.length === 0 ? view.colors.dim('no attribute changed') : paintFields(fields, view, width);
}

function paintFields(fields: readonly Field[], view: TailView, width: number): string {
  return formatFields(fields, width, ({ name, text }) => `${view.colors.dim(name)} ${text}`);
}
