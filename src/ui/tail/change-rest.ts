// What stands after the keys of a change: its model, an image, both, or what changed.
import { type Change, diffImages } from '../../model/index.js';
import { type Field, formatFields, formatName, formatValue } from '../values.js';
import { shorten } from '../width.js';
import { differenceField } from './difference-field.js';
import type { ImagesMode, TailView } from './view.js';

/** An item is not begun in fewer columns. */
const MIN_ITEM_WIDTH = 16;

/** Fits it into columns: one line, or two for both images. */
export type Rest = (width: number) => string[];

/** Undefined where nothing follows, and the whole line is the keys'. */
export function chooseRest(change: Change, view: TailView): Rest | undefined {
  const { colors } = view;
  switch (view.images ?? defaultMode(change)) {
    case 'keys':
      return undefined;
    case 'new':
      return (width) => [imageText('new', change, view, width)];
    case 'old':
      return (width) => [imageText('old', change, view, width)];
    case 'both':
      return (width) => [
        `${colors.red('-')} ${imageText('old', change, view, width - 2)}`,
        `${colors.green('+')} ${imageText('new', change, view, width - 2)}`,
      ];
    case 'diff':
      return chooseDiff(change, view);
    case 'model': {
      const shown = change.model ?? change.new ?? change.oldModel ?? change.old;
      // KEYS_ONLY has nothing beside the keys.
      return shown === undefined ? undefined : (width) => [itemText(shown, change, view, width)];
    }
  }
}

/** A MODIFY with both images shows what changed; everything else what it holds. */
function defaultMode(change: Change): ImagesMode {
  const hasBoth = change.new !== undefined && change.old !== undefined;
  return change.event === 'MODIFY' && hasBoth ? 'diff' : 'model';
}

function imageText(name: 'new' | 'old', change: Change, view: TailView, width: number): string {
  const item = change[name];
  if (item === undefined) return view.colors.dim(shorten(`no ${name} image`, width));
  return itemText(item, change, view, width);
}

/** An image or a model as fields. An image's key attributes already stand on the line, and so does what a model made of them. */
function itemText(item: unknown, change: Change, view: TailView, width: number): string {
  // A model of a user's own may be anything: a class, a number, a text.
  if (typeof item !== 'object' || item === null || Array.isArray(item)) {
    return formatValue(item, width);
  }
  const isImage = item === change.new || item === change.old;
  const keys = isImage ? [] : Object.values(change.keys).map((value) => formatValue(value, width));
  const fields = Object.entries(item)
    .filter(([name]) => !(isImage && Object.hasOwn(change.keys, name)))
    .map(([name, value]) => {
      const text = formatValue(value, width);
      return { name: formatName(name), text, isRepeat: keys.includes(text) };
    });
  return paintFields(fields, view, width);
}

/** What a MODIFY changed, all that an INSERT added, all that a REMOVE took; a note where the view type keeps no image. */
function chooseDiff(change: Change, view: TailView): Rest | undefined {
  const { event, old, new: next } = change;
  const hasBoth = old !== undefined && next !== undefined;
  const missing = hasBoth ? undefined : missingImage(change);
  if (missing !== undefined) return (width) => [notedItem(missing, next ?? old, change, view, width)];
  const differences = diffImages(old, next).filter(
    ({ path: [name = ''] }) => hasBoth || !Object.hasOwn(change.keys, name),
  );
  if (differences.length > 0) {
    return (width) => [
      paintFields(
        differences.map((difference) => differenceField(difference, width)),
        view,
        width,
      ),
    ];
  }
  return event === 'MODIFY'
    ? (width) => [view.colors.dim(shorten('no attribute changed', width))]
    : undefined;
}

/** The image that the event should have and the stream's view type does not keep. */
function missingImage({ event, old, new: next }: Change): string | undefined {
  if (event === 'INSERT') return next === undefined ? 'no new image' : undefined;
  if (event === 'REMOVE') return old === undefined ? 'no old image' : undefined;
  if (old === undefined && next === undefined) return 'no images';
  return old === undefined ? 'no old image' : 'no new image';
}

/** `no old image · status "paid"`: the note, and the other image where there is one and room for it. */
function notedItem(note: string, item: unknown, change: Change, view: TailView, width: number): string {
  const prefix = `${note} · `;
  const room = width - prefix.length;
  const text = item === undefined || room < MIN_ITEM_WIDTH ? '' : itemText(item, change, view, room);
  return text === '' ? view.colors.dim(shorten(note, width)) : view.colors.dim(prefix) + text;
}

function paintFields(fields: readonly Field[], view: TailView, width: number): string {
  return formatFields(fields, width, ({ name, text }) => `${view.colors.dim(name)} ${text}`);
}
