import { createHash } from 'node:crypto';
import { text } from './dynamodb.js';
import {
  AwsError,
  type AwsState,
  type FunctionState,
  functionArn,
  logGroupArn,
  type MappingState,
  mappingArn,
} from './state.js';

type Input = Record<string, unknown>;

export interface LambdaCall {
  readonly operation: string;
  readonly id: string;
}

/** The operation of a REST call, and the function, mapping or ARN that its path names. */
export function lambdaOperation(method: string, path: string): LambdaCall | undefined {
  const routes: [RegExp, Record<string, string>][] = [
    [/^\/2015-03-31\/functions\/?$/, { POST: 'CreateFunction', GET: 'ListFunctions' }],
    [/^\/2015-03-31\/functions\/([^/]+)$/, { GET: 'GetFunction', DELETE: 'DeleteFunction' }],
    [/^\/2015-03-31\/functions\/([^/]+)\/code$/, { PUT: 'UpdateFunctionCode' }],
    [/^\/2015-03-31\/functions\/([^/]+)\/configuration$/, { PUT: 'UpdateFunctionConfiguration' }],
    [
      /^\/2015-03-31\/event-source-mappings\/?$/,
      { POST: 'CreateEventSourceMapping', GET: 'ListEventSourceMappings' },
    ],
    [
      /^\/2015-03-31\/event-source-mappings\/([^/]+)$/,
      {
        GET: 'GetEventSourceMapping',
        PUT: 'UpdateEventSourceMapping',
        DELETE: 'DeleteEventSourceMapping',
      },
    ],
    [/^\/2017-03-31\/tags\/(.+)$/, { GET: 'ListTags', POST: 'TagResource' }],
  ];
  for (const [pattern, methods] of routes) {
    const match = pattern.exec(path);
    const operation = methods[method];
    if (match !== null && operation !== undefined)
      return { operation, id: decodeURIComponent(match[1] ?? '') };
  }
  return undefined;
}

export function lambda(
  state: AwsState,
  { operation, id }: LambdaCall,
  input: Input,
  search: URLSearchParams,
): unknown {
  switch (operation) {
    case 'CreateFunction':
      return createFunction(state, input);
    case 'ListFunctions':
      return { Functions: [...state.functions.values()].map(configurationOf) };
    case 'GetFunction': {
      const found = findFunction(state, id);
      advanceFunction(found);
      return { Configuration: configurationOf(found), Tags: found.tags };
    }
    case 'UpdateFunctionCode': {
      const found = idleFunction(state, id);
      takeCode(found, text(input.ZipFile));
      found.configuration.Architectures = input.Architectures;
      return configurationOf(startUpdate(found));
    }
    case 'UpdateFunctionConfiguration': {
      const found = idleFunction(state, id);
      Object.assign(found.configuration, input);
      return configurationOf(startUpdate(found));
    }
    case 'DeleteFunction':
      findFunction(state, id);
      state.functions.delete(id);
      return undefined;
    case 'CreateEventSourceMapping':
      return createMapping(state, input);
    case 'ListEventSourceMappings': {
      const name = search.get('FunctionName');
      const source = search.get('EventSourceArn');
      const found = [...state.mappings.values()].filter(
        ({ configuration }) =>
          (name === null || configuration.FunctionArn === functionArn(name)) &&
          (source === null || configuration.EventSourceArn === source),
      );
      return { EventSourceMappings: found.map(mappingOf) };
    }
    case 'GetEventSourceMapping': {
      const found = findMapping(state, id);
      advanceMapping(state, found);
      return mappingOf(findMapping(state, id));
    }
    case 'UpdateEventSourceMapping': {
      const found = findMapping(state, id);
      if (found.state !== 'Enabled' && found.state !== 'Disabled') {
        throw new AwsError('ResourceInUseException', 'the mapping is in use');
      }
      Object.assign(found.configuration, input);
      found.state = 'Updating';
      found.pending = 1;
      return mappingOf(found);
    }
    case 'DeleteEventSourceMapping': {
      const found = findMapping(state, id);
      found.state = 'Deleting';
      found.pending = 1;
      return mappingOf(found);
    }
    case 'ListTags':
      return { Tags: tagged(state, id).tags };
    case 'TagResource':
      Object.assign(tagged(state, id).tags, input.Tags);
      return undefined;
    default:
      throw new AwsError('UnknownOperationException', operation);
  }
}

function createFunction(state: AwsState, input: Input): unknown {
  const name = text(input.FunctionName);
  if (state.functions.has(name))
    throw new AwsError('ResourceConflictException', `Function already exist: ${name}`, 409);
  const role = text(input.Role);
  if (
    ![...state.roles.values()].some((known) => role.endsWith(`/${known.name}`)) &&
    !role.endsWith('/given')
  ) {
    throw new AwsError(
      'InvalidParameterValueException',
      'The role defined for the function cannot be assumed by Lambda.',
    );
  }
  const { Code, Tags, ...configuration } = input as Input & {
    Code: { ZipFile: string };
    Tags: Record<string, string>;
  };
  const made: FunctionState = {
    name,
    state: 'Pending',
    update: 'InProgress',
    pending: 1,
    configuration,
    sha256: '',
    codeSize: 0,
    tags: { ...Tags },
  };
  takeCode(made, Code.ZipFile);
  state.functions.set(name, made);
  return configurationOf(made);
}

