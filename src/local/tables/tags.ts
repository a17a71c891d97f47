import { ServiceError } from '../service.js';
import { type Catalog, requireTable, storeRow } from './catalog.js';
import type { RequestBody } from './item-operations.js';
import type { TableState } from './table-state.js';

const MAX_TAGS = 50;

/** Reads a list of tags as AWS requests carry them. Later tags of the same key win. */
export function readTags(value: unknown): Readonly<Record<string, string>> {
  if (value === undefined || value === null) return {};
  if (!Array.isArray(value)) throw new ServiceError('SerializationException', 'Unexpected field type');
  const tags: Record<string, string> = {};
  for (const tag of value as readonly unknown[]) {
    const { Key, Value } = (tag ?? {}) as Readonly<Record<string, unknown>>;
    if (typeof Key !== 'string' || Key === '' || typeof Value !== 'string') {
      throw new ServiceError(
        'ValidationException',
        'One or more parameter values were invalid: A tag needs a Key and a Value',
      );
    }
    tags[Key] = Value;
  }
  if (Object.keys(tags).length > MAX_TAGS) {
    throw new ServiceError('ValidationException', `Too many tags: a table can have at most ${MAX_TAGS}`);
  }
  return tags;
}

/** TagResource. */
export async function tagResource(catalog: Catalog, body: RequestBody): Promise<unknown> {
  const table = tableOfResource(catalog, body);
  const tags = readTags(body.Tags);
  await catalog.commits.commit((batch) => {
    storeRow(batch, table, { ...table.row, tags: { ...table.row.tags, ...tags } });
  });
  return {};
}

/** UntagResource. */
export async function untagResource(catalog: Catalog, body: RequestBody): Promise<unknown> {
  const table = tableOfResource(catalog, body);
  const keys = new Set(Array.isArray(body.TagKeys) ? body.TagKeys : []);
  await catalog.commits.commit((batch) => {
    const tags = Object.fromEntries(Object.entries(table.row.tags).filter(([key]) => !keys.has(key)));
    storeRow(batch, table, { ...table.row, tags });
  });
  return {};
}

/** ListTagsOfResource. */
export function listTagsOfResource(catalog: Catalog, body: RequestBody): unknown {
  const { tags } = tableOfResource(catalog, body).row;
  return { Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) };
}

function tableOfResource(catalog: Catalog, body: RequestBody): TableState {
  const arn = body.ResourceArn;
  if (typeof arn !== 'string' || !arn.startsWith('arn:')) {
    throw new ServiceError(
      'ValidationException',
      `Invalid TableArn: Invalid ResourceArn provided as input ${arn}`,
    );
  }
  try {
    return requireTable(catalog, arn);
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    throw new ServiceError(error.type, `Requested resource not found: ResourcArn: ${arn} not found`);
  }
}
