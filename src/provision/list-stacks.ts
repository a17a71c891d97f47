// Every stack of an account and region, by the tags on tables, functions and roles. Without the tagging API (which needs
// its own permission and client) AWS lists no tags: they are read table by table, and only of functions and roles that
// init could have made. Log groups and mappings always hang on a function, so they are not listed by themselves.
import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { listOwnFunctions } from './find.js';
import { abortable, type ResourceContext } from './resources/context.js';
import { inspectTable } from './resources/table.js';
import { REGION_TAG, stackTagOf } from './tags.js';

export interface ListedStack {
  readonly name: string;
  /** False where the table was adopted, or is gone. */
  readonly table: boolean;
  readonly functions: readonly string[];
  readonly roles: readonly string[];
}

export async function listStacks(
  context: ResourceContext,
  options: { readonly region: string; readonly functionsServed: boolean; readonly roles: boolean },
): Promise<ListedStack[]> {
  const [tables, functions, roles] = await Promise.all([
    listOwnTables(context),
    options.functionsServed ? listOwnFunctions(context) : [],
    options.roles ? listRolesOf(context, options.region) : [],
  ]);
  const names = new Set([...tables, ...functions, ...roles].flatMap(({ tags }) => stackTagOf(tags) ?? []));
  return [...names].sort().map((name) => {
    const mine = (resources: readonly { name: string; tags: Readonly<Record<string, string>> }[]): string[] =>
      resources.filter(({ tags }) => stackTagOf(tags) === name).map((resource) => resource.name);
    return { name, table: mine(tables).length > 0, functions: mine(functions), roles: mine(roles) };
  });
}

async function listOwnTables(context: ResourceContext) {
  const client = await context.clients.dynamodb();
  const own: { name: string; tags: Readonly<Record<string, string>> }[] = [];
  for (let start: string | undefined; ; ) {
    const page = await client.send(
      new ListTablesCommand({ ExclusiveStartTableName: start }),
      abortable(context),
    );
    for (const name of page.TableNames ?? []) {
      const table = await inspectTable(context, name);
      if (table !== undefined && stackTagOf(table.tags) === name) own.push({ name, tags: table.tags });
    }
    start = page.LastEvaluatedTableName;
    if (start === undefined) return own;
  }
}

async function listRolesOf(context: ResourceContext, region: string) {
  const { listOwnRoles } = await import('./resources/role.js');
  return (await listOwnRoles(context)).filter(({ tags }) => tags[REGION_TAG] === region);
}
