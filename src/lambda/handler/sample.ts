// The model of a function that was deployed without one.
import type { Model } from '../../model/change.js';
import { sampleModel } from '../../model/index.js';
import type { StreamRecord } from '../../model/wire.js';

/**
 * The sample model for a record of a table of the sample's shape (partition key `Id` of type Number and no sort key);
 * undefined, that is generic decoding, for any other.
 */
export function sampleModelFor(record: StreamRecord): Model | undefined {
  // Nothing is taken for granted: a record that is no record must become an issue, not stop its batch.
  const keys: unknown = record?.dynamodb?.Keys;
  if (typeof keys !== 'object' || keys === null || Object.keys(keys).join() !== 'Id') return undefined;
  const { Id: id } = keys as { readonly Id?: { readonly N?: unknown } | null };
  return id?.N === undefined ? undefined : sampleModel;
}
