// A target: where DynamoDB, Streams, Lambda and the rest are. All three kinds hand out the same AWS SDK v3 clients.
import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import type { IAMClient } from '@aws-sdk/client-iam';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import type { STSClient } from '@aws-sdk/client-sts';

export const TARGET_KINDS = ['local', 'endpoint', 'aws'] as const;
export type TargetKind = (typeof TARGET_KINDS)[number];

/** Clients are made on first use, so that a command loads only the services it calls. */
export interface TargetClients {
  dynamodb(): Promise<DynamoDBClient>;
  streams(): Promise<DynamoDBStreamsClient>;
  lambda(): Promise<LambdaClient>;
  iam(): Promise<IAMClient>;
  sts(): Promise<STSClient>;
  logs(): Promise<CloudWatchLogsClient>;
}

export interface Target {
  /** `local` is the embedded engine, `endpoint` any server that speaks the API, `aws` the real thing. */
  readonly kind: TargetKind;
  readonly region: string;
  /** The base URL of a local engine or endpoint; absent for AWS. */
  readonly endpoint?: string;
  readonly profile?: string;
  /** True when reads cost nothing and cross no network: readers may poll faster. */
  readonly loopback: boolean;
  readonly clients: TargetClients;
  /** Closes the clients' sockets. */
  close(): void;
}
