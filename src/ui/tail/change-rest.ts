// What stands after the keys of a change: its model, an image, both, or what changed.
import { type Change, diffImages } from '../../model/index.js';
import { type Field, formatFields, formatName, formatValue } from '../values.js';
import { shorten } from '../width.js';
import { differenceField } from './difference-field.js';
import type { ImagesMode, TailView } from './view.js';

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

/** An image or a model as fields. An image's key attributes already stand on the line. */
function itemText(item: unknown, change: Change, view: TailView, width: number): string {
  // A model of a user's own may be anything: a class, a number, a text.
  if (typeof item !== 'object' || item === null || Array.isArray(item)) {
    return formatValue(item, width);
  }
  const isImage = item === change.new || item === change.old;
  const fields = Object.entries(item)
    .filter(([name]) => !(isImage && Object.hasOwn(change.keys, name)))
    .map(([name, value]) => ({ name: formatName(name), text: formatValue(value, width) }));
  return paintFields(fields, view, width);
}

function chooseDiff(change: Change, view: TailView): Rest {
  const { colors } = view;
  return (width) => {
    if (change.old === undefined || change.new === undefined) {
      const missing = change.old === undefined ? 'old' : 'new';
      return [colors.dim(shorten(`no ${missing} image to compare with`, width))];
    }
    const fields = diffImages(change.old, change.new).map((difference) => differenceField(difference, width));
    if (fields.length === 0) return [colors.dim(shorten('no attribute changed', width))];
    return [paintFields(fields, view, width)];
  };
}

function paintFields(fields: readonly Field[], view: TailView, width: number): string {
  return formatFields(fields, width, ({ name, text }) => `${view.colors.dim(name)} ${text}`);
}
