import type { StreamViewType } from '../../model/wire.js';
import { ServiceError } from '../service.js';

const VIEW_TYPES: readonly string[] = ['KEYS_ONLY', 'NEW_IMAGE', 'OLD_IMAGE', 'NEW_AND_OLD_IMAGES'];

/** What a request wants of a table's stream: to enable it with a view type, or to disable it. */
export type StreamSpecification =
  | { readonly enabled: true; readonly viewType: StreamViewType }
  | { readonly enabled: false };

/** What AWS says when the view type is missing, or is there although the stream is off. */
const VIEW_TYPE_RULES = {
  CreateTable: {
    missing: 'Table is being created with a stream enabled, UpdateViewType is required',
    forbidden: 'Table is being created with a stream disabled, UpdateViewType should not be specified',
  },
  UpdateTable: {
    missing: 'If stream is being enabled then UpdateViewType is required',
    forbidden: 'If stream is being disabled, then UpdateViewType must not be specified',
  },
} as const;

/** Reads the StreamSpecification of a request; `undefined` when it has none. Throws ValidationException. */
export function readStreamSpecification(
  operation: keyof typeof VIEW_TYPE_RULES,
  value: unknown,
): StreamSpecification | undefined {
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
  const rules = VIEW_TYPE_RULES[operation];
  if (enabled && viewType !== undefined) return { enabled, viewType };
  if (!enabled && viewType === undefined) return { enabled };
  throw new ServiceError(
    'ValidationException',
    `One or more parameter values were invalid: ${enabled ? rules.missing : rules.forbidden}`,
  );
}

function isViewType(value: unknown): value is StreamViewType {
  return typeof value === 'string' && VIEW_TYPES.includes(value);
}
