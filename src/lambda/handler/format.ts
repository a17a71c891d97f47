// Log lines of the handler as text, each ended by a newline.
import { type Change, type PlainJson, plainJsonOf } from '../../model/index.js';
import {
  type BatchLine,
  type ChangeLine,
  type HandlerLine,
  LINE_TYPE,
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

export interface BatchAccount {
  readonly functionName: string;
  readonly changes: readonly Change[];
  readonly undecodable: number;
  readonly failed: readonly string[];
  readonly decodeMs: number;
  readonly handlerMs: number | undefined;
  readonly batchMs: number;
  readonly iteratorAgeMs: number;
}

/** The line of one decoded change: its model, or without a model its keys and images. */
export function changeLine(head: LineHead, change: Change): string {
  const { event, seq, model, modelName } = change;
  const start: ChangeLine = {
    ...headMembers(head, 'INFO', 'change'),
    type: LINE_TYPE.change,
    event,
    seq,
    ttl: change.ttl || undefined,
  };
  const body: Partial<ChangeLine> =
    model === undefined
      ? { keys: plainJson(change.keys), new: plainJson(change.new), old: plainJson(change.old) }
      : { modelName, model: plainJson(model) };
  return boundedLine({ ...start, ...body }, start);
}

/** The line of a record that could not be decoded. */
export function undecodableLine(head: LineHead, change: Change): string {
  const { event, seq, eventId, issues = [] } = change;
  const start = {
    ...headMembers(head, 'WARN', 'record could not be decoded'),
    type: LINE_TYPE.undecodable,
    event,
    seq,
    eventId,
    issues: issues.slice(0, 20),
  };
  return boundedLine<UndecodableLine>({ ...start, keys: plainJson(change.keys) }, { ...start, issues: [] });
}

/** The line of the batch, with its metrics. */
export function batchLine(head: LineHead, account: BatchAccount): string {
  const { functionName, changes, undecodable, failed, handlerMs } = account;
  const records = changes.length;
  const failures = failed.length;
  const decodeMs = microseconds(account.decodeMs);
  const batchMs = microseconds(account.batchMs);
  const line: BatchLine = {
    ...headMembers(head, failures > 0 ? 'ERROR' : undecodable > 0 ? 'WARN' : 'INFO', 'batch'),
    type: LINE_TYPE.batch,
    function: functionName,
    records,
    undecodable,
    failures,
    decodeMs,
    handlerMs: handlerMs && microseconds(handlerMs),
    batchMs,
    iteratorAgeMs: account.iteratorAgeMs,
    firstSeq: changes[0]?.seq,
    lastSeq: changes.at(-1)?.seq,
    retryFrom: failed[0],
  };
  const metrics = metricMembers(functionName, head.at, {
    Records: records,
    Undecodable: undecodable,
    Failures: failures,
    DecodeMs: decodeMs,
    BatchMs: batchMs,
    IteratorAgeMs: account.iteratorAgeMs,
  });
  return `${JSON.stringify({ ...line, ...metrics })}\n`;
}

/** The members that every line starts with. */
export function headMembers<L extends 'INFO' | 'WARN' | 'ERROR', M extends string>(
  { at, requestId }: LineHead,
  level: L,
  message: M,
): { timestamp: string; level: L; requestId: string; message: M } {
  return { timestamp: new Date(at).toISOString(), level, requestId, message };
}

/** A user's model may give a value without end (a cycle): that must not stop the batch. */
function plainJson(value: unknown): PlainJson | undefined {
  try {
    return value === undefined ? undefined : plainJsonOf(value);
  } catch {
    return 'not representable';
  }
}

/** A line as text, or without its values when it would be too long for one log event. */
export function boundedLine<L extends HandlerLine>(line: L, withoutValues: L): string {
  const text = JSON.stringify(line);
  if (text.length <= MAX_LINE_CHARACTERS) return `${text}\n`;
  return `${JSON.stringify({ ...withoutValues, omittedBytes: Buffer.byteLength(text) })}\n`;
}

function microseconds(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
