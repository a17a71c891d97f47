// Finds everything of a stack again without ddbcdc.json: by tag, by the names that follow from others, and by way of the
// table's stream. AWS has no call "all resources with this tag" outside the tagging API, which needs a permission of its
// own; so functions are listed and the tags of those that could be ours are read.
import { type FunctionConfiguration, ListFunctionsCommand, ListTagsCommand } from '@aws-sdk/client-lambda';
import { isStreamOf, logGroupName, ROLE_PATH } from './names.js';
import type { FoundStack } from './plan/destroy.js';
import { ARCHITECTURE } from './plan/function.js';
import { abortable, orAbsent, type ResourceContext } from './resources/context.js';
import { inspectFunction } from './resources/function.js';
import { listMappings, withMappingTags } from './resources/mapping.js';
import { inspectTable } from './resources/table.js';
import type { ActualFunction, ActualRole } from './stack.js';
import { FUNCTION_TAG, REGION_TAG, stackOf, stackTagOf, type Tags } from './tags.js';

export interface FindOptions {
  /** The stack's name, which is its table's. */
  readonly stack: string;
  readonly region: string;
  /** Names to look at in any case. */
  readonly functions: readonly string[];
  /** False where the server has no IAM. */
  readonly roles: boolean;
  /** False where the server has only DynamoDB. */
  readonly functionsServed: boolean;
}

export async function findStack(context: ResourceContext, options: FindOptions): Promise<FoundStack> {
  const { stack, region } = options;
  const table = await inspectTable(context, stack);
  const base = table === undefined ? {} : { table };
  if (!options.functionsServed) {
    return { ...base, mappings: [], functions: [], logGroups: [], roles: [] };
  }
  const [tagged, roles, onStream] = await Promise.all([
    listOwnFunctions(context),
    options.roles ? findRoles(context, stack, region) : [],
    table?.streamArn === undefined ? [] : listMappings(context, { streamArn: table.streamArn }),
  ]);
  const names = new Set([
    ...options.functions,
    ...tagged.filter(({ tags }) => stackOf(tags) === stack).map(({ name }) => name),
    ...onStream.flatMap(({ functionArn }) => functionArn.split(':')[6] ?? []),
    ...(roles ?? []).flatMap(({ tags }) => tags[FUNCTION_TAG] ?? []),
  ]);
  const perFunction = await Promise.all([...names].map((name) => findFunction(context, stack, name)));
  const functions = perFunction.flatMap(({ found }) => found ?? []);
  return {
    ...base,
    mappings: perFunction.flatMap(({ mappings }) => mappings),
    functions,
    logGroups: perFunction.flatMap(({ logGroup }) => logGroup ?? []),
    roles: roles ?? (await readRoles(context, functions.flatMap(managedRoleOf))),
  };
}

/** The functions of all stacks in the region, with their tags. */
export async function listOwnFunctions(
  context: ResourceContext,
): Promise<{ readonly name: string; readonly tags: Tags }[]> {
  const client = await context.clients.lambda();
  const own: { name: string; tags: Tags }[] = [];
  for (let marker: string | undefined; ; ) {
    const page = await client.send(new ListFunctionsCommand({ Marker: marker }), abortable(context));
    for (const configuration of (page.Functions ?? []).filter(couldBeOurs)) {
      const { Tags } = await client.send(
        new ListTagsCommand({ Resource: configuration.FunctionArn }),
        abortable(context),
      );
      const tags = { ...Tags };
      if (stackTagOf(tags) !== undefined) own.push({ name: configuration.FunctionName ?? '', tags });
    }
    marker = page.NextMarker;
    if (marker === undefined || marker === '') return own;
  }
}

/** Spares a call for the tags of functions that init never makes: ListFunctions has no tags. */
function couldBeOurs(configuration: FunctionConfiguration): boolean {
  return (
    configuration.Handler === 'index.handler' && configuration.Architectures?.includes(ARCHITECTURE) === true
  );
}

async function findFunction(context: ResourceContext, stack: string, name: string) {
  const { inspectLogGroup } = await import('./resources/log-group.js');
  const [found, listed, logGroup] = await Promise.all([
    inspectFunction(context, name),
    listMappings(context, { functionName: name }),
    inspectLogGroup(context, logGroupName(name)),
  ]);
  const mappings = await Promise.all(
    listed
      .filter(({ streamArn }) => isStreamOf(streamArn, stack))
      .map((mapping) => withMappingTags(context, mapping)),
  );
  return { found, mappings, logGroup };
}

/**
 * IAM is loaded only where there is one. Undefined for a caller who may not list roles, as one may well be who gave init
 * a role: then only the roles that the functions name are looked at.
 */
async function findRoles(
  context: ResourceContext,
  stack: string,
  region: string,
): Promise<ActualRole[] | undefined> {
  const { listOwnRoles } = await import('./resources/role.js');
  const own = await orAbsent(listOwnRoles(context), 'AccessDenied', 'AccessDeniedException');
  if (own === undefined) return undefined;
  return readRoles(
    context,
    own.filter(({ tags }) => stackOf(tags) === stack && tags[REGION_TAG] === region).map(({ name }) => name),
  );
}

function managedRoleOf({ roleArn }: ActualFunction): string[] {
  const name = roleArn.split(`:role${ROLE_PATH}`)[1];
  return name === undefined ? [] : [name];
}

async function readRoles(context: ResourceContext, names: readonly string[]): Promise<ActualRole[]> {
  if (names.length === 0) return [];
  const { inspectRole } = await import('./resources/role.js');
  const roles = await Promise.all(names.map((name) => inspectRole(context, name)));
  return roles.flatMap((role) => role ?? []);
}

/** The function of a stack whose name nobody remembers: the first that reads the table's stream. */
export async function findFunctionOfStream(
  context: ResourceContext,
  table: string,
): Promise<string | undefined> {
  const streamArn = (await inspectTable(context, table))?.streamArn;
  if (streamArn === undefined) return undefined;
  const [mapping] = await listMappings(context, { streamArn });
  return mapping?.functionArn.split(':')[6];
}
