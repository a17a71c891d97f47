// The Lambda API's operations on event source mappings.
import { randomUUID } from 'node:crypto';
import { FieldReader, parseBody } from '../functions/fields.js';
import { functionArn, parseFunctionName } from '../functions/function-name.js';
import { findFunction } from '../functions/function-operations.js';
import type { FunctionStore } from '../functions/function-store.js';
import { json, type RestInput, type Route, route } from '../functions/rest.js';
import { type EngineContext, type EngineResponse, ServiceError } from '../service.js';
import type { StreamSource } from '../stream-source.js';
import type { MappingController } from './mapping-controller.js';
import { type MappingRecord, type MappingSettings, mappingArn, toConfiguration } from './mapping-record.js';
import { readSettings } from './mapping-settings.js';
import type { MappingStore } from './mapping-store.js';

const MAPPINGS = '/2015-03-31/event-source-mappings';
const MAPPING = `${MAPPINGS}/{UUID}`;
const STREAM_ARN = /^arn:aws[a-zA-Z-]*:dynamodb:[a-z0-9-]+:\d{12}:table\/[^/]+\/stream\/[^/]+$/;
const MAX_PAGE = 100;

export interface MappingParts {
  readonly context: EngineContext;
  readonly functions: FunctionStore;
  readonly source: StreamSource;
  readonly mappings: MappingStore;
  readonly controller: MappingController;
  /** Throws ServiceError for a bad pattern. */
  readonly checkFilters: (patterns: readonly string[]) => void;
}

