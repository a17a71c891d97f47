// The AWS operations that the engine answers, by service: what a rule can name, and what it is called on Lambda's paths.
import type { EngineServices } from '../engine-services.js';

export type FaultyService = keyof Pick<EngineServices, 'dynamodb' | 'streams' | 'lambda' | 'logs'>;

const LAMBDA_ROUTES = [
  ['POST', /\/functions\/[^/]+\/invocations$/, 'Invoke'],
  ['POST', /\/functions$/, 'CreateFunction'],
  ['GET', /\/functions$/, 'ListFunctions'],
  ['GET', /\/functions\/[^/]+$/, 'GetFunction'],
  ['DELETE', /\/functions\/[^/]+$/, 'DeleteFunction'],
  ['GET', /\/functions\/[^/]+\/configuration$/, 'GetFunctionConfiguration'],
  ['PUT', /\/functions\/[^/]+\/configuration$/, 'UpdateFunctionConfiguration'],
  ['PUT', /\/functions\/[^/]+\/code$/, 'UpdateFunctionCode'],
  ['GET', /\/functions\/[^/]+\/versions$/, 'ListVersionsByFunction'],
  ['POST', /\/functions\/[^/]+\/versions$/, 'PublishVersion'],
  ['PUT', /\/functions\/[^/]+\/concurrency$/, 'PutFunctionConcurrency'],
  ['GET', /\/functions\/[^/]+\/concurrency$/, 'GetFunctionConcurrency'],
  ['DELETE', /\/functions\/[^/]+\/concurrency$/, 'DeleteFunctionConcurrency'],
  ['GET', /\/functions\/[^/]+\/code-signing-config$/, 'GetFunctionCodeSigningConfig'],
  ['POST', /\/event-source-mappings$/, 'CreateEventSourceMapping'],
  ['GET', /\/event-source-mappings$/, 'ListEventSourceMappings'],
  ['GET', /\/event-source-mappings\/[^/]+$/, 'GetEventSourceMapping'],
  ['PUT', /\/event-source-mappings\/[^/]+$/, 'UpdateEventSourceMapping'],
  ['DELETE', /\/event-source-mappings\/[^/]+$/, 'DeleteEventSourceMapping'],
  ['GET', /\/tags\//, 'ListTags'],
  ['POST', /\/tags\//, 'TagResource'],
  ['DELETE', /\/tags\//, 'UntagResource'],
] as const;

const OPERATIONS: Readonly<Record<FaultyService, readonly string[]>> = {
  dynamodb: [
    ...['BatchGetItem', 'BatchWriteItem', 'DeleteItem', 'GetItem', 'PutItem', 'Query', 'Scan', 'UpdateItem'],
    ...['TransactGetItems', 'TransactWriteItems', 'CreateTable', 'DeleteTable', 'DescribeTable'],
    ...['ListTables', 'UpdateTable', 'DescribeTimeToLive', 'UpdateTimeToLive', 'DescribeLimits'],
    ...['DescribeContinuousBackups', 'ListTagsOfResource', 'TagResource', 'UntagResource'],
  ],
  streams: ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'],
  lambda: LAMBDA_ROUTES.map(([, , operation]) => operation),
  logs: [
    ...['CreateLogGroup', 'DeleteLogGroup', 'DescribeLogGroups', 'DescribeLogStreams', 'FilterLogEvents'],
    ...['GetLogEvents', 'PutRetentionPolicy', 'DeleteRetentionPolicy', 'ListTagsForResource'],
    ...['ListTagsLogGroup', 'TagLogGroup', 'TagResource', 'UntagLogGroup', 'UntagResource'],
  ],
};

/** Every operation that a rule can name, in the order in which they are shown. */
export const FAULTY_OPERATIONS: readonly string[] = [...new Set(Object.values(OPERATIONS).flat())];

/** Lambda's operation behind a request line; undefined for a path that it does not have. */
export function lambdaOperation(method: string, path: string): string | undefined {
  const bare = path.replace(/\/$/, '');
  return LAMBDA_ROUTES.find(([verb, pattern]) => verb === method && pattern.test(bare))?.[2];
}
