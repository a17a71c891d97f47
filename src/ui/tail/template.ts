// `--template '{{at}} {{event}} {{model.id}}'`: one line a change, in the user's own words.
import { usageError } from '../../errors.js';
import type { ChangeEvent } from '../../stream/events.js';
import { formatDateTime } from '../format.js';
import { sanitize } from '../sanitize.js';
import { formatValue } from '../values.js';
import { shortShard } from './render-notices.js';

export interface TemplateView {
  readonly utc: boolean;
}

type Reader = (event: ChangeEvent, view: TemplateView) => unknown;
export type Template = (event: ChangeEvent, view: TemplateView) => string;

const FIELDS: Readonly<Record<string, Reader>> = {
  at: ({ change }, { utc }) => formatDateTime(change.at, utc),
  event: ({ change }) => change.event,
  keys: ({ change }) => change.keys,
  new: ({ change }) => change.new,
  old: ({ change }) => change.old,
  model: ({ change }) => change.model,
  oldModel: ({ change }) => change.oldModel,
  modelName: ({ change }) => change.modelName,
  issues: ({ change }) => change.issues,
  seq: ({ change }) => change.seq,
  eventId: ({ change }) => change.eventId,
  ttl: ({ change }) => change.ttl,
  sizeBytes: ({ change }) => change.sizeBytes,
  shard: ({ shard }) => shard,
  shortShard: ({ shard }) => shortShard(shard),
  batch: ({ batch }) => batch,
};

/**
 * Compiles a template. A field is a name and a path, `{{new.address.city}}`, `{{model.lines.0}}`; one that a change
 * lacks is empty. Text stands as it is, other values as in pretty lines. Throws `tail.template` (exit 2).
 */
export function compileTemplate(text: string): Template {
  const parts: (string | Reader)[] = [];
  let at = 0;
  for (const match of text.matchAll(/\{\{\s*([^{}]*?)\s*\}\}/g)) {
    parts.push(withEscapes(text.slice(at, match.index)), compilePath(match[1] ?? ''));
    at = match.index + match[0].length;
  }
  const rest = text.slice(at);
  if (rest.includes('{{')) {
    throw usageError('tail.template', `the template has a {{ without its }}: ${text}`, 'write {{event}}');
  }
  parts.push(withEscapes(rest));
  return (event, view) =>
    parts.map((part) => (typeof part === 'string' ? part : toText(part(event, view)))).join('');
}

function compilePath(path: string): Reader {
  const [root = '', ...steps] = path.split('.');
  const read = Object.hasOwn(FIELDS, root) ? FIELDS[root] : undefined;
  if (read === undefined) {
    throw usageError(
      'tail.template',
      `the template has an unknown field {{${path}}}`,
      `the fields are ${Object.keys(FIELDS).join(', ')}`,
    );
  }
  return (event, view) => steps.reduce<unknown>(member, read(event, view));
}

function member(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  // Cast: it was just found to have a property of that name.
  return (value as Readonly<Record<string, unknown>>)[name];
}

function toText(value: unknown): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? sanitize(value) : formatValue(value, Number.POSITIVE_INFINITY);
}

/** `\t` and `\n` in a template, which shells pass on as two characters. */
function withEscapes(text: string): string {
  return text.replaceAll('\\t', '\t').replaceAll('\\n', '\n');
}
