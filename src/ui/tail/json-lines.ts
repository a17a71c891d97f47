// Events as JSON Lines: a union on `type`, fields only ever added. A change line is assembled from text, because at a
// hundred thousand records building an object for JSON.stringify costs more than decoding the record.
import { type Change, diffImages, plainJsonOf, stringifyPlainJson } from '../../model/index.js';
import type { ChangeEvent, TailEvent } from '../../stream/events.js';
import type { ImagesMode } from './view.js';

/** One line without its line end. Every line parses as JSON, whatever the item holds. */
export function jsonLine(event: TailEvent, images?: ImagesMode): string {
  return event.type === 'change' ? changeLine(event, images) : JSON.stringify(event, roundMs);
}

/**
 * `{"type":"change","event","keys","new","old","model","seq","shard","eventId","at","batch"}` and, where there is
 * something to say, `oldModel`, `modelName`, `issues`, `ttl`, `userIdentity`, `maybeRepeated`, and `changes` where
 * `images` is `diff`.
 * Images and models are in plain JSON form: see `toPlainJson`. `at` is ms since the epoch.
 */
function changeLine(event: ChangeEvent, images: ImagesMode | undefined): string {
  const { change } = event;
  const dynamodb = event.record.dynamodb ?? {};
  const shows = (part: 'new' | 'old' | 'model'): boolean =>
    images === undefined || images === part || (images === 'both' && part !== 'model');
  let line = `{"type":"change","event":"${change.event}","keys":${stringifyPlainJson(dynamodb.Keys ?? {})}`;
  if (change.new !== undefined && shows('new')) line += `,"new":${stringifyPlainJson(dynamodb.NewImage)}`;
  if (change.old !== undefined && shows('old')) line += `,"old":${stringifyPlainJson(dynamodb.OldImage)}`;
  if (images === 'diff') line += `,"changes":${JSON.stringify(changesOf(change))}`;
  if (shows('model')) line += modelPart(change);
  if (change.issues !== undefined) line += `,"issues":${JSON.stringify(change.issues)}`;
  line += `,"seq":${JSON.stringify(change.seq)},"shard":${JSON.stringify(event.shard)}`;
  line += `,"eventId":${JSON.stringify(change.eventId)},"at":${change.at},"batch":${event.batch}`;
  if (change.ttl) line += ',"ttl":true';
  if (change.userIdentity !== undefined) line += `,"userIdentity":${JSON.stringify(change.userIdentity)}`;
  if (event.maybeRepeated === true) line += ',"maybeRepeated":true';
  return `${line}}`;
}

function modelPart(change: Change): string {
  const hasModel = change.model !== undefined;
  const hasOldModel = change.oldModel !== undefined;
  let part = '';
  if (hasModel) part += `,"model":${modelJson(change.model)}`;
  if (hasOldModel) part += `,"oldModel":${modelJson(change.oldModel)}`;
  if (change.modelName !== undefined && (hasModel || hasOldModel || change.issues !== undefined)) {
    part += `,"modelName":${JSON.stringify(change.modelName)}`;
  }
  return part;
}

/** A model's value as JSON; bigints, decimals, bytes, dates and sets in their plain JSON form. */
function modelJson(value: unknown): string {
  return JSON.stringify(plainJsonOf(value));
}

function changesOf(change: Change): unknown[] {
  if (change.old === undefined || change.new === undefined) return [];
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
