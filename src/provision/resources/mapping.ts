import {
  CreateEventSourceMappingCommand,
  DeleteEventSourceMappingCommand,
  type EventSourceMappingConfiguration,
  GetEventSourceMappingCommand,
  ListEventSourceMappingsCommand,
  ListTagsCommand,
  TagResourceCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { pollUntil, retryWhile, type Waiting } from '../pace.js';
import type { MappingSettings } from '../plan/mapping.js';
import type { ActualMapping, DesiredStack, FieldChange, StartingPosition } from '../stack.js';
import { stackTags, type Tags } from '../tags.js';
import {
  abortable,
  isNamed,
  orAbsent,
  PROPAGATION_LIMIT_MS,
  type ResourceContext,
  STATE_LIMIT_MS,
  waitFor,
} from './context.js';
import { changedSettings, newSettings } from './mapping-settings.js';

/** A mapping without its tags: what can be seen without a further call for each. */
export interface ListedMapping extends Omit<ActualMapping, 'tags'> {
  readonly arn?: string;
}

/** Lists mappings by function, by stream, or both. */
export async function listMappings(
  context: ResourceContext,
  by: { readonly functionName?: string; readonly streamArn?: string },
): Promise<ListedMapping[]> {
  const client = await context.clients.lambda();
  const mappings: ListedMapping[] = [];
  for (let marker: string | undefined; ; ) {
    const page = await orAbsent(
      client.send(
        new ListEventSourceMappingsCommand({
          FunctionName: by.functionName,
          EventSourceArn: by.streamArn,
          Marker: marker,
        }),
        abortable(context),
      ),
      'ResourceNotFoundException',
    );
    mappings.push(...(page?.EventSourceMappings ?? []).map(toListed));
    marker = page?.NextMarker;
    if (marker === undefined || marker === '') return mappings;
  }
}

/** Adds the mapping's tags, where the server has tags on mappings. */
export async function withMappingTags(
  context: ResourceContext,
  { arn, ...mapping }: ListedMapping,
): Promise<ActualMapping> {
  const tags = arn === undefined ? undefined : await readTags(context, arn);
  return { ...mapping, ...(tags === undefined ? {} : { tags }) };
}

export async function* createMapping(
  context: ResourceContext,
  desired: DesiredStack,
  wanted: {
    readonly functionName: string;
    readonly streamArn: string;
    readonly startingPosition: StartingPosition;
    readonly settings: MappingSettings;
  },
): AsyncGenerator<Waiting, ActualMapping> {
  const client = await context.clients.lambda();
  const made = yield* retryWhile(
    () =>
      client.send(
        new CreateEventSourceMappingCommand({
          FunctionName: wanted.functionName,
          EventSourceArn: wanted.streamArn,
          StartingPosition: wanted.startingPosition,
          Enabled: true,
          ...newSettings(wanted.settings),
          FunctionResponseTypes: ['ReportBatchItemFailures'],
          Tags: stackTags(desired.name, desired.version, desired.tags),
        }),
        abortable(context),
      ),
    (error) => roleNotReady(error) ?? oldOneStillThere(error),
    waitFor(context, `mapping of ${wanted.functionName}`, PROPAGATION_LIMIT_MS),
  );
  return yield* mappingReady(context, made.UUID ?? '');
}

export async function* updateMapping(
  context: ResourceContext,
  desired: DesiredStack,
  mapping: ActualMapping,
  settings: MappingSettings,
  changes: readonly FieldChange[],
): AsyncGenerator<Waiting, ActualMapping> {
  const client = await context.clients.lambda();
  const changed = new Set(changes.map(({ field }) => field));
  const updated = yield* retryWhile(
    () =>
      client.send(
        new UpdateEventSourceMappingCommand({
          UUID: mapping.uuid,
          ...(changed.has('enabled') ? { Enabled: true } : {}),
          ...changedSettings(settings, changed),
          ...(changed.has('partialResponses') ? { FunctionResponseTypes: ['ReportBatchItemFailures'] } : {}),
        }),
        abortable(context),
      ),
    (error) => roleNotReady(error) ?? inUse(error),
    waitFor(context, `mapping ${mapping.uuid}`, PROPAGATION_LIMIT_MS),
  );
  const retags = [...changed].some((field) => field.startsWith('tag '));
  if (retags && updated.EventSourceMappingArn !== undefined) {
    await client.send(
      new TagResourceCommand({
        Resource: updated.EventSourceMappingArn,
        Tags: stackTags(desired.name, desired.version, desired.tags),
      }),
      abortable(context),
    );
  }
  return yield* mappingReady(context, mapping.uuid);
}

/** Waits until the mapping is Enabled. */
export async function* mappingReady(
  context: ResourceContext,
  uuid: string,
): AsyncGenerator<Waiting, ActualMapping> {
  const found = yield* pollUntil(
    () => readMapping(context, uuid),
    (mapping) => {
      if (mapping === undefined) return 'the mapping is not visible yet';
      return mapping.state === 'Enabled' ? undefined : `the mapping is ${mapping.state}`;
    },
    waitFor(context, `mapping ${uuid}`, STATE_LIMIT_MS),
  );
  if (found === undefined) throw new Error('pollUntil returned before the mapping was there');
  return await withMappingTags(context, found);
}

export async function* deleteMapping(context: ResourceContext, uuid: string): AsyncGenerator<Waiting, void> {
  const client = await context.clients.lambda();
  yield* retryWhile(
    () =>
      orAbsent(
        client.send(new DeleteEventSourceMappingCommand({ UUID: uuid }), abortable(context)),
        'ResourceNotFoundException',
      ),
    inUse,
    waitFor(context, `mapping ${uuid}`, PROPAGATION_LIMIT_MS),
  );
  yield* pollUntil(
    () => readMapping(context, uuid),
    (mapping) => (mapping === undefined ? undefined : `the mapping is ${mapping.state}`),
    waitFor(context, `mapping ${uuid}`, STATE_LIMIT_MS),
  );
}

async function readMapping(context: ResourceContext, uuid: string): Promise<ListedMapping | undefined> {
  const client = await context.clients.lambda();
  const answer = await orAbsent(
    client.send(new GetEventSourceMappingCommand({ UUID: uuid }), abortable(context)),
    'ResourceNotFoundException',
  );
  return answer === undefined ? undefined : toListed(answer);
}

async function readTags(context: ResourceContext, arn: string): Promise<Tags | undefined> {
  const client = await context.clients.lambda();
  // Servers older than tags on mappings (2024) answer that they know no such resource or no such path.
  const answer = await orAbsent(
    client.send(new ListTagsCommand({ Resource: arn }), abortable(context)),
    'ResourceNotFoundException',
    'InvalidParameterValueException',
    'UnknownOperationException',
  );
  return answer === undefined ? undefined : { ...answer.Tags };
}

function inUse(error: unknown): string | undefined {
  return isNamed(error, 'ResourceInUseException', 'ResourceConflictException')
    ? 'the mapping is being changed'
    : undefined;
}

/** A mapping of the same stream and function that is being deleted blocks its successor until it is gone. */
function oldOneStillThere(error: unknown): string | undefined {
  return isNamed(error, 'ResourceConflictException', 'ResourceInUseException')
    ? 'an earlier mapping of the same stream and function is still being deleted'
    : undefined;
}

// As for functions: one error name for every bad parameter, so the text decides.
const ROLE_NOT_READY =
  /cannot be assumed by Lambda|ensure the role can perform|execution role does not have permissions/;

function roleNotReady(error: unknown): string | undefined {
  return isNamed(error, 'InvalidParameterValueException') && ROLE_NOT_READY.test(error.message)
    ? 'the role cannot read the stream yet'
    : undefined;
}

function toListed(mapping: EventSourceMappingConfiguration): ListedMapping {
  return {
    uuid: mapping.UUID ?? '',
    ...(mapping.EventSourceMappingArn === undefined ? {} : { arn: mapping.EventSourceMappingArn }),
    functionArn: mapping.FunctionArn ?? '',
    streamArn: mapping.EventSourceArn ?? '',
    state: mapping.State ?? 'Enabled',
    ...(mapping.LastProcessingResult === undefined ? {} : { lastResult: mapping.LastProcessingResult }),
    batchSize: mapping.BatchSize ?? 100,
    batchWindowSeconds: mapping.MaximumBatchingWindowInSeconds ?? 0,
    parallelization: mapping.ParallelizationFactor ?? 1,
    startingPosition: mapping.StartingPosition ?? '',
    maximumRetries: mapping.MaximumRetryAttempts ?? -1,
    maximumRecordAgeSeconds: mapping.MaximumRecordAgeInSeconds ?? -1,
    bisect: mapping.BisectBatchOnFunctionError ?? false,
    partialResponses: mapping.FunctionResponseTypes?.includes('ReportBatchItemFailures') ?? false,
    filters: (mapping.FilterCriteria?.Filters ?? []).flatMap(({ Pattern }) =>
      Pattern === undefined ? [] : [Pattern],
    ),
    onFailure: mapping.DestinationConfig?.OnFailure?.Destination ?? null,
  };
}
