// Events as JSON Lines: a union on `type`, fields only ever added. A change line is one JSON.stringify of values that are
// there already: lines pieced together from text cost more, in ropes to flatten and to collect.
import {
  type AttributeMap,
  type Change,
  type DecodedItem,
  diffImages,
  isPlainJson,
  type PlainJson,
  plainJsonOf,
  toPlainJson,
} from '../../model/index.js';
import type { ChangeEvent, TailEvent } from '../../stream/events.js';
import type { ImagesMode } from './view.js';

/** One line without its line end. Every line parses as JSON, whatever the item holds. */
export function jsonLine(event: TailEvent, images?: ImagesMode): string {
  return event.type === 'change' ? changeLine(event, images) : JSON.stringify(event, roundMs);
}

/**
 * `{"type":"change","event","keys","new","old","model","seq","shard","eventId","at","batch"}` and, where there is
 * something to say, `oldModel`, `modelName`, `issues`, `ttl`, `userIdentity`, `maybeRepeated`. Where `images` is `diff`,
 * `changes` stands for a pair of images; without a pair (an INSERT, a REMOVE, a stream that keeps one image) what there is
 * of images stands there instead: an empty `changes` means that nothing changed.
 * Images and models are in plain JSON form: see `toPlainJson`. `at` is ms since the epoch.
 */
function changeLine(event: ChangeEvent, images: ImagesMode | undefined): string {
  const { change } = event;
  const { Keys, NewImage, OldImage } = event.record.dynamodb ?? {};
  const hasModel = change.model !== undefined || change.oldModel !== undefined;
  const view = viewOf(images, hasModel, change);
  const changes = view.changes ? changesOf(change) : undefined;
  const isLone = view.changes && changes === undefined;
  // What is undefined stays out of the line.
  return JSON.stringify({
    type: 'change',
    event: change.event,
    keys: imageJson(change.keys, Keys),
    new: view.new || isLone ? imageJson(change.new, NewImage) : undefined,
    old: view.old || isLone ? imageJson(change.old, OldImage) : undefined,
    changes,
    model: view.model ? modelJson(change.model) : undefined,
    oldModel: view.model ? modelJson(change.oldModel) : undefined,
    modelName: view.model && (hasModel || change.issues !== undefined) ? change.modelName : undefined,
    issues: change.issues,
    seq: change.seq,
    shard: event.shard,
    eventId: change.eventId,
    at: change.at,
    batch: event.batch,
    ttl: change.ttl || undefined,
    userIdentity: change.userIdentity,
    maybeRepeated: event.maybeRepeated,
  });
}

/** Where there is no model to show, its image is: the new one, else the old. */
function viewOf(images: ImagesMode | undefined, hasModel: boolean, change: Change): ImagesView {
  const view = imagesView(images);
  if (images !== 'model' || hasModel) return view;
  return { ...view, new: true, old: change.new === undefined };
}

/** Which parts of a change its line has. */
export interface ImagesView {
  readonly new: boolean;
  readonly old: boolean;
  readonly model: boolean;
  readonly changes: boolean;
}

/** Everything but `changes` where nothing was chosen. */
export function imagesView(images: ImagesMode | undefined): ImagesView {
  const isAll = images === undefined;
  return {
    new: isAll || images === 'both' || images === 'new',
    old: isAll || images === 'both' || images === 'old',
    model: isAll || images === 'model',
    changes: images === 'diff',
  };
}

/** Plain JSON comes from the wire image; an item that is plain already needs no copy. */
function imageJson(item: DecodedItem | undefined, image: AttributeMap | undefined): PlainJson | undefined {
  if (item === undefined) return undefined;
  return isPlainJson(item) ? item : toPlainJson(image);
}

/** A model's value; bigints, decimals, bytes, dates and sets in their plain JSON form. */
export function modelJson(value: unknown): PlainJson | undefined {
  if (value === undefined) return undefined;
  return isPlainJson(value) ? value : plainJsonOf(value);
}

/** Undefined where there is no pair to compare. */
function changesOf(change: Change): unknown[] | undefined {
  if (change.old === undefined || change.new === undefined) return undefined;
  return diffImages(change.old, change.new).map((difference) => {
    const { kind, path } = difference;
    if (kind === 'members') {
      const { added, removed } = difference;
      return { kind, path, added: added.map(plainJsonOf), removed: removed.map(plainJsonOf) };
    }
    return {
      kind,
      path,
      ...('old' in difference ? { old: plainJsonOf(difference.old) } : {}),
      ...('new' in difference ? { new: plainJsonOf(difference.new) } : {}),
    };
  });
}

/** Clocks of the process have nanoseconds; nobody reads more than microseconds. */
function roundMs(name: string, value: unknown): unknown {
  return name.endsWith('Ms') && typeof value === 'number' ? Math.round(value * 1000) / 1000 : value;
}
