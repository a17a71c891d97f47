// Validates what Create- and UpdateEventSourceMapping say, with Lambda's own limits for DynamoDB streams.
import { FieldReader } from '../functions/fields.js';
import type { MappingSettings } from './mapping-record.js';

const MAX_FILTERS = 5;
const MAX_PATTERN_LENGTH = 4096;
const DESTINATION = /^arn:aws[a-zA-Z-]*:(sqs|sns|s3):/;
/** Above this, Lambda demands a batching window; only for queues, not for streams. */
const MAX_BATCH_SIZE = 10_000;
const DEFAULTS: Omit<MappingSettings, 'functionName'> = {
  enabled: true,
  batchSize: 100,
  batchWindow: 0,
  parallelization: 1,
  bisect: false,
  maxRetries: -1,
  maxRecordAge: -1,
  reportsItemFailures: false,
  filters: [],
};
/** Members for other event sources. */
const FOREIGN = [
  'Topics',
  'Queues',
  'SourceAccessConfigurations',
  'SelfManagedEventSource',
  'ScalingConfig',
  'AmazonManagedKafkaEventSourceConfig',
  'SelfManagedKafkaEventSourceConfig',
  'DocumentDBEventSourceConfig',
  'ProvisionedPollerConfig',
  'StartingPositionTimestamp',
];

/** The settings after a request; `before` has at least the function. `checkFilters` throws for a bad pattern. */
export function readSettings(
  input: FieldReader,
  before: Partial<MappingSettings> & Pick<MappingSettings, 'functionName'>,
  checkFilters: (patterns: readonly string[]) => void,
): MappingSettings {
  for (const name of FOREIGN) {
    if (input.has(name)) throw input.invalid(`${name} does not apply to a DynamoDB stream`);
  }
  if ((input.integer('TumblingWindowInSeconds', 0, 900) ?? 0) !== 0) {
    throw input.invalid('TumblingWindowInSeconds is not supported by the embedded engine');
  }
  const base = { ...DEFAULTS, ...before };
  const filters = readFilters(input) ?? base.filters;
  checkFilters(filters);
  const { onFailureArn: _, ...rest } = base;
  const onFailureArn = readDestination(input, base.onFailureArn);
  return {
    ...rest,
    enabled: input.boolean('Enabled') ?? base.enabled,
    batchSize: input.integer('BatchSize', 1, MAX_BATCH_SIZE) ?? base.batchSize,
    batchWindow: input.integer('MaximumBatchingWindowInSeconds', 0, 300) ?? base.batchWindow,
    parallelization: input.integer('ParallelizationFactor', 1, 10) ?? base.parallelization,
    bisect: input.boolean('BisectBatchOnFunctionError') ?? base.bisect,
    maxRetries: input.integer('MaximumRetryAttempts', -1, 10_000) ?? base.maxRetries,
    maxRecordAge: readRecordAge(input) ?? base.maxRecordAge,
    reportsItemFailures: readResponseTypes(input) ?? base.reportsItemFailures,
    filters,
    ...(onFailureArn === undefined ? {} : { onFailureArn }),
  };
}

function readRecordAge(input: FieldReader): number | undefined {
  const seconds = input.integer('MaximumRecordAgeInSeconds', -1, 604_800);
  if (seconds !== undefined && seconds > -1 && seconds < 60) {
    throw input.invalid('MaximumRecordAgeInSeconds must be -1 or between 60 and 604800');
  }
  return seconds;
}

function readResponseTypes(input: FieldReader): boolean | undefined {
  const types = input.texts('FunctionResponseTypes');
  const unknown = types?.find((type) => type !== 'ReportBatchItemFailures');
  if (unknown !== undefined) {
    throw input.invalid(
      `1 validation error detected: Value '[${unknown}]' at 'functionResponseTypes' failed to satisfy constraint: ` +
        'Member must satisfy enum value set: [ReportBatchItemFailures]',
    );
  }
  return types === undefined ? undefined : types.length > 0;
}

function readFilters(input: FieldReader): readonly string[] | undefined {
  const criteria = input.object('FilterCriteria');
  if (criteria === undefined) return undefined;
  const filters = new FieldReader(criteria, input.invalidType).objects('Filters') ?? [];
  if (filters.length > MAX_FILTERS)
    throw input.invalid(`FilterCriteria holds at most ${MAX_FILTERS} filters`);
  return filters.map((filter) => {
    const pattern = new FieldReader(filter, input.invalidType).text('Pattern') ?? '{}';
    if (pattern.length > MAX_PATTERN_LENGTH)
      throw input.invalid(`A filter pattern has at most ${MAX_PATTERN_LENGTH} characters`);
    return pattern;
  });
}

/** An empty destination removes the one before. */
function readDestination(input: FieldReader, before: string | undefined): string | undefined {
  const config = input.object('DestinationConfig');
  if (config === undefined) return before;
  const onFailure = new FieldReader(config, input.invalidType).object('OnFailure') ?? {};
  const arn = new FieldReader(onFailure, input.invalidType).text('Destination') ?? '';
  if (arn === '') return undefined;
  if (!DESTINATION.test(arn)) {
    throw input.invalid(
      `The on-failure destination must be the ARN of an SQS queue, an SNS topic or an S3 bucket: ${arn}`,
    );
  }
  return arn;
}
