// The function's role and the inline policy on it. IAM is eventually consistent: a role just made may be unknown to the
// next call.
import {
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  ListRolesCommand,
  ListRoleTagsCommand,
  PutRolePolicyCommand,
  TagRoleCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { POLICY_NAME, ROLE_PATH } from '../names.js';
import { pollUntil, retryWhile, type Waiting } from '../pace.js';
import { type PolicyDocument, trustPolicy } from '../policy.js';
import type { ActualRole, DesiredStack, FieldChange } from '../stack.js';
import { FUNCTION_TAG, fromTagList, REGION_TAG, stackTags, type Tags, toTagList } from '../tags.js';
import {
  abortable,
  isNamed,
  orAbsent,
  PROPAGATION_LIMIT_MS,
  type ResourceContext,
  waitFor,
} from './context.js';

/** IAM names a missing role by its shape name, with or without the suffix. */
const ABSENT = ['NoSuchEntityException', 'NoSuchEntity'] as const;

/** Reads a role with its tags and the policy that ddbcdc put on it; undefined when there is none. */
export async function inspectRole(context: ResourceContext, name: string): Promise<ActualRole | undefined> {
  const client = await context.clients.iam();
  const answer = await orAbsent(
    client.send(new GetRoleCommand({ RoleName: name }), abortable(context)),
    ...ABSENT,
  );
  const role = answer?.Role;
  if (role === undefined) return undefined;
  const policy = await orAbsent(
    client.send(new GetRolePolicyCommand({ RoleName: name, PolicyName: POLICY_NAME }), abortable(context)),
    ...ABSENT,
  );
  return {
    name,
    arn: role.Arn ?? '',
    trust: parseDocument(role.AssumeRolePolicyDocument),
    ...(policy?.PolicyDocument === undefined ? {} : { policy: parseDocument(policy.PolicyDocument) }),
    tags: await readTags(context, name),
  };
}

export async function* createRole(
  context: ResourceContext,
  desired: DesiredStack,
  name: string,
  functionName: string,
): AsyncGenerator<Waiting, ActualRole> {
  const client = await context.clients.iam();
  await client.send(
    new CreateRoleCommand({
      RoleName: name,
      Path: ROLE_PATH,
      Description: `ddbcdc: runs ${functionName} on the stream of ${desired.name}`,
      AssumeRolePolicyDocument: JSON.stringify(trustPolicy()),
      Tags: toTagList({
        ...stackTags(desired.name, desired.version, desired.tags),
        [FUNCTION_TAG]: functionName,
        [REGION_TAG]: desired.place.region,
      }),
    }),
    abortable(context),
  );
  const role = yield* pollUntil(
    () => inspectRole(context, name),
    (found) => (found === undefined ? 'the role is not visible yet' : undefined),
    waitFor(context, `role ${name}`, PROPAGATION_LIMIT_MS),
  );
  if (role === undefined) throw new Error('pollUntil returned before the role was there');
  return role;
}

export async function updateRole(
  context: ResourceContext,
  desired: DesiredStack,
  role: ActualRole,
  changes: readonly FieldChange[],
): Promise<void> {
  const client = await context.clients.iam();
  if (changes.some(({ field }) => field.startsWith('trust'))) {
    await client.send(
      new UpdateAssumeRolePolicyCommand({
        RoleName: role.name,
        PolicyDocument: JSON.stringify(trustPolicy()),
      }),
      abortable(context),
    );
  }
  if (changes.some(({ field }) => field.startsWith('tag '))) {
    await client.send(
      new TagRoleCommand({
        RoleName: role.name,
        Tags: toTagList(stackTags(desired.name, desired.version, desired.tags)),
      }),
      abortable(context),
    );
  }
}

export async function* putPolicy(
  context: ResourceContext,
  roleName: string,
  document: PolicyDocument,
): AsyncGenerator<Waiting, void> {
  const client = await context.clients.iam();
  yield* retryWhile(
    () =>
      client.send(
        new PutRolePolicyCommand({
          RoleName: roleName,
          PolicyName: POLICY_NAME,
          PolicyDocument: JSON.stringify(document),
        }),
        abortable(context),
      ),
    (error) => (isNamed(error, ...ABSENT) ? 'the role is not visible yet' : undefined),
    waitFor(context, `role ${roleName}`, PROPAGATION_LIMIT_MS),
  );
}

export async function deletePolicy(context: ResourceContext, roleName: string): Promise<void> {
  const client = await context.clients.iam();
  await orAbsent(
    client.send(
      new DeleteRolePolicyCommand({ RoleName: roleName, PolicyName: POLICY_NAME }),
      abortable(context),
    ),
    ...ABSENT,
  );
}

export async function* deleteRole(context: ResourceContext, name: string): AsyncGenerator<Waiting, void> {
  const client = await context.clients.iam();
  yield* retryWhile(
    () => orAbsent(client.send(new DeleteRoleCommand({ RoleName: name }), abortable(context)), ...ABSENT),
    (error) =>
      isNamed(error, 'ConcurrentModificationException', 'ConcurrentModification')
        ? 'the role is being changed'
        : undefined,
    waitFor(context, `role ${name}`, PROPAGATION_LIMIT_MS),
  );
}

/** The roles of every stack of this account: name and tags. */
export async function listOwnRoles(context: ResourceContext): Promise<{ name: string; tags: Tags }[]> {
  const client = await context.clients.iam();
  const roles: { name: string; tags: Tags }[] = [];
  for (let marker: string | undefined; ; ) {
    const page = await client.send(
      new ListRolesCommand({ PathPrefix: ROLE_PATH, Marker: marker }),
      abortable(context),
    );
    for (const { RoleName: name = '' } of page.Roles ?? []) {
      roles.push({ name, tags: await readTags(context, name) });
    }
    marker = page.Marker;
    if (page.IsTruncated !== true || marker === undefined) return roles;
  }
}

async function readTags(context: ResourceContext, name: string): Promise<Tags> {
  const client = await context.clients.iam();
  let tags: Tags = {};
  for (let marker: string | undefined; ; ) {
    const page = await orAbsent(
      client.send(new ListRoleTagsCommand({ RoleName: name, Marker: marker }), abortable(context)),
      ...ABSENT,
    );
    tags = { ...tags, ...fromTagList(page?.Tags) };
    marker = page?.Marker;
    if (page?.IsTruncated !== true || marker === undefined) return tags;
  }
}

/** IAM gives documents back URL-encoded. A single action or resource comes back as it was sent. */
function parseDocument(text: string | undefined): PolicyDocument {
  // A parsing boundary: what a document edited by hand holds is compared as a whole and never read further.
  return JSON.parse(decodeURIComponent(text ?? '%7B%22Statement%22%3A%5B%5D%7D')) as PolicyDocument;
}
