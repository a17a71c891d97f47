// Log lines of the handler as text, each ended by a newline. A line is put together from JSON texts: what the lines of a
// batch have in common is written once.
import { type Change, plainJsonOf } from '../../model/index.js';
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
const MAX_VALUES_CHARACTERS = 80_000;

/** What the line of a batch tells beyond what every line does. */
export type BatchAccount = Omit<BatchLine, 'timestamp' | 'level' | 'requestId' | 'message' | 'type'>;

/** The first part of a line: an open JSON object. `at` is ms since the epoch. */
export function lineStart(
  at: number,
  requestId: string,
  level: HandlerLine['level'],
  message: string,
  type: HandlerLine['type'],
): string {
  const timestamp = new Date(at).toISOString();
  return JSON.stringify({ timestamp, level, requestId, message, type }).slice(0, -1);
}

/** The rest of a line. `values`, at least one, are left out when they are too long for one log event. */
export function lineEnd(fields: Partial<HandlerLine>, values: Partial<HandlerLine>): string {
  const text = JSON.stringify(values);
  const bounded = text.length > MAX_VALUES_CHARACTERS ? `{"omittedBytes":${Buffer.byteLength(text)}}` : text;
  return `,${JSON.stringify(fields).slice(1, -1)},${bounded.slice(1)}\n`;
}

/** How the lines of changes start. */
export function changeStart(at: number, requestId: string): string {
  return lineStart(at, requestId, 'INFO', 'change', CHANGE);
}

/** The line of one decoded change: its model, or without a model its keys and images. */
export function changeLine(start: string, change: Change): string {
  const { event, seq, model, modelName, ttl } = change;
  const values: Partial<ChangeLine> =
    model === undefined
      ? { keys: plainJsonOf(change.keys), new: json(change.new), old: json(change.old) }
      : { model: plainJsonOf(model) };
  return start + lineEnd({ event, seq, ttl: ttl || undefined, modelName }, values);
}

/** The line of a record that could not be decoded. */
export function undecodableLine(at: number, requestId: string, change: Change): string {
  const { event, seq, eventId, issues = [] } = change;
  const start = lineStart(at, requestId, 'WARN', 'record could not be decoded', UNDECODABLE);
  const values: Partial<UndecodableLine> = { issues: issues.slice(0, 20), keys: plainJsonOf(change.keys) };
  return start + lineEnd({ event, seq, eventId }, values);
}

/** The line of the batch, with its metrics. */
export function batchLine(
  at: number,
  requestId: string,
  functionName: string,
  account: BatchAccount,
): string {
  const level = account.failures > 0 ? 'ERROR' : account.undecodable > 0 ? 'WARN' : 'INFO';
  return (
    lineStart(at, requestId, level, 'batch', BATCH) +
    lineEnd(account, metricMembers(functionName, at, account))
  );
}

function json(value: unknown): unknown {
  return value === undefined ? undefined : plainJsonOf(value);
}
