// One log line to what it means: the handler's own lines, and Lambda's, in both of its formats (text, and JSON with
// `platform.*` types). Pure, and total: a line that is nothing we know is text.
import { BATCH, CHANGE, FAILURE, UNDECODABLE } from '../handler/lines.js';
import type { ErrorNote, LogLine } from './event.js';
import { parseReport, reportFromRecord } from './report.js';

/** Never throws. Trailing line ends are not part of a line's text. */
export function parseLogMessage(message: string): LogLine {
  const text = message.trimEnd();
  if (text.startsWith('{')) {
    const document = parseDocument(text);
    if (document !== undefined) return fromDocument(document, text);
  }
  return fromText(text);
}

type Document = Readonly<Record<string, unknown>>;

function parseDocument(text: string): Document | undefined {
  try {
    const value: unknown = JSON.parse(text);
    // A line that starts with a brace and parses is an object.
    return value as Document;
  } catch {
    return undefined;
  }
}

function fromDocument(document: Document, text: string): LogLine {
  const { type } = document;
  const requestId = stringOf(document.requestId);
  switch (type) {
    case BATCH: {
      const handlerMs = document.handlerMs;
      const retryFrom = stringOf(document.retryFrom);
      return {
        type: 'batch',
        batch: {
          requestId: requestId ?? '',
          records: numberOf(document.records),
          undecodable: numberOf(document.undecodable),
          failures: numberOf(document.failures),
          retried: numberOf(document.retried),
          decodeMs: numberOf(document.decodeMs),
          ...(typeof handlerMs === 'number' ? { handlerMs } : {}),
          batchMs: numberOf(document.batchMs),
          iteratorAgeMs: numberOf(document.iteratorAgeMs),
          ...(retryFrom === undefined ? {} : { retryFrom }),
        },
      };
    }
    case CHANGE:
      return {
        type: 'change',
        requestId: requestId ?? '',
        change: {
          event: stringOf(document.event) ?? '',
          seq: stringOf(document.seq) ?? '',
          ...(typeof document.modelName === 'string' ? { modelName: document.modelName } : {}),
          ...('model' in document ? { model: document.model } : {}),
          ...('keys' in document ? { keys: document.keys } : {}),
          ...('new' in document ? { new: document.new } : {}),
          ...('old' in document ? { old: document.old } : {}),
        },
      };
    case UNDECODABLE:
      return errorLine('undecodable', requestId, issuesText(document.issues), stringOf(document.seq));
    case FAILURE: {
      const { errorType, errorMessage } = document;
      return errorLine(
        'handler',
        requestId,
        `${textOf(errorType)}: ${textOf(errorMessage)}`,
        stringOf(document.retryFrom),
      );
    }
    default:
      if (typeof type === 'string' && type.startsWith('platform.')) return fromPlatform(type, document);
      return fromApplication(document, requestId, text);
  }
}

function fromPlatform(name: string, document: Document): LogLine {
  const record = objectOf(document.record);
  const requestId = stringOf(record.requestId);
  if (name === 'platform.report') {
    const report = reportFromRecord(record);
    if (report !== undefined) return { type: 'report', report };
  }
  return { type: 'platform', name, ...(requestId === undefined ? {} : { requestId }) };
}

/** A line of the user's own code in Lambda's JSON format, or of the runtime. */
function fromApplication(document: Document, requestId: string | undefined, text: string): LogLine {
  const { level, message } = document;
  // An error that the runtime caught is an object in `message`; one that the code logged, members of the line.
  const { errorMessage, errorType } = typeof message === 'object' ? objectOf(message) : document;
  if (typeof errorMessage === 'string') {
    return errorLine(kindOf(errorMessage), requestId, `${stringOf(errorType) ?? 'Error'}: ${errorMessage}`);
  }
  const shown = typeof message === 'string' ? message : text;
  if (level === 'ERROR' || level === 'FATAL') return errorLine(kindOf(shown), requestId, shown);
  return { type: 'text', ...(requestId === undefined ? {} : { requestId }), text: shown };
}

