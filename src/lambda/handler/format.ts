// Log lines of the handler as text, each ended by a newline.
import { type Change, type DecodedItem, plainJsonOf } from '../../model/index.js';
import {
  BATCH,
  type BatchLine,
  CHANGE,
  type ChangeLine,
  type HandlerLine,
  UNDECODABLE,
  type UndecodableLine,
} from './lines.js';
import { metricMembers } from './metrics.js';

/** CloudWatch takes events of up to 256 kB (1 MB in newer accounts), and a longer line would be cut into invalid JSON. */
const MAX_LINE_CHARACTERS = 80_000;

/** What every line of one moment of a batch starts with. `at` is ms since the epoch. */
export interface LineHead {
  readonly at: number;
  readonly requestId: string;
}

/** What the line of a batch tells beyond what every line does. */
export type BatchAccount = Omit<BatchLine, 'timestamp' | 'level' | 'requestId' | 'message' | 'type'>;

/** The line of one decoded change: its model, or without a model its keys and images. */
export function changeLine(head: LineHead, change: Change): string {
  const { event, seq, model, modelName } = change;
  const start: ChangeLine = {
    ...headMembers(head, 'INFO', 'change'),
    type: CHANGE,
    event,
    seq,
    ttl: change.ttl || undefined,
  };
  const body: Partial<ChangeLine> =
    model === undefined
      ? { keys: plainJsonOf(change.keys), new: image(change.new), old: image(change.old) }
      : { modelName, model: plainJsonOf(model) };
  return boundedLine({ ...start, ...body }, start);
}

/** The line of a record that could not be decoded. */
export function undecodableLine(head: LineHead, change: Change): string {
  const { event, seq, eventId, issues = [] } = change;
  const start: UndecodableLine = {
    ...headMembers(head, 'WARN', 'record could not be decoded'),
    type: UNDECODABLE,
    event,
    seq,
    eventId,
    issues: issues.slice(0, 20),
  };
  return boundedLine({ ...start, keys: plainJsonOf(change.keys) }, { ...start, issues: [] });
}

/** The line of the batch, with its metrics. */
export function batchLine(head: LineHead, functionName: string, account: BatchAccount): string {
  const level = account.failures > 0 ? 'ERROR' : account.undecodable > 0 ? 'WARN' : 'INFO';
  const line: BatchLine = { ...headMembers(head, level, 'batch'), type: BATCH, ...account };
  return `${JSON.stringify({ ...line, ...metricMembers(functionName, head.at, account) })}\n`;
}

/** The members that every line starts with. */
export function headMembers<L extends 'INFO' | 'WARN' | 'ERROR', M extends string>(
  { at, requestId }: LineHead,
  level: L,
  message: M,
): { timestamp: string; level: L; requestId: string; message: M } {
  return { timestamp: new Date(at).toISOString(), level, requestId, message };
}

/** A line as text, or without its values when it would be too long for one log event. */
export function boundedLine<L extends HandlerLine>(line: L, withoutValues: L): string {
  const text = JSON.stringify(line);
  if (text.length <= MAX_LINE_CHARACTERS) return `${text}\n`;
  return `${JSON.stringify({ ...withoutValues, omittedBytes: Buffer.byteLength(text) })}\n`;
}

function image(item: DecodedItem | undefined): unknown {
  return item && plainJsonOf(item);
}
