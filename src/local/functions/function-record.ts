// What the engine keeps about a function, and the FunctionConfiguration that the API shows of it.
import type { EngineContext } from '../service.js';
import { functionArn } from './function-name.js';

export interface FunctionLogging {
  readonly LogFormat: 'Text' | 'JSON';
  readonly ApplicationLogLevel?: string;
  readonly SystemLogLevel?: string;
  readonly LogGroup: string;
}

/** The configuration that CreateFunction and UpdateFunctionConfiguration set. */
export interface FunctionSettings {
  readonly runtime: string;
  readonly role: string;
  readonly handler: string;
  readonly description: string;
  /** Seconds. */
  readonly timeout: number;
  /** Megabytes. */
  readonly memorySize: number;
  readonly environment?: Readonly<Record<string, string>>;
  readonly ephemeralStorageMb: number;
  readonly tracingMode: 'Active' | 'PassThrough';
  readonly deadLetterTargetArn?: string;
  readonly logging: FunctionLogging;
}

export interface FunctionCode {
  /** Base64 SHA-256 of the zip. */
  readonly sha256: string;
  readonly bytes: number;
  readonly architectures: readonly ('x86_64' | 'arm64')[];
}

export interface FunctionRecord {
  readonly name: string;
  readonly settings: FunctionSettings;
  readonly code: FunctionCode;
  readonly revisionId: string;
  /** Epoch milliseconds. */
  readonly lastModified: number;
  readonly tags: Readonly<Record<string, string>>;
  /** Undefined: no limit of its own. */
  readonly reservedConcurrency?: number;
}

/** The API's view; with a qualifier the ARN carries it. */
export function toConfiguration(
  record: FunctionRecord,
  place: Pick<EngineContext, 'region' | 'accountId'>,
  qualifier?: string,
): Record<string, unknown> {
  const { settings, code } = record;
  const arn = functionArn(place, record.name);
  return {
    FunctionName: record.name,
    FunctionArn: qualifier === undefined ? arn : `${arn}:${qualifier}`,
    Runtime: settings.runtime,
    Role: settings.role,
    Handler: settings.handler,
    CodeSize: code.bytes,
    Description: settings.description,
    Timeout: settings.timeout,
    MemorySize: settings.memorySize,
    LastModified: new Date(record.lastModified).toISOString().replace('Z', '+0000'),
    CodeSha256: code.sha256,
    Version: '$LATEST',
    ...(settings.environment === undefined ? {} : { Environment: { Variables: settings.environment } }),
    ...(settings.deadLetterTargetArn === undefined
      ? {}
      : { DeadLetterConfig: { TargetArn: settings.deadLetterTargetArn } }),
    TracingConfig: { Mode: settings.tracingMode },
    RevisionId: record.revisionId,
    State: 'Active',
    LastUpdateStatus: 'Successful',
    PackageType: 'Zip',
    Architectures: code.architectures,
    EphemeralStorage: { Size: settings.ephemeralStorageMb },
    SnapStart: { ApplyOn: 'None', OptimizationStatus: 'Off' },
    LoggingConfig: settings.logging,
  };
}
