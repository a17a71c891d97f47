// A mapping's settings as Lambda's API takes them. Pure.
import type { UpdateEventSourceMappingCommandInput } from '@aws-sdk/client-lambda';
import type { MappingSettings } from '../plan/mapping.js';

const SETTINGS = {
  batchSize: ({ batchSize }) => ({ BatchSize: batchSize }),
  batchWindowSeconds: (settings) => ({ MaximumBatchingWindowInSeconds: settings.batchWindowSeconds }),
  parallelization: ({ parallelization }) => ({ ParallelizationFactor: parallelization }),
  maximumRetries: ({ maximumRetries }) => ({ MaximumRetryAttempts: maximumRetries }),
  maximumRecordAgeSeconds: (settings) => ({ MaximumRecordAgeInSeconds: settings.maximumRecordAgeSeconds }),
  bisect: ({ bisect }) => ({ BisectBatchOnFunctionError: bisect }),
  // In an update, empty criteria and an empty destination take away those that were there.
  filters: ({ filters }) => ({ FilterCriteria: { Filters: filters.map((Pattern) => ({ Pattern })) } }),
  onFailure: ({ onFailure }) => ({
    DestinationConfig: { OnFailure: onFailure === null ? {} : { Destination: onFailure } },
  }),
} as const satisfies Record<keyof MappingSettings, (settings: MappingSettings) => SettingsInput>;

type SettingsInput = Omit<UpdateEventSourceMappingCommandInput, 'UUID'>;

/** For a mapping that is made: criteria and destination only where there are some. */
export function newSettings(settings: MappingSettings): SettingsInput {
  const { filters, onFailure, ...numbers } = SETTINGS;
  return {
    ...merge(Object.values(numbers), settings),
    ...(settings.filters.length === 0 ? {} : filters(settings)),
    ...(settings.onFailure === null ? {} : onFailure(settings)),
  };
}

/** For an update: only the settings that the plan lists. */
export function changedSettings(settings: MappingSettings, changed: ReadonlySet<string>): SettingsInput {
  const writers = Object.entries(SETTINGS).filter(([field]) => changed.has(field));
  return merge(
    writers.map(([, writer]) => writer),
    settings,
  );
}

function merge(
  writers: readonly ((settings: MappingSettings) => SettingsInput)[],
  settings: MappingSettings,
): SettingsInput {
  return Object.assign({}, ...writers.map((write) => write(settings)));
}
