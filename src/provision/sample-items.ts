// A sample of a table's items, for inferring a model from.
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import type { AttributeMap } from '../model/index.js';
import { abortable, orAbsent, type ResourceContext } from './resources/context.js';

/** Enough to see rare attributes; at 4 kB an item, some 500 read units on AWS. */
const SAMPLE_SIZE = 1000;

/** Empty where there is no such table, or nothing in it. Items are in the SDK's shape: binary as bytes. */
export async function sampleItems(context: ResourceContext, table: string): Promise<AttributeMap[]> {
  const client = await context.clients.dynamodb();
  const items: AttributeMap[] = [];
  let start: Record<string, never> | undefined;
  do {
    const page = await orAbsent(
      client.send(
        new ScanCommand({
          TableName: table,
          Limit: SAMPLE_SIZE - items.length,
          ...(start === undefined ? {} : { ExclusiveStartKey: start }),
        }),
        abortable(context),
      ),
      'ResourceNotFoundException',
    );
    // The SDK's union has a member for kinds that it does not know; inference leaves such values out.
    items.push(...((page?.Items ?? []) as AttributeMap[]));
    start = page?.LastEvaluatedKey as Record<string, never> | undefined;
  } while (start !== undefined && items.length < SAMPLE_SIZE);
  return items;
}
