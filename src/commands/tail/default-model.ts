// The model of a tail that was given none: the sample model for the sample table's shape, generic decoding otherwise.
import { type Config, DEFAULT_TABLE } from '../../config.js';
import { type Model, sampleModel } from '../../model/index.js';

const SAMPLE_KEY = 'Id:N';

/**
 * `ddbcdc.json` knows the shape of the table that `init` made, and the function that was deployed for it decodes by the
 * same rule: there the sample model is strict, and an item without a Message is named. Of any other table nothing is
 * known but its images: those that look like the sample's go through the model, the others stay generic.
 */
export function defaultModel(table: string, config: Config): Model | undefined {
  if (config.table === table && config.partitionKey !== undefined) {
    return config.partitionKey === SAMPLE_KEY && config.sortKey === undefined ? sampleModel : undefined;
  }
  return table === DEFAULT_TABLE ? sampleModel : sampleWhereItFits;
}

const sampleWhereItFits: Model = {
  name: sampleModel.name,
  decode: (image) => (looksLikeSample(image) ? sampleModel.decode(image) : GENERIC),
  parse: (image) => (looksLikeSample(image) ? sampleModel.parse(image) : undefined),
};

/** No model value: the change has its images, decoded generically. */
const GENERIC = { ok: true, value: undefined } as const;

function looksLikeSample(image: unknown): boolean {
  return hasType(image, 'Id', 'N') && hasType(image, 'Message', 'S') && hasType(image, 'EntityType', 'S');
}

function hasType(image: unknown, name: string, type: string): boolean {
  if (!isObject(image) || !Object.hasOwn(image, name)) return false;
  const value = image[name];
  return isObject(value) && value[type] !== undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