// 2026-11-23T10:00:00.000Z <request id> ERROR message
const CONSOLE_LINE = /^\d{4}-\d{2}-\d{2}T[\d:.]+Z\t([0-9a-f-]{36}|undefined)\t([A-Z]+)\t([\s\S]*)$/;
// 2026-11-23T10:00:00.000Z <request id> Task timed out after 3.00 seconds
const TIMEOUT_LINE =
  /^(?:\S+ )?(?:RequestId: )?([0-9a-f-]{36}) (?:Error: )?(Task timed out after [\d.]+ seconds)/;
const CRASH_LINE = /^RequestId: ([0-9a-f-]{36}) Error: ([\s\S]*)$/;
const LIFE_LINE =
  /^(START|END|INIT_START|INIT_REPORT|EXTENSION|RESTORE_START|RESTORE_REPORT)\b(?:.*?RequestId: ([0-9a-f-]{36}))?/;

// Lambda's runtime puts a time and a level before what a function logs, so a bare line is of what runs the function: of
// a server that stands in for Lambda, or of a runtime that broke before it could log. One that begins as errors do is one.
const BARE_ERROR = /^(?:(?:fatal|error|panic)\b|[\w.]*(?:Error|Exception):)/i;

function fromText(text: string): LogLine {
  if (text.startsWith('REPORT ')) {
    const report = parseReport(text);
    if (report !== undefined) return { type: 'report', report };
  }
  const timeout = TIMEOUT_LINE.exec(text);
  if (timeout !== null) return errorLine('timeout', timeout[1], timeout[2] ?? '');
  const crash = CRASH_LINE.exec(text);
  if (crash !== null) return errorLine('crash', crash[1], crash[2] ?? '');
  const life = LIFE_LINE.exec(text);
  if (life !== null) {
    return {
      type: 'platform',
      name: life[1] ?? '',
      ...(life[2] === undefined ? {} : { requestId: life[2] }),
    };
  }
  const line = CONSOLE_LINE.exec(text);
  if (line === null) {
    return BARE_ERROR.test(text) ? errorLine(kindOf(text), undefined, text) : { type: 'text', text };
  }
  const [, id, level, message = ''] = line;
  const requestId = id === 'undefined' ? undefined : id;
  if (level === 'ERROR' || level === 'FATAL') return fromErrorText(message, requestId);
  return { type: 'text', ...(requestId === undefined ? {} : { requestId }), text: message };
}

// How Lambda's Node runtime logs what it caught: `Invoke Error`, a tab, and the error as JSON.
const RUNTIME_ERROR = /^(Invoke Error|Uncaught Exception|Unhandled Promise Rejection)\s*\t(\{.*\})$/s;

function fromErrorText(text: string, requestId: string | undefined): LogLine {
  const [, what, json = ''] = RUNTIME_ERROR.exec(text) ?? [];
  const { errorType, errorMessage } = what === undefined ? {} : (parseDocument(json) ?? {});
  if (typeof errorMessage !== 'string') return errorLine(kindOf(text), requestId, text);
  const message = `${stringOf(errorType) ?? 'Error'}: ${errorMessage}`;
  return errorLine(what === 'Invoke Error' ? 'error' : 'crash', requestId, message);
}

function kindOf(message: string): ErrorNote['kind'] {
  if (/Task timed out after/.test(message)) return 'timeout';
  return /Runtime exited|Uncaught Exception|Runtime\.ExitError/.test(message) ? 'crash' : 'error';
}

function errorLine(
  kind: ErrorNote['kind'],
  requestId: string | undefined,
  message: string,
  seq?: string,
): LogLine {
  return {
    type: 'error',
    error: {
      kind,
      ...(requestId === undefined ? {} : { requestId }),
      ...(seq === undefined ? {} : { seq }),
      message,
    },
  };
}

function issuesText(issues: unknown): string {
  const texts = (Array.isArray(issues) ? issues : []).map((issue: unknown) => {
    const { path, expected, received, part } = objectOf(issue);
    const name = [...(typeof part === 'string' ? [part] : []), ...(Array.isArray(path) ? path : [])].join(
      '.',
    );
    return `${name === '' ? 'record' : name}: expected ${textOf(expected)}, received ${textOf(received)}`;
  });
  return texts.length === 0 ? 'it could not be decoded' : texts.join('; ');
}

function objectOf(value: unknown): Document {
  // Checked: an object; its members are unknown.
  return typeof value === 'object' && value !== null ? (value as Document) : {};
}

function stringOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Text of whatever a line held; an object's own `toString` may be anything. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}
