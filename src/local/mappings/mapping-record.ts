// What the engine keeps about an event source mapping, and the EventSourceMappingConfiguration that the API shows.
import { functionArn } from '../functions/function-name.js';
import type { EngineContext } from '../service.js';

/** What UpdateEventSourceMapping can change. */
export interface MappingSettings {
  readonly functionName: string;
  /** `$LATEST` when the mapping was made with that qualifier. */
  readonly qualifier?: string;
  readonly enabled: boolean;
  readonly batchSize: number;
  /** Seconds. */
  readonly batchWindow: number;
  readonly parallelization: number;
  readonly bisect: boolean;
  /** -1: until the record is too old. */
  readonly maxRetries: number;
  /** Seconds; -1: as long as the stream keeps it. */
  readonly maxRecordAge: number;
  readonly reportsItemFailures: boolean;
  /** Patterns as JSON text; empty: everything. */
  readonly filters: readonly string[];
  readonly onFailureArn?: string;
}

export type MappingState =
  | 'Creating'
  | 'Enabling'
  | 'Enabled'
  | 'Updating'
  | 'Disabling'
  | 'Disabled'
  | 'Deleting';

export interface MappingRecord {
  readonly uuid: string;
  readonly streamArn: string;
  readonly startingPosition: 'LATEST' | 'TRIM_HORIZON';
  readonly settings: MappingSettings;
  readonly state: MappingState;
  /** Epoch milliseconds. */
  readonly lastModified: number;
  readonly tags: Readonly<Record<string, string>>;
}

type Place = Pick<EngineContext, 'region' | 'accountId'>;

export function mappingArn(place: Place, uuid: string): string {
  return `arn:aws:lambda:${place.region}:${place.accountId}:event-source-mapping:${uuid}`;
}

export function mappingFunctionArn(place: Place, settings: MappingSettings): string {
  const arn = functionArn(place, settings.functionName);
  return settings.qualifier === undefined ? arn : `${arn}:${settings.qualifier}`;
}

/** `lastResult` is the runner's, such as "OK". */
export function toConfiguration(
  record: MappingRecord,
  place: Place,
  lastResult: string,
): Record<string, unknown> {
  const { settings } = record;
  return {
    UUID: record.uuid,
    StartingPosition: record.startingPosition,
    BatchSize: settings.batchSize,
    MaximumBatchingWindowInSeconds: settings.batchWindow,
    ParallelizationFactor: settings.parallelization,
    EventSourceArn: record.streamArn,
    ...(settings.filters.length === 0
      ? {}
      : { FilterCriteria: { Filters: settings.filters.map((Pattern) => ({ Pattern })) } }),
    FunctionArn: mappingFunctionArn(place, settings),
    LastModified: record.lastModified / 1000,
    LastProcessingResult: lastResult,
    State: record.state,
    StateTransitionReason: 'User action',
    DestinationConfig: {
      OnFailure: settings.onFailureArn === undefined ? {} : { Destination: settings.onFailureArn },
    },
    MaximumRecordAgeInSeconds: settings.maxRecordAge,
    BisectBatchOnFunctionError: settings.bisect,
    MaximumRetryAttempts: settings.maxRetries,
    TumblingWindowInSeconds: 0,
    FunctionResponseTypes: settings.reportsItemFailures ? ['ReportBatchItemFailures'] : [],
    EventSourceMappingArn: mappingArn(place, record.uuid),
  };
}
