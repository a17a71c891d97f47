// The mapping's steps. A mapping is bound to one stream for ever, and a stream to one generation of a table: a mapping
// left on a dead stream is deleted and a new one made. Pure.
import { isStreamOf } from '../names.js';
import type {
  ActualMapping,
  ActualStack,
  DesiredCompute,
  DesiredMapping,
  DesiredStack,
  PlanStep,
  Setting,
} from '../stack.js';
import { stackOf } from '../tags.js';
import { conflict, differ, differStated, differTags, initial, updateOrUnchanged } from './compare.js';

/** A mapping has tags of its own, or (where the server knows none on mappings) those of its function. */
export function ownsMapping(mapping: ActualMapping, actual: ActualStack, stack: string): boolean {
  return stackOf(mapping.tags ?? actual.function?.tags ?? {}) === stack;
}

export function planMapping(
  desired: DesiredStack,
  compute: DesiredCompute,
  actual: ActualStack,
  streamArn: string | undefined,
): PlanStep[] {
  const { live, dead } = sortMappings(desired, actual, streamArn);
  return [
    ...orphans(desired, actual).map(({ uuid }) =>
      conflict(
        'mapping',
        uuid,
        'it feeds a function of this name that is gone, and nothing tells whose it is; delete it: aws lambda delete-event-source-mapping --uuid',
      ),
    ),
    ...dead.map(
      (mapping): PlanStep => ({
        resource: 'mapping',
        name: mapping.uuid,
        action: 'delete',
        reason: "it reads a stream that is no longer the table's",
        changes: [],
      }),
    ),
    live === undefined ? createStep(desired, compute, dead[0]) : existingStep(desired, compute, live, actual),
  ];
}

/** What the mapping is called before it has a UUID. */
export function mappingName(functionName: string, table: string): string {
  return `${functionName} ← ${table}`;
}

/** Every setting that a mapping has once a plan is carried out. */
export type MappingSettings = {
  readonly [K in Exclude<keyof DesiredMapping, 'startingPosition'>]: DesiredMapping[K]['value'];
};

/** What the user stated; else what the stack's mapping (on this stream or on a dead one) has; else the default. */
export function mappingSettings(
  wanted: DesiredMapping,
  existing: ActualMapping | undefined,
): MappingSettings {
  const pick = <T>(setting: Setting<T>, current: T | undefined): T =>
    setting.stated || current === undefined ? setting.value : current;
  return {
    batchSize: pick(wanted.batchSize, existing?.batchSize),
    batchWindowSeconds: pick(wanted.batchWindowSeconds, existing?.batchWindowSeconds),
    parallelization: pick(wanted.parallelization, existing?.parallelization),
    maximumRetries: pick(wanted.maximumRetries, existing?.maximumRetries),
    maximumRecordAgeSeconds: pick(wanted.maximumRecordAgeSeconds, existing?.maximumRecordAgeSeconds),
    bisect: pick(wanted.bisect, existing?.bisect),
    filters: pick(wanted.filters, existing?.filters),
    onFailure: pick(wanted.onFailure, existing?.onFailure),
  };
}

/** The stack's own mappings of this table: the one on its stream, and those left on dead streams. */
export function sortMappings(
  desired: DesiredStack,
  actual: ActualStack,
  streamArn: string | undefined,
): { readonly live?: ActualMapping; readonly dead: readonly ActualMapping[] } {
  const present = actual.mappings.filter(
    ({ state, streamArn: source }) => state !== 'Deleting' && isStreamOf(source, desired.name),
  );
  const live = present.find((mapping) => mapping.streamArn === streamArn);
  const dead = present.filter((mapping) => mapping !== live && ownsMapping(mapping, actual, desired.name));
  return { ...(live === undefined ? {} : { live }), dead };
}

/** Without tags of its own and without its function, a mapping has nobody to be asked about. */
function orphans(desired: DesiredStack, actual: ActualStack): readonly ActualMapping[] {
  if (actual.function !== undefined) return [];
  return actual.mappings.filter(
    ({ tags, state, streamArn }) =>
      tags === undefined && state !== 'Deleting' && isStreamOf(streamArn, desired.name),
  );
}

function createStep(
  desired: DesiredStack,
  compute: DesiredCompute,
  replaced: ActualMapping | undefined,
): PlanStep {
  const settings = mappingSettings(compute.mapping, replaced);
  return {
    resource: 'mapping',
    name: mappingName(compute.function.name, desired.name),
    action: 'create',
    reason: replaced === undefined ? 'there is none' : `it takes the place of ${replaced.uuid}`,
    changes: initial({
      startingPosition: compute.mapping.startingPosition.value,
      ...settings,
      partialResponses: true,
      filters: settings.filters.length === 0 ? null : settings.filters,
    }),
  };
}

function existingStep(
  desired: DesiredStack,
  compute: DesiredCompute,
  live: ActualMapping,
  actual: ActualStack,
): PlanStep {
  const wanted = compute.mapping;
  if (!ownsMapping(live, actual, desired.name)) {
    return conflict(
      'mapping',
      live.uuid,
      'a mapping that ddbcdc did not make already feeds this function from this stream; delete it, or use another --function',
    );
  }
  const position = differStated('startingPosition', live.startingPosition, wanted.startingPosition);
  if (position.length > 0) {
    return conflict(
      'mapping',
      live.uuid,
      'the starting position of a mapping cannot be changed; leave --starting-position out, or ddbcdc destroy --keep-table first',
      position,
    );
  }
  const settings = mappingSettings(wanted, live);
  return updateOrUnchanged('mapping', live.uuid, [
    ...(isStopped(live.state) ? [{ field: 'enabled', from: false, to: true }] : []),
    ...MAPPING_FIELDS.flatMap((field) => differ(field, live[field], settings[field])),
    ...differ('partialResponses', live.partialResponses, true),
    ...(live.tags === undefined ? [] : differTags(live.tags, desired.tags)),
  ]);
}

const MAPPING_FIELDS = [
  'batchSize',
  'batchWindowSeconds',
  'parallelization',
  'maximumRetries',
  'maximumRecordAgeSeconds',
  'bisect',
  'filters',
  'onFailure',
] as const satisfies readonly (keyof MappingSettings)[];

function isStopped(state: string): boolean {
  return state === 'Disabled' || state === 'Disabling';
}
