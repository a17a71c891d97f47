// Lambda's report of an invocation in its two forms. Pure.
import type { Report } from './event.js';

/** A text `REPORT RequestId: … Duration: 1.25 ms …` line; undefined when the needed parts are not in it. */
export function parseReport(text: string): Report | undefined {
  // Fields are parted by tabs; only the first lines of a report hold them (an X-Ray line may follow).
  const fields = new Map<string, string>();
  for (const part of text.slice('REPORT '.length).split(/[\t\n]/)) {
    const colon = part.indexOf(': ');
    if (colon > 0) fields.set(part.slice(0, colon).trim(), part.slice(colon + 2).trim());
  }
  const requestId = fields.get('RequestId');
  const durationMs = quantity(fields.get('Duration'));
  if (requestId === undefined || durationMs === undefined) return undefined;
  return reportOf({
    requestId,
    durationMs,
    billedMs: quantity(fields.get('Billed Duration')),
    memoryMb: quantity(fields.get('Memory Size')),
    maxMemoryMb: quantity(fields.get('Max Memory Used')),
    // SnapStart restores in place of an init.
    initMs: quantity(fields.get('Init Duration')) ?? quantity(fields.get('Restore Duration')),
    status: fields.get('Status'),
    errorType: fields.get('Error Type'),
  });
}

/** The `record` of a JSON `platform.report` document; undefined when the needed parts are not in it. */
export function reportFromRecord(record: Readonly<Record<string, unknown>>): Report | undefined {
  const { requestId, status, errorType, metrics } = record;
  if (typeof requestId !== 'string' || typeof metrics !== 'object' || metrics === null) return undefined;
  const metric = (name: string): number | undefined => {
    const value: unknown = Reflect.get(metrics, name);
    return typeof value === 'number' ? value : undefined;
  };
  const durationMs = metric('durationMs');
  if (durationMs === undefined) return undefined;
  return reportOf({
    requestId,
    durationMs,
    billedMs: metric('billedDurationMs'),
    memoryMb: metric('memorySizeMB'),
    maxMemoryMb: metric('maxMemoryUsedMB'),
    initMs: metric('initDurationMs') ?? metric('restoreDurationMs'),
    status: typeof status === 'string' ? status : undefined,
    errorType: typeof errorType === 'string' ? errorType : undefined,
  });
}

interface Parts {
  readonly requestId: string;
  readonly durationMs: number;
  readonly billedMs: number | undefined;
  readonly memoryMb: number | undefined;
  readonly maxMemoryMb: number | undefined;
  readonly initMs: number | undefined;
  readonly status: string | undefined;
  readonly errorType: string | undefined;
}

function reportOf(parts: Parts): Report {
  const { requestId, durationMs, billedMs = 0, memoryMb = 0, maxMemoryMb = 0 } = parts;
  const { initMs, status, errorType } = parts;
  return {
    requestId,
    durationMs,
    billedMs,
    memoryMb,
    maxMemoryMb,
    ...(initMs === undefined ? {} : { initMs }),
    ...(status === undefined || status === 'success' ? {} : { status }),
    ...(errorType === undefined ? {} : { errorType }),
  };
}

/** The number of `12.34 ms` or `256 MB`. */
function quantity(text: string | undefined): number | undefined {
  const value = /^(\d+(?:\.\d+)?) (?:ms|MB)$/.exec(text ?? '')?.[1];
  return value === undefined ? undefined : Number(value);
}
