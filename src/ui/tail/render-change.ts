// One aligned line a change: time, event, keys, and the model or what changed. Undecodable ones in red, with each issue
// on a line of its own. No line is ever wider than the terminal.
import type { ChalkInstance } from 'chalk';
import type { Change } from '../../model/index.js';
import type { ChangeEvent } from '../../stream/events.js';
import { fold } from '../fold.js';
import { formatClock } from '../format.js';
import { displayWidth, pad } from '../width.js';
import { chooseRest } from './change-rest.js';
import { issueLines } from './issue-lines.js';
import { keysText } from './keys-text.js';
import { MAX_KEYS_WIDTH, type TailView } from './view.js';

const GAP = '  ';
/** Columns that keys leave to what follows them, where the terminal has twice as many to share. */
const MIN_REST = 44;
/** On a narrower terminal the time of day is left out. */
const MIN_WIDTH_FOR_TIME = 40;
/** A narrower terminal wraps. */
const MIN_WIDTH = 20;

/** The lines of one change. */
export function renderChange(event: ChangeEvent, view: TailView): string[] {
  const { change } = event;
  const { colors, columns } = view;
  const issues = change.issues ?? [];
  const width = Math.max(MIN_WIDTH, view.width);
  const eventName = eventText(change);
  columns.event = Math.max(columns.event, eventName.length);
  const time = width < MIN_WIDTH_FOR_TIME ? '' : timeText(change, view) + GAP;
  const headWidth = time.length + columns.event + GAP.length;
  const head = colors.dim(time) + eventColor(change, colors)(pad(eventName, columns.event)) + GAP;
  const paintKeys = issues.length > 0 ? colors.red : colors.bold;
  const room = width - headWidth;
  return [
    ...keysAndRest(change, view, room, paintKeys).map((text, index) =>
      (index === 0 ? head + text : ' '.repeat(headWidth) + text).trimEnd(),
    ),
    ...issueLines(issues, change.seq, { colors, width }),
    ...(event.maybeRepeated === true ? fold(REPEATED, width, 4).map((line) => colors.dim(line)) : []),
  ];
}

const REPEATED = '  = perhaps shown before: the last tail of this checkpoint was killed with it in hand';

/** One line, or more; what follows the keys begins where it did on the lines before, as far as the keys let it. */
function keysAndRest(change: Change, view: TailView, room: number, paintKeys: ChalkInstance): string[] {
  const { columns } = view;
  const rest = chooseRest(change, view);
  const whole = keysText(change.keys, room);
  if (rest === undefined) return [paintKeys(whole)];
  const shared = room - GAP.length;
  const keysRoom = shared - Math.min(MIN_REST, Math.floor(shared / 2));
  const wholeWidth = displayWidth(whole);
  // Half of a narrow line would not tell two items apart: there the keys have a line of their own.
  if (wholeWidth > keysRoom && keysRoom < MAX_KEYS_WIDTH) return [paintKeys(whole), ...rest(room)];
  const keys = wholeWidth > keysRoom ? keysText(change.keys, keysRoom) : whole;
  const keysWidth = displayWidth(keys);
  columns.keys = Math.max(columns.keys, Math.min(keysWidth, MAX_KEYS_WIDTH));
  const column = Math.max(keysWidth, Math.min(columns.keys, keysRoom));
  const padded = paintKeys(pad(keys, column)) + GAP;
  return rest(shared - column).map((text, index) =>
    index === 0 ? padded + text : ' '.repeat(column + GAP.length) + text,
  );
}

function timeText(change: Change, { utc }: TailView): string {
  return pad(formatClock(change.at, utc), utc ? 9 : 8);
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
