// The lines that Lambda itself writes into a function's log, in its two formats.
import type { FunctionLogging } from '../function-record.js';

export type InvocationStatus = 'success' | 'error' | 'timeout';

export interface InvocationReport {
  readonly requestId: string;
  readonly durationMs: number;
  readonly memorySizeMb: number;
  readonly maxMemoryUsedMb: number;
  /** Only on the first invocation of an environment. */
  readonly initDurationMs?: number;
  readonly status: InvocationStatus;
  readonly errorType?: string;
}

export interface PlatformLog {
  initStart(runtimeVersion: string): string;
  start(requestId: string): string;
  /** A line about the invocation by the platform, such as the time-out. */
  note(requestId: string, text: string): string;
  /** END and REPORT as two events, or one in JSON. */
  end(report: InvocationReport): readonly string[];
}

/** `time` gives epoch milliseconds. */
export function platformLog(logging: FunctionLogging, time: () => number): PlatformLog {
  return logging.LogFormat === 'JSON' ? jsonLog(logging, time) : textLog(time);
}

function textLog(time: () => number): PlatformLog {
  return {
    initStart: (runtimeVersion) => `INIT_START Runtime Version: ${runtimeVersion}\n`,
    start: (requestId) => `START RequestId: ${requestId} Version: $LATEST\n`,
    note: (requestId, text) => `${new Date(time()).toISOString()} ${requestId} ${text}\n`,
    end: (report) => [
      `END RequestId: ${report.requestId}\n`,
      `${[
        `REPORT RequestId: ${report.requestId}`,
        `Duration: ${report.durationMs.toFixed(2)} ms`,
        `Billed Duration: ${billedMs(report)} ms`,
        `Memory Size: ${report.memorySizeMb} MB`,
        `Max Memory Used: ${report.maxMemoryUsedMb} MB`,
        ...(report.initDurationMs === undefined
          ? []
          : [`Init Duration: ${report.initDurationMs.toFixed(2)} ms`]),
        ...(report.status === 'success' ? [] : [`Status: ${report.status}`]),
        ...(report.errorType === undefined ? [] : [`Error Type: ${report.errorType}`]),
      ].join('\t')}\t\n`,
    ],
  };
}

function jsonLog(logging: FunctionLogging, time: () => number): PlatformLog {
  const line = (type: string, record: Readonly<Record<string, unknown>>): string =>
    `${JSON.stringify({ time: new Date(time()).toISOString(), type, record })}\n`;
  const levels = logging.SystemLogLevel ?? 'INFO';
  return {
    initStart: (runtimeVersion) =>
      line('platform.initStart', { initializationType: 'on-demand', phase: 'init', runtimeVersion }),
    start: (requestId) => line('platform.start', { requestId, version: '$LATEST' }),
    note: (requestId, text) =>
      `${JSON.stringify({ timestamp: new Date(time()).toISOString(), level: 'ERROR', requestId, message: text })}\n`,
    end: (report) => [
      ...(levels === 'DEBUG'
        ? [line('platform.runtimeDone', { requestId: report.requestId, status: report.status })]
        : []),
      line('platform.report', {
        requestId: report.requestId,
        metrics: {
          durationMs: Number(report.durationMs.toFixed(3)),
          billedDurationMs: billedMs(report),
          memorySizeMB: report.memorySizeMb,
          maxMemoryUsedMB: report.maxMemoryUsedMb,
          ...(report.initDurationMs === undefined
            ? {}
            : { initDurationMs: Number(report.initDurationMs.toFixed(3)) }),
        },
        status: report.status,
        ...(report.errorType === undefined ? {} : { errorType: report.errorType }),
      }),
    ],
  };
}

/** Lambda bills the init phase too, since August 2025, in whole milliseconds. */
function billedMs(report: InvocationReport): number {
  return Math.ceil(report.durationMs + (report.initDurationMs ?? 0));
}