function takeCode(target: FunctionState, zipBase64: string): void {
  const zip = Buffer.from(zipBase64, 'base64');
  target.sha256 = createHash('sha256').update(zip).digest('base64');
  target.codeSize = zip.length;
}

function createMapping(state: AwsState, input: Input): unknown {
  const name = text(input.FunctionName);
  findFunction(state, name);
  const source = text(input.EventSourceArn);
  if (![...state.tables.values()].some((table) => state.streamArn(table) === source)) {
    throw new AwsError('InvalidParameterValueException', `Stream not found: ${source}`);
  }
  const { FunctionName: _, Tags, Enabled: __, ...rest } = input;
  const arn = functionArn(name);
  for (const { configuration } of state.mappings.values()) {
    if (configuration.FunctionArn === arn && configuration.EventSourceArn === source) {
      throw new AwsError(
        'ResourceConflictException',
        'An event source mapping with this stream and function already exists.',
        409,
      );
    }
  }
  const uuid = `00000000-0000-4000-8000-${String(state.next()).padStart(12, '0')}`;
  const made: MappingState = {
    uuid,
    state: 'Creating',
    pending: 1,
    configuration: { ...rest, FunctionArn: arn },
    tags: { ...(Tags as Record<string, string>) },
  };
  state.mappings.set(uuid, made);
  return mappingOf(made);
}

function configurationOf(found: FunctionState): Input {
  return {
    ...found.configuration,
    FunctionArn: functionArn(found.name),
    State: found.state,
    LastUpdateStatus: found.update,
    CodeSha256: found.sha256,
    CodeSize: found.codeSize,
  };
}

function mappingOf(found: MappingState): Input {
  return {
    ...found.configuration,
    UUID: found.uuid,
    EventSourceMappingArn: mappingArn(found.uuid),
    State: found.state,
    LastProcessingResult: 'No records processed',
  };
}

function startUpdate(found: FunctionState): FunctionState {
  found.update = 'InProgress';
  found.pending = 1;
  return found;
}

function advanceFunction(found: FunctionState): void {
  if (found.pending > 0) {
    found.pending -= 1;
    return;
  }
  found.state = 'Active';
  found.update = 'Successful';
}

function advanceMapping(state: AwsState, found: MappingState): void {
  if (found.pending > 0) found.pending -= 1;
  else if (found.state === 'Deleting') state.mappings.delete(found.uuid);
  else if (found.state === 'Creating' || found.state === 'Updating') found.state = 'Enabled';
}

function findFunction(state: AwsState, name: string): FunctionState {
  const found = state.functions.get(name);
  if (found === undefined)
    throw new AwsError('ResourceNotFoundException', `Function not found: ${functionArn(name)}`, 404);
  return found;
}

function idleFunction(state: AwsState, name: string): FunctionState {
  const found = findFunction(state, name);
  if (found.update === 'InProgress') {
    throw new AwsError('ResourceConflictException', 'An update is in progress for resource', 409);
  }
  return found;
}

function findMapping(state: AwsState, uuid: string): MappingState {
  const found = state.mappings.get(uuid);
  if (found === undefined)
    throw new AwsError('ResourceNotFoundException', 'The resource you requested does not exist.', 404);
  return found;
}

function tagged(state: AwsState, arn: string): { tags: Record<string, string> } {
  const found =
    [...state.functions.values()].find(({ name }) => functionArn(name) === arn) ??
    [...state.mappings.values()].find(({ uuid }) => mappingArn(uuid) === arn);
  if (found === undefined) throw new AwsError('ResourceNotFoundException', `no such resource ${arn}`, 404);
  return found;
}

/** CloudWatch Logs, as far as provisioning needs it. */
export function logs(state: AwsState, operation: string, input: Input): unknown {
  const group = () => {
    const name = text(input.logGroupName ?? text(input.resourceArn).split(':log-group:')[1]);
    const found = state.logGroups.get(name);
    if (found === undefined)
      throw new AwsError('ResourceNotFoundException', 'The specified log group does not exist.');
    return found;
  };
  switch (operation) {
    case 'CreateLogGroup': {
      const name = text(input.logGroupName);
      if (state.logGroups.has(name)) {
        throw new AwsError('ResourceAlreadyExistsException', 'The specified log group already exists');
      }
      state.logGroups.set(name, { name, tags: { ...(input.tags as Record<string, string>) } });
      return {};
    }
    case 'DescribeLogGroups': {
      const prefix = text(input.logGroupNamePrefix);
      const found = [...state.logGroups.values()].filter(({ name }) => name.startsWith(prefix));
      return {
        logGroups: found.map(({ name, retentionDays }) => ({
          logGroupName: name,
          arn: `${logGroupArn(name)}:*`,
          ...(retentionDays === undefined ? {} : { retentionInDays: retentionDays }),
        })),
      };
    }
    case 'PutRetentionPolicy':
      group().retentionDays = Number(input.retentionInDays);
      return {};
    case 'DeleteLogGroup':
      state.logGroups.delete(group().name);
      return {};
    case 'ListTagsForResource':
      return { tags: group().tags };
    case 'TagResource':
      Object.assign(group().tags, input.tags);
      return {};
    case 'FilterLogEvents':
      group();
      return { events: [] };
    default:
      throw new AwsError('UnknownOperationException', operation);
  }
}
