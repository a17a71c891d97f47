// AWS SDK v3 clients for a target, each loaded and made on first use.
import type { AwsCredentialIdentity } from '@aws-sdk/types';
import { type CallPlace, noteCallPlace } from './call-place.js';
import type { ServiceEndpoints, ServiceName } from './endpoints.js';
import type { TargetClients, TargetKind } from './target.js';

export interface ClientSettings {
  readonly kind: TargetKind;
  readonly region?: string;
  readonly endpoints?: ServiceEndpoints;
  /** Absent: the SDK's default chain. */
  readonly credentials?: AwsCredentialIdentity;
  readonly profile?: string;
}

interface Closable {
  destroy(): void;
}

/** A dead loopback port refuses at once; across a network, give up on a silent host before a person does. */
const CONNECTION_TIMEOUT_MS = 5_000;
/** Longer than a synchronous Lambda invocation's usual wait, shorter than a forgotten terminal. */
const REQUEST_TIMEOUT_MS = 60_000;
/** DynamoDB answers within milliseconds, and a page of a stream within a second. */
const DYNAMODB_TIMEOUT_MS = 15_000;

export function createClients(settings: ClientSettings): { clients: TargetClients; close(): void } {
  const made = new Map<ServiceName, Promise<Closable>>();

  function config(service: ServiceName) {
    const endpoint = settings.endpoints?.[service];
    return {
      ...(settings.region === undefined ? {} : { region: settings.region }),
      ...(endpoint === undefined ? {} : { endpoint }),
      ...(settings.credentials === undefined ? {} : { credentials: settings.credentials }),
      ...(settings.profile === undefined ? {} : { profile: settings.profile }),
      requestHandler: {
        connectionTimeout: CONNECTION_TIMEOUT_MS,
        requestTimeout: service === 'lambda' ? REQUEST_TIMEOUT_MS : DYNAMODB_TIMEOUT_MS,
        // Without it, the SDK only prints a warning and goes on waiting.
        throwOnRequestTimeout: true,
      },
    };
  }

  function place(service: ServiceName): CallPlace {
    const { kind, region, endpoints, profile } = settings;
    return {
      kind,
      ...(region === undefined ? {} : { region }),
      ...(endpoints === undefined ? {} : { endpoint: endpoints[service] }),
      ...(profile === undefined ? {} : { profile }),
    };
  }

  function once<C extends Closable>(service: ServiceName, make: () => Promise<C>): () => Promise<C> {
    return () => {
      // The map holds exactly what `make` gave for this service.
      const client = (made.get(service) as Promise<C> | undefined) ?? make();
      made.set(service, client);
      return client;
    };
  }

  return {
    clients: {
      dynamodb: once('dynamodb', async () => {
        const { DynamoDBClient } = await import('@aws-sdk/client-dynamodb');
        return noteCallPlace(new DynamoDBClient(config('dynamodb')), place('dynamodb'));
      }),
      streams: once('streams', async () => {
        const { DynamoDBStreamsClient } = await import('@aws-sdk/client-dynamodb-streams');
        return noteCallPlace(new DynamoDBStreamsClient(config('streams')), place('streams'));
      }),
      lambda: once('lambda', async () => {
        const { LambdaClient } = await import('@aws-sdk/client-lambda');
        return noteCallPlace(new LambdaClient(config('lambda')), place('lambda'));
      }),
      iam: once('iam', async () => {
        const { IAMClient } = await import('@aws-sdk/client-iam');
        return noteCallPlace(new IAMClient(config('iam')), place('iam'));
      }),
      sts: once('sts', async () => {
        const { STSClient } = await import('@aws-sdk/client-sts');
        return noteCallPlace(new STSClient(config('sts')), place('sts'));
      }),
      logs: once('logs', async () => {
        const { CloudWatchLogsClient } = await import('@aws-sdk/client-cloudwatch-logs');
        return noteCallPlace(new CloudWatchLogsClient(config('logs')), place('logs'));
      }),
    },
    close() {
      for (const client of made.values()) client.then((c) => c.destroy()).catch(() => {});
    },
  };
}
