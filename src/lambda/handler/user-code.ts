// What a user's file exported, made into what the handler works with. Runs at cold start, and in the command line
// before anything is deployed.
import type { Model } from '../../model/index.js';
import type { ChangeHandler } from './types.js';

/** The model that a default export is; undefined for anything else. Told by shape, not by class. */
export function modelFrom(exported: unknown): Model | undefined {
  return isModel(exported) ? exported : undefined;
}

/** As `modelFrom`, for the bundle's entry: throws where the export is no model. */
export function requireModel(exported: unknown): Model {
  const model = modelFrom(exported);
  if (model === undefined) throw new TypeError('the default export of the model file is not a model');
  return model;
}

/** The user's handler; throws where the export is no function. */
export function requireChangeHandler(exported: unknown): ChangeHandler {
  if (typeof exported !== 'function') {
    throw new TypeError('the default export of the handler file is not a function');
  }
  // What a function takes and returns cannot be seen from here; its answer is checked when it comes.
  return exported as ChangeHandler;
}

function isModel(value: unknown): value is Model {
  return (
    typeof value === 'object' &&
    value !== null &&
    'decode' in value &&
    typeof value.decode === 'function' &&
    'parse' in value &&
    typeof value.parse === 'function' &&
    // Schemas of validation libraries have `parse` and may have `decode`, both with another meaning.
    !('~standard' in value)
  );
}
