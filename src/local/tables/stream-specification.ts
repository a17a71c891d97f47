import type { StreamViewType } from '../../model/wire.js';
import { ServiceError } from '../service.js';

const VIEW_TYPES: readonly string[] = ['KEYS_ONLY', 'NEW_IMAGE', 'OLD_IMAGE', 'NEW_AND_OLD_IMAGES'];

/** What a request wants of a table's stream: to enable it with a view type, or to disable it. */
export type StreamSpecification =
  | { readonly enabled: true; readonly viewType: StreamViewType }
  | { readonly enabled: false };

/** Reads the StreamSpecification of CreateTable and UpdateTable; `undefined` when the request has none. */
export function readStreamSpecification(value: unknown): StreamSpecification | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw new ServiceError('SerializationException', 'Unexpected field type');
  }
  const enabled = 'StreamEnabled' in value ? value.StreamEnabled : undefined;
  const viewType = 'StreamViewType' in value ? (value.StreamViewType ?? undefined) : undefined;
  if (typeof enabled !== 'boolean') {
    throw new ServiceError(
      'ValidationException',
      "1 validation error detected: Value null at 'streamSpecification.streamEnabled' failed to satisfy constraint: Member must not be null",
    );
  }
  if (viewType !== undefined && !isViewType(viewType)) {
    throw new ServiceError(
      'ValidationException',
      `1 validation error detected: Value '${String(viewType)}' at 'streamSpecification.streamViewType' failed to satisfy constraint: Member must satisfy enum value set: [${VIEW_TYPES.join(', ')}]`,
    );
  }
  if (!enabled) {
    if (viewType !== undefined) {
      throw new ServiceError(
        'ValidationException',
        'One or more parameter values were invalid: StreamViewType cannot be specified when StreamEnabled is false',
      );
    }
    return { enabled: false };
  }
  if (viewType === undefined) {
    throw new ServiceError(
      'ValidationException',
      'One or more parameter values were invalid: StreamViewType must be specified when StreamEnabled is true',
    );
  }
  return { enabled: true, viewType };
}

function isViewType(value: unknown): value is StreamViewType {
  return typeof value === 'string' && VIEW_TYPES.includes(value);
}
