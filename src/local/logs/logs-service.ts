// The CloudWatch Logs API (JSON-RPC, target Logs_20140328) over the log store: what reading and keeping a function's
// log needs. Log events are written by functions only.
import { FieldReader, parseBody } from '../functions/fields.js';
import {
  type EngineContext,
  type EngineRequest,
  type EngineResponse,
  type EngineService,
  ServiceError,
} from '../service.js';
import { filterLogEvents, getLogEvents } from './log-events.js';
import type { LogGroup } from './log-group.js';
import type { LogStore } from './log-store.js';
import { describeLogStreams } from './log-streams.js';

const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];
const GROUP_NAME = /^[.\-_/#A-Za-z0-9]{1,512}$/;
const DEFAULT_PAGE = 50;

type Operation = (input: FieldReader) => Promise<Record<string, unknown> | undefined>;

export function createLogsService(
  store: LogStore,
  context: Pick<EngineContext, 'region' | 'accountId'>,
): EngineService {
  const arnPrefix = `arn:aws:logs:${context.region}:${context.accountId}:log-group:`;
  const arnOf = (name: string): string => `${arnPrefix}${name}`;

  function groupName(input: FieldReader): string {
    const identifier = input.text('logGroupName') ?? input.requiredText('logGroupIdentifier');
    return identifier.startsWith(arnPrefix)
      ? identifier.slice(arnPrefix.length).replace(/:\*$/, '')
      : identifier;
  }

  async function existingGroup(name: string): Promise<LogGroup> {
    const group = await store.get(name);
    if (group === undefined) {
      throw new ServiceError('ResourceNotFoundException', 'The specified log group does not exist.');
    }
    return group;
  }

  async function taggedGroup(input: FieldReader): Promise<LogGroup> {
    const arn = input.requiredText('resourceArn');
    if (!arn.startsWith(arnPrefix)) {
      throw new ServiceError('ResourceNotFoundException', `The specified resource does not exist: ${arn}`);
    }
    return existingGroup(arn.slice(arnPrefix.length).replace(/:\*$/, ''));
  }

  async function addTags(group: LogGroup, tags: Readonly<Record<string, string>>): Promise<undefined> {
    await group.save({ ...group.meta, tags: { ...group.meta.tags, ...tags } });
    return undefined;
  }

  async function removeTags(group: LogGroup, keys: readonly string[]): Promise<undefined> {
    const tags = Object.fromEntries(Object.entries(group.meta.tags).filter(([key]) => !keys.includes(key)));
    await group.save({ ...group.meta, tags });
    return undefined;
  }

  async function describeLogGroups(input: FieldReader): Promise<Record<string, unknown>> {
    const prefix = input.text('logGroupNamePrefix') ?? '';
    const pattern = input.text('logGroupNamePattern')?.toLowerCase() ?? '';
    const limit = input.integer('limit', 1, 50) ?? DEFAULT_PAGE;
    const after = input.text('nextToken') ?? '';
    const found = store
      .list()
      .filter(({ meta }) => meta.name.startsWith(prefix) && meta.name.toLowerCase().includes(pattern))
      .filter(({ meta }) => meta.name > after);
    const page = found.slice(0, limit);
    await Promise.all(page.map((group) => group.load()));
    return {
      logGroups: page.map((group) => ({
        logGroupName: group.meta.name,
        creationTime: group.meta.creationTime,
        ...(group.meta.retentionInDays === undefined ? {} : { retentionInDays: group.meta.retentionInDays }),
        metricFilterCount: 0,
        arn: `${arnOf(group.meta.name)}:*`,
        storedBytes: group.segments().reduce((sum, segment) => sum + segment.bytes, 0),
        logGroupClass: 'STANDARD',
        logGroupArn: arnOf(group.meta.name),
      })),
      ...(found.length > limit ? { nextToken: page.at(-1)?.meta.name } : {}),
    };
  }

  const operations: Readonly<Record<string, Operation>> = {
    async CreateLogGroup(input) {
      const name = input.requiredText('logGroupName');
      if (!GROUP_NAME.test(name)) {
        throw input.invalid(
          `1 validation error detected: Value '${name}' at 'logGroupName' failed to satisfy constraint: ` +
            'Member must satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+',
        );
      }
      if (store.has(name)) {
        throw new ServiceError('ResourceAlreadyExistsException', 'The specified log group already exists');
      }
      await store.create(name, input.textMap('tags') ?? {});
      return undefined;
    },
    async DeleteLogGroup(input) {
      const group = await existingGroup(groupName(input));
      await store.delete(group.meta.name);
      return undefined;
    },
    DescribeLogGroups: describeLogGroups,
    async PutRetentionPolicy(input) {
      const group = await existingGroup(groupName(input));
      const retentionInDays = input.integer('retentionInDays', 1, 3653);
      if (retentionInDays === undefined || !RETENTION_DAYS.includes(retentionInDays)) {
        throw input.invalid(`Invalid retention value. Valid values are: [${RETENTION_DAYS.join(', ')}]`);
      }
      await group.save({ ...group.meta, retentionInDays });
      await group.evict();
      return undefined;
    },
    async DeleteRetentionPolicy(input) {
      const group = await existingGroup(groupName(input));
      const { retentionInDays: _, ...meta } = group.meta;
      await group.save(meta);
      return undefined;
    },
    DescribeLogStreams: async (input) =>
      describeLogStreams(await existingGroup(groupName(input)), input, arnOf(groupName(input))),
    GetLogEvents: async (input) => getLogEvents(await existingGroup(groupName(input)), input),
    FilterLogEvents: async (input) => filterLogEvents(await existingGroup(groupName(input)), input),
    TagResource: async (input) => addTags(await taggedGroup(input), input.textMap('tags') ?? {}),
    UntagResource: async (input) => removeTags(await taggedGroup(input), input.texts('tagKeys') ?? []),
    ListTagsForResource: async (input) => ({ tags: (await taggedGroup(input)).meta.tags }),
    TagLogGroup: async (input) => addTags(await existingGroup(groupName(input)), input.textMap('tags') ?? {}),
    UntagLogGroup: async (input) =>
      removeTags(await existingGroup(groupName(input)), input.texts('tags') ?? []),
    ListTagsLogGroup: async (input) => ({ tags: (await existingGroup(groupName(input))).meta.tags }),
  };

  async function handle(request: EngineRequest): Promise<EngineResponse> {
    const operation = request.operation?.replace(/^Logs_20140328\./, '') ?? '';
    const run = Object.hasOwn(operations, operation) ? operations[operation] : undefined;
    try {
      if (run === undefined) {
        throw new ServiceError(
          'UnknownOperationException',
          `The embedded engine does not have CloudWatch Logs ${operation || '(no operation named)'}`,
        );
      }
      const body = await run(new FieldReader(parseBody(request.body), 'InvalidParameterException'));
      return { status: 200, headers: { 'content-type': JSON_1_1 }, body: body ?? {} };
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      return {
        status: error.status,
        headers: { 'content-type': JSON_1_1, 'x-amzn-errortype': error.type },
        body: { __type: error.type, message: error.message, ...error.members },
      };
    }
  }

  return { handle, close: () => store.close() };
}

const JSON_1_1 = 'application/x-amz-json-1.1';
