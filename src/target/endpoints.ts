// Which endpoint the environment gives each service. The SDK resolves each service on its own, so that a variable for
// DynamoDB alone would leave Streams and Lambda on production. Here the services of one run always go together.
import { CliError, EXIT } from '../errors.js';

/** Our services by the suffix of their `AWS_ENDPOINT_URL_…` variable (SDK reference guide, "Service-specific endpoints"). */
export const SERVICE_VARIABLES = {
  dynamodb: 'DYNAMODB',
  streams: 'DYNAMODB_STREAMS',
  lambda: 'LAMBDA',
  iam: 'IAM',
  sts: 'STS',
  logs: 'CLOUDWATCH_LOGS',
} as const;

export type ServiceName = keyof typeof SERVICE_VARIABLES;
export type ServiceEndpoints = Readonly<Record<ServiceName, string>>;

type Environment = Readonly<Record<string, string | undefined>>;

/** True for `localhost`, `*.localhost`, 127.0.0.0/8 and `[::1]`. */
export function isLoopbackUrl(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const host = new URL(url).hostname.toLowerCase();
  return (
    host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || /^127(\.\d+){3}$/.test(host)
  );
}

/** The URL without a trailing slash. Throws `target.badEndpoint` (exit 2) unless it is http or https. */
export function parseEndpoint(url: string, source: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !/^https?:$/.test(parsed.protocol)) {
    throw new CliError('target.badEndpoint', `${source} is "${url}", which is not an http or https URL`, {
      exitCode: EXIT.usage,
      hint: 'give a URL such as http://127.0.0.1:8000',
    });
  }
  return url.replace(/\/+$/, '');
}

/**
 * The endpoints that the environment sets, or undefined when it sets none.
 * A service without a variable of its own follows the others, so none is left on AWS by omission.
 * Throws `target.mixedEndpoints` (exit 3) when one service goes to loopback and another elsewhere.
 */
export function environmentEndpoints(env: Environment): ServiceEndpoints | undefined {
  if (env.AWS_IGNORE_CONFIGURED_ENDPOINT_URLS === 'true') return undefined;
  const set = new Map<ServiceName, { variable: string; url: string }>();
  const general = readVariable(env, 'AWS_ENDPOINT_URL');
  for (const [service, suffix] of Object.entries(SERVICE_VARIABLES) as [ServiceName, string][]) {
    const own = readVariable(env, `AWS_ENDPOINT_URL_${suffix}`) ?? general;
    if (own !== undefined) set.set(service, own);
  }
  const first = set.values().next().value;
  if (first === undefined) return undefined;
  const loopback = [...set].find(([, { url }]) => isLoopbackUrl(url));
  const remote = [...set].find(([, { url }]) => !isLoopbackUrl(url));
  if (loopback !== undefined && remote !== undefined) {
    throw new CliError(
      'target.mixedEndpoints',
      `${loopback[1].variable} sends ${loopback[0]} to ${loopback[1].url}, but ${remote[1].variable} sends ${remote[0]} to ${remote[1].url}`,
      {
        exitCode: EXIT.precondition,
        hint: `unset one of the two, or choose with --endpoint-url ${loopback[1].url}, --target local or --target aws`,
      },
    );
  }
  const pick = (service: ServiceName): string => (set.get(service) ?? set.get('dynamodb') ?? first).url;
  return {
    dynamodb: pick('dynamodb'),
    streams: pick('streams'),
    lambda: pick('lambda'),
    iam: pick('iam'),
    sts: pick('sts'),
    logs: pick('logs'),
  };
}

/** Every service at one URL. */
export function uniformEndpoints(url: string): ServiceEndpoints {
  return { dynamodb: url, streams: url, lambda: url, iam: url, sts: url, logs: url };
}

function readVariable(env: Environment, variable: string): { variable: string; url: string } | undefined {
  const value = env[variable];
  return value === undefined || value === '' ? undefined : { variable, url: parseEndpoint(value, variable) };
}
