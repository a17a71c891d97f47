// The model of a function that was deployed without one.
import type { Model } from '../../model/change.js';
import { sampleModel } from '../../model/index.js';
import type { StreamRecord } from '../../model/wire.js';

/**
 * The sample model for a record of a table of the sample's shape (partition key `Id` of type Number and no sort key);
 * undefined, that is generic decoding, for any other.
 */
export function sampleModelFor(record: StreamRecord): Model | undefined {
  const keys = record.dynamodb?.Keys;
  if (keys === undefined) return undefined;
  const names = Object.keys(keys);
  const id = names.length === 1 && names[0] === 'Id' ? keys.Id : undefined;
  return id !== undefined && 'N' in id ? sampleModel : undefined;
}
