import {
  CreateLogGroupCommand,
  DeleteLogGroupCommand,
  DescribeLogGroupsCommand,
  ListTagsForResourceCommand,
  PutRetentionPolicyCommand,
  TagResourceCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { logGroupArn } from '../names.js';
import { retryWhile, type Waiting } from '../pace.js';
import type { ActualLogGroup, DesiredStack, FieldChange } from '../stack.js';
import { stackTags } from '../tags.js';
import {
  abortable,
  isNamed,
  orAbsent,
  PROPAGATION_LIMIT_MS,
  type ResourceContext,
  waitFor,
} from './context.js';

/** Reads a log group with its tags; undefined when there is none. */
export async function inspectLogGroup(
  context: ResourceContext,
  name: string,
): Promise<ActualLogGroup | undefined> {
  const client = await context.clients.logs();
  for (let token: string | undefined; ; ) {
    const page = await client.send(
      new DescribeLogGroupsCommand({ logGroupNamePrefix: name, nextToken: token }),
      abortable(context),
    );
    const group = page.logGroups?.find(({ logGroupName }) => logGroupName === name);
    if (group !== undefined) {
      // `arn` ends in `:*`, which the tag API does not take.
      const resourceArn = group.logGroupArn ?? group.arn?.replace(/:\*$/, '');
      const tags = await orAbsent(
        client.send(new ListTagsForResourceCommand({ resourceArn }), abortable(context)),
        'ResourceNotFoundException',
      );
      return {
        name,
        ...(group.retentionInDays === undefined ? {} : { retentionDays: group.retentionInDays }),
        tags: { ...tags?.tags },
      };
    }
    token = page.nextToken;
    if (token === undefined) return undefined;
  }
}

export async function* createLogGroup(
  context: ResourceContext,
  desired: DesiredStack,
  name: string,
  retentionDays: number,
): AsyncGenerator<Waiting, void> {
  const client = await context.clients.logs();
  await client.send(
    new CreateLogGroupCommand({
      logGroupName: name,
      tags: stackTags(desired.name, desired.version, desired.tags),
    }),
    abortable(context),
  );
  yield* putRetention(context, name, retentionDays);
}

export async function* updateLogGroup(
  context: ResourceContext,
  desired: DesiredStack,
  name: string,
  retentionDays: number,
  changes: readonly FieldChange[],
): AsyncGenerator<Waiting, void> {
  if (changes.some(({ field }) => field === 'retentionDays')) {
    yield* putRetention(context, name, retentionDays);
  }
  if (changes.some(({ field }) => field.startsWith('tag '))) {
    const client = await context.clients.logs();
    await client.send(
      new TagResourceCommand({
        resourceArn: logGroupArn(desired.place, name),
        tags: stackTags(desired.name, desired.version, desired.tags),
      }),
      abortable(context),
    );
  }
}

export async function deleteLogGroup(context: ResourceContext, name: string): Promise<void> {
  const client = await context.clients.logs();
  await orAbsent(
    client.send(new DeleteLogGroupCommand({ logGroupName: name }), abortable(context)),
    'ResourceNotFoundException',
  );
}

async function* putRetention(
  context: ResourceContext,
  name: string,
  retentionDays: number,
): AsyncGenerator<Waiting, void> {
  const client = await context.clients.logs();
  yield* retryWhile(
    () =>
      client.send(
        new PutRetentionPolicyCommand({ logGroupName: name, retentionInDays: retentionDays }),
        abortable(context),
      ),
    (error) =>
      isNamed(error, 'ResourceNotFoundException', 'OperationAbortedException')
        ? 'the log group is not visible yet'
        : undefined,
    waitFor(context, `log group ${name}`, PROPAGATION_LIMIT_MS),
  );
}
