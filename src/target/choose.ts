// Which target a command runs against: flag, DDBCDC_*, AWS_*, ddbcdc.json, then the embedded engine.
// Pure: it reads nothing but its arguments, so that the whole precedence is tested as a table.
import type { TargetFlags } from '../commands/context.js';
import type { Config } from '../config.js';
import { CliError, EXIT, usageError } from '../errors.js';
import { environmentEndpoints, parseEndpoint, type ServiceEndpoints, uniformEndpoints } from './endpoints.js';

type Environment = Readonly<Record<string, string | undefined>>;

export type TargetChoice =
  | { readonly kind: 'local'; readonly region: string }
  | {
      readonly kind: 'endpoint';
      readonly region: string;
      readonly endpoints: ServiceEndpoints;
      readonly profile?: string;
    }
  | {
      readonly kind: 'aws';
      /** Absent: the profile's, found by the SDK. */
      readonly region?: string;
      /** Set when the environment overrides AWS's own endpoints. */
      readonly endpoints?: ServiceEndpoints;
      readonly profile?: string;
    };

/** Served by the embedded engine, and what an endpoint without a region is signed for. */
export const DEFAULT_REGION = 'us-east-1';
/** It becomes a part of host names. */
const REGION = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;

/** Throws usage errors (exit 2) for contradictory flags, `target.mixedEndpoints` (exit 3) for a split environment. */
export function chooseTarget(flags: TargetFlags, env: Environment, config: Config): TargetChoice {
  const region =
    flags.region ??
    text(env.DDBCDC_REGION) ??
    text(env.AWS_REGION) ??
    text(env.AWS_DEFAULT_REGION) ??
    config.region;
  if (region !== undefined && !REGION.test(region)) {
    throw usageError('config.badRegion', `"${region}" cannot be an AWS region`, 'regions are like us-east-1');
  }
  const profile = flags.profile ?? text(env.DDBCDC_PROFILE);
  const withProfile = (saved?: string) => {
    const name = profile ?? saved;
    return name === undefined ? {} : { profile: name };
  };

  const place = chosenPlace(flags, env, config);
  switch (place.kind) {
    case 'local':
      if (flags.profile !== undefined) {
        throw usageError(
          'target.profileWithoutAws',
          `--profile ${flags.profile} names AWS credentials, but the target is the local engine`,
          'add --target aws, or drop --profile',
        );
      }
      return { kind: 'local', region: DEFAULT_REGION };
    case 'endpoint':
      return {
        kind: 'endpoint',
        region: region ?? DEFAULT_REGION,
        endpoints: place.endpoints,
        ...withProfile(),
      };
    case 'aws':
      return {
        kind: 'aws',
        ...(region === undefined ? {} : { region }),
        ...(place.endpoints === undefined ? {} : { endpoints: place.endpoints }),
        ...withProfile(config.profile),
      };
  }
}

type Place =
  | { readonly kind: 'local' }
  | { readonly kind: 'endpoint'; readonly endpoints: ServiceEndpoints }
  | { readonly kind: 'aws'; readonly endpoints: ServiceEndpoints | undefined };

function chosenPlace(flags: TargetFlags, env: Environment, config: Config): Place {
  const levels = [
    { target: flags.target, url: flags.endpointUrl, names: ['--target', '--endpoint-url'] },
    {
      target: text(env.DDBCDC_TARGET),
      url: text(env.DDBCDC_ENDPOINT_URL),
      names: ['DDBCDC_TARGET', 'DDBCDC_ENDPOINT_URL'],
    },
  ] as const;
  for (const level of levels) {
    const place = placeOf(level.target, level.url, level.names, env);
    if (place !== undefined) return place;
  }
  const endpoints = environmentEndpoints(env);
  if (endpoints !== undefined) return { kind: 'endpoint', endpoints };
  const saved = placeOf(
    config.target,
    config.endpointUrl,
    ['"target" in ddbcdc.json', '"endpointUrl" in ddbcdc.json'],
    env,
  );
  return saved ?? { kind: 'local' };
}

function placeOf(
  target: string | undefined,
  url: string | undefined,
  names: readonly [string, string],
  env: Environment,
): Place | undefined {
  if (target === 'local' && url !== undefined) {
    throw usageError(
      'target.conflict',
      `${names[0]} is local, the embedded engine, but ${names[1]} names another server`,
      'give one of the two',
    );
  }
  if (target === 'aws') {
    return {
      kind: 'aws',
      endpoints:
        url === undefined ? environmentEndpoints(env) : uniformEndpoints(parseEndpoint(url, names[1])),
    };
  }
  if (url !== undefined)
    return { kind: 'endpoint', endpoints: uniformEndpoints(parseEndpoint(url, names[1])) };
  if (target === 'local') return { kind: 'local' };
  if (target === undefined || target === 'endpoint') return undefined;
  throw new CliError('target.unknown', `${names[0]} is "${target}"; it takes local or aws`, {
    exitCode: EXIT.usage,
  });
}

function text(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}