export function mappingRoutes(parts: MappingParts): readonly Route[] {
  const { context, source, mappings, controller } = parts;

  const show = (status: number, record: MappingRecord): EngineResponse =>
    json(status, toConfiguration(record, context, controller.lastResult(record.uuid)));

  function find({ path }: RestInput): MappingRecord {
    const record = mappings.get(path.UUID ?? '');
    if (record === undefined) throw notFound('The resource you requested does not exist.');
    return record;
  }

  function readFunction(text: string): Pick<MappingSettings, 'functionName' | 'qualifier'> {
    const { name, qualifier } = parseFunctionName(context, text);
    findFunction(parts, text);
    return { functionName: name, ...(qualifier === undefined ? {} : { qualifier }) };
  }

  function refuseDuplicate(streamArn: string, functionName: string, except?: string): void {
    const other = mappings
      .list()
      .find(
        (record) =>
          record.uuid !== except &&
          record.state !== 'Deleting' &&
          record.streamArn === streamArn &&
          record.settings.functionName === functionName,
      );
    if (other === undefined) return;
    throw new ServiceError(
      'ResourceConflictException',
      `The event source arn (" ${streamArn} ") and function (" ${functionName} ") provided mapping already exists. ` +
        `Please update or delete the existing mapping with UUID ${other.uuid}`,
      409,
      { Type: 'User' },
    );
  }

  async function create({ request }: RestInput): Promise<EngineResponse> {
    const input = new FieldReader(parseBody(request.body));
    const target = readFunction(input.requiredText('FunctionName'));
    const streamArn = input.requiredText('EventSourceArn');
    if (!STREAM_ARN.test(streamArn)) {
      throw input.invalid(
        `Unrecognized event source: the embedded engine maps DynamoDB streams only, not ${streamArn}`,
      );
    }
    const startingPosition = readStartingPosition(input);
    const settings = readSettings(input, target, parts.checkFilters);
    const tags = input.textMap('Tags') ?? {};
    if ((await source.describe(streamArn)) === undefined)
      throw input.invalid(`Stream not found: ${streamArn}`);
    refuseDuplicate(streamArn, target.functionName);
    const record: MappingRecord = {
      uuid: randomUUID(),
      streamArn,
      startingPosition,
      settings,
      state: 'Creating',
      lastModified: context.now(),
      tags,
    };
    await mappings.save(record);
    controller.settle(record.uuid);
    return show(202, record);
  }

  async function update(input: RestInput): Promise<EngineResponse> {
    const record = find(input);
    if (record.state !== 'Enabled' && record.state !== 'Disabled') throw inUse('update');
    const body = new FieldReader(parseBody(input.request.body));
    const name = body.text('FunctionName');
    const settings = readSettings(
      body,
      name === undefined ? record.settings : { ...record.settings, ...readFunction(name) },
      parts.checkFilters,
    );
    refuseDuplicate(record.streamArn, settings.functionName, record.uuid);
    const changed: MappingRecord = {
      ...record,
      settings,
      state: transition(record.settings.enabled, settings.enabled),
      lastModified: context.now(),
    };
    await mappings.save(changed);
    controller.settle(record.uuid);
    return show(202, changed);
  }

  async function remove(input: RestInput): Promise<EngineResponse> {
    const record = find(input);
    if (record.state === 'Deleting') throw inUse('delete');
    const changed: MappingRecord = { ...record, state: 'Deleting', lastModified: context.now() };
    await mappings.save(changed);
    const response = show(202, changed);
    controller.settle(record.uuid);
    return response;
  }

  async function list({ request: { query } }: RestInput): Promise<EngineResponse> {
    const functionText = query.get('FunctionName');
    const name = functionText === null ? undefined : parseFunctionName(context, functionText).name;
    const streamArn = query.get('EventSourceArn');
    const size = Math.min(MAX_PAGE, Math.max(1, Number(query.get('MaxItems') ?? MAX_PAGE) || MAX_PAGE));
    const after = query.get('Marker') ?? '';
    if (name !== undefined && parts.functions.get(name) === undefined && !isMapped(name)) {
      throw notFound(`Function not found: ${functionArn(context, name)}`);
    }
    const found = mappings
      .list()
      .filter((record) => name === undefined || record.settings.functionName === name)
      .filter((record) => streamArn === null || record.streamArn === streamArn)
      .filter((record) => record.uuid > after);
    const page = found.slice(0, size);
    return json(200, {
      EventSourceMappings: page.map((record) =>
        toConfiguration(record, context, controller.lastResult(record.uuid)),
      ),
      ...(found.length > size ? { NextMarker: page.at(-1)?.uuid } : {}),
    });
  }

  function isMapped(name: string): boolean {
    return mappings.list().some((record) => record.settings.functionName === name);
  }

  return [
    route('POST', MAPPINGS, create),
    route('GET', MAPPINGS, list),
    route('GET', MAPPING, async (input) => show(200, find(input))),
    route('PUT', MAPPING, update),
    route('DELETE', MAPPING, remove),
  ];
}

/** A mapping by its ARN, for the tag operations. */
export function findMappingByArn(
  { context, mappings }: Pick<MappingParts, 'context' | 'mappings'>,
  arn: string,
): MappingRecord | undefined {
  return mappings.list().find((record) => mappingArn(context, record.uuid) === arn);
}

function readStartingPosition(input: FieldReader): MappingRecord['startingPosition'] {
  const position = input.oneOf('StartingPosition', ['TRIM_HORIZON', 'LATEST', 'AT_TIMESTAMP'] as const);
  if (position === undefined) {
    throw input.invalid(
      "1 validation error detected: Value null at 'startingPosition' failed to satisfy constraint: Member must not be null.",
    );
  }
  if (position === 'AT_TIMESTAMP') {
    throw input.invalid(
      'Unsupported starting position for arn type: DynamoDB streams have TRIM_HORIZON and LATEST only',
    );
  }
  return position;
}

function transition(before: boolean, after: boolean): MappingRecord['state'] {
  if (before === after) return 'Updating';
  return after ? 'Enabling' : 'Disabling';
}

function inUse(what: string): ServiceError {
  return new ServiceError(
    'ResourceInUseException',
    `Cannot ${what} the event source mapping resource as it is in use.`,
    400,
    { Type: 'User' },
  );
}

function notFound(message: string): ServiceError {
  return new ServiceError('ResourceNotFoundException', message, 404, { Type: 'User' });
}
