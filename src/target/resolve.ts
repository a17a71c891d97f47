// From flags, environment and ddbcdc.json to a target that is there: starts the embedded engine when it is chosen.
import type { CommandContext, TargetFlags } from '../commands/context.js';
import type { LoadedConfig } from '../config.js';
import { CliError, EXIT } from '../errors.js';
import { resolveDataDir } from '../local/data-dir.js';
import { startingLine } from '../ui/local.js';
import { chooseTarget } from './choose.js';
import { createClients } from './clients.js';
import { isLoopbackUrl, type ServiceEndpoints, uniformEndpoints } from './endpoints.js';
import { requireProfile } from './profiles.js';
import type { Target } from './target.js';

/** What a server on loopback is signed with when the environment holds no credentials: it needs some, not real ones. */
const PLACEHOLDER_CREDENTIALS = { accessKeyId: 'ddbcdc', secretAccessKey: 'ddbcdc' };

/** Throws usage errors (exit 2), `config.missingRegion`, `config.noProfile` and what starting the engine throws (exit 3). */
export async function resolveTarget(
  flags: TargetFlags,
  context: CommandContext,
  loaded: LoadedConfig,
): Promise<Target> {
  const choice = chooseTarget(flags, context.env, loaded.config);
  switch (choice.kind) {
    case 'local':
      return localTarget(flags, context, loaded);
    case 'endpoint': {
      const { endpoints, region, profile } = choice;
      await requireProfile(profile, context.env);
      return endpointTarget(endpoints, region, profile, context);
    }
    case 'aws': {
      const { endpoints, profile } = choice;
      await requireProfile(profile, context.env);
      const region = choice.region ?? (await profileRegion(profile));
      const { clients, close } = createClients({
        kind: 'aws',
        region,
        ...(endpoints === undefined ? {} : { endpoints }),
        ...(profile === undefined ? {} : { profile }),
      });
      return {
        kind: 'aws',
        region,
        loopback: endpoints !== undefined && isLoopbackUrl(endpoints.streams),
        ...(endpoints === undefined ? {} : { endpoint: endpoints.dynamodb }),
        ...(profile === undefined ? {} : { profile }),
        clients,
        close,
      };
    }
  }
}

async function localTarget(
  flags: TargetFlags,
  context: CommandContext,
  loaded: LoadedConfig,
): Promise<Target> {
  const { ensureEngine } = await import('../local/daemon/ensure.js');
  const engine = await ensureEngine({
    dataDir: resolveDataDir(flags.dataDir, context.env, loaded, context.cwd),
    signal: context.signal,
    onStarting: (reason) => {
      const line = startingLine(reason);
      if (line !== undefined) context.terminal.note(line);
    },
    ...(flags.port === undefined ? {} : { port: flags.port }),
  });
  const { accessKeyId, secretAccessKey, endpoint, region } = engine;
  const { clients, close } = createClients({
    kind: 'local',
    region,
    endpoints: uniformEndpoints(endpoint),
    credentials: { accessKeyId, secretAccessKey },
  });
  return { kind: 'local', region, endpoint, loopback: true, clients, close };
}

function endpointTarget(
  endpoints: ServiceEndpoints,
  region: string,
  profile: string | undefined,
  context: CommandContext,
): Target {
  const loopback = isLoopbackUrl(endpoints.streams);
  const hasCredentials =
    profile !== undefined || Boolean(context.env.AWS_ACCESS_KEY_ID ?? context.env.AWS_PROFILE);
  const { clients, close } = createClients({
    kind: 'endpoint',
    region,
    endpoints,
    ...(profile === undefined ? {} : { profile }),
    ...(loopback && !hasCredentials ? { credentials: PLACEHOLDER_CREDENTIALS } : {}),
  });
  return {
    kind: 'endpoint',
    region,
    endpoint: endpoints.dynamodb,
    loopback,
    ...(profile === undefined ? {} : { profile }),
    clients,
    close,
  };
}

/** The profile's region as the SDK finds it. */
async function profileRegion(profile: string | undefined): Promise<string> {
  const { clients, close } = createClients({ kind: 'aws', ...(profile === undefined ? {} : { profile }) });
  try {
    return await (await clients.dynamodb()).config.region();
  } catch (error) {
    throw new CliError(
      'config.missingRegion',
      'no AWS region is set, by flag, environment, ddbcdc.json or profile',
      {
        exitCode: EXIT.precondition,
        hint: 'add --region us-east-1, or set AWS_REGION',
        cause: error,
      },
    );
  } finally {
    close();
  }
}
