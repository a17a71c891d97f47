// A stream record of either wire shape to a change. What cannot be decoded is data of its own: issues, never a throw.
import type { Change, DecodedItem, Issue, Model, UserIdentity } from './change.js';
import { decodeImage } from './decode-image.js';
import { issueAt } from './field.js';
import type { EventName } from './wire.js';

const TTL_PRINCIPAL = 'dynamodb.amazonaws.com';

type Loose = { readonly [name: string]: unknown };
type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * Decodes one record. `model` reads the new image into `model` and the old one into `oldModel`. An image that is not in
 * the record (KEYS_ONLY, REMOVE, INSERT) is normal and leaves its property out. The new image's issues, and the old
 * one's of a record without a new image, are in `issues`; an old image that a newer model no longer fits only lacks
 * `oldModel`. Never throws, whatever `record` is.
 */
export function decodeRecord<T = unknown>(record: unknown, model?: Model<T>): Change<T> {
  const issues: Issue[] = [];
  const outer = objectAt(record, [], issues);
  const inner = objectAt(outer.dynamodb, ['dynamodb'], issues);
  const newImage = inner.NewImage ?? undefined;
  const oldImage = inner.OldImage ?? undefined;

  const event = eventOf(outer.eventName, newImage, oldImage, issues);
  const identity = identityOf(outer.userIdentity);
  const change: Mutable<Change<T>> = {
    event,
    keys: inner.Keys === undefined ? {} : decodePart(inner.Keys, 'keys', issues),
    seq: seqOf(inner.SequenceNumber, issues),
    eventId: typeof outer.eventID === 'string' ? outer.eventID : '',
    at: creationTimeMs(inner.ApproximateCreationDateTime),
    ttl: event === 'REMOVE' && identity?.type === 'Service' && identity.principalId === TTL_PRINCIPAL,
    sizeBytes: typeof inner.SizeBytes === 'number' ? inner.SizeBytes : 0,
  };
  if (newImage !== undefined) change.new = decodePart(newImage, undefined, issues);
  if (oldImage !== undefined) change.old = decodePart(oldImage, 'old', issues);
  if (identity !== undefined) change.userIdentity = identity;
  if (model !== undefined) applyModel(change, model, newImage, oldImage, issues);
  if (issues.length > 0) change.issues = issues;
  return change;
}

function applyModel<T>(
  change: Mutable<Change<T>>,
  model: Model<T>,
  newImage: unknown,
  oldImage: unknown,
  issues: Issue[],
): void {
  const image = newImage ?? oldImage;
  if (image === undefined) return;
  try {
    change.modelName = model.variantOf?.(image) ?? model.name;
    if (newImage !== undefined) {
      const result = model.decode(newImage);
      if (result.ok) change.model = result.value;
      else issues.push(...result.issues);
    }
    if (oldImage !== undefined) {
      const result = model.decode(oldImage);
      if (result.ok) change.oldModel = result.value;
      else if (newImage === undefined) issues.push(...result.issues.map((issue) => inPart(issue, 'old')));
    }
  } catch (error) {
    // A model may run its user's code (a default's factory, a model written by hand), and that may throw.
    issues.push({
      path: [],
      code: 'custom',
      expected: 'a model that does not throw',
      received: String(error),
    });
  }
}

function decodePart(image: unknown, part: Issue['part'], issues: Issue[]): DecodedItem {
  const found: Issue[] = [];
  const item = decodeImage(image, found);
  for (const issue of found) issues.push(inPart(issue, part));
  return item;
}

function inPart(issue: Issue, part: Issue['part']): Issue {
  return part === undefined ? issue : { ...issue, part };
}

function objectAt(value: unknown, path: readonly string[], issues: Issue[]): Loose {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Loose;
  issues.push(recordIssue(path, value, 'an object'));
  return {};
}

function recordIssue(path: readonly string[], value: unknown, expected: string): Issue {
  return { ...issueAt(value, path, value === undefined ? 'missing' : 'type', expected), part: 'record' };
}

function eventOf(name: unknown, newImage: unknown, oldImage: unknown, issues: Issue[]): EventName {
  if (name === 'INSERT' || name === 'MODIFY' || name === 'REMOVE') return name;
  issues.push(recordIssue(['eventName'], name, 'INSERT, MODIFY or REMOVE'));
  if (oldImage === undefined && newImage !== undefined) return 'INSERT';
  return oldImage !== undefined && newImage === undefined ? 'REMOVE' : 'MODIFY';
}

function seqOf(value: unknown, issues: Issue[]): string {
  if (typeof value === 'string' && /^\d+$/.test(value)) return value;
  issues.push(recordIssue(['dynamodb', 'SequenceNumber'], value, 'decimal text'));
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

// Seconds on the wire, fractions allowed; a Date from the SDK.
function creationTimeMs(value: unknown): number {
  const ms =
    value instanceof Date ? value.getTime() : typeof value === 'number' ? Math.round(value * 1000) : 0;
  return Number.isFinite(ms) ? ms : 0;
}

// Lambda writes `type` and `principalId`, the SDK `Type` and `PrincipalId`.
function identityOf(value: unknown): UserIdentity | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { type, Type, principalId, PrincipalId } = value as Loose;
  const kind = type ?? Type;
  const principal = principalId ?? PrincipalId;
  return typeof kind === 'string' && typeof principal === 'string'
    ? { type: kind, principalId: principal }
    : undefined;
}
