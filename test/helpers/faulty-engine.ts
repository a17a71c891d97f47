// A whole engine in this process, real SDK clients that do not retry, and its fault plan.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { callEngine } from '../../src/local/daemon/client.js';
import { type Engine, startEngine } from '../../src/local/engine.js';
import type { FaultsAnswer } from '../../src/local/faults/admin.js';
import { openServices } from '../../src/local/open-services.js';

export interface FaultyEngine extends AsyncDisposable {
  readonly engine: Engine;
  readonly log: readonly string[];
  readonly dynamodb: DynamoDBClient;
  readonly streams: DynamoDBStreamsClient;
  readonly lambda: LambdaClient;
  readonly logs: CloudWatchLogsClient;
  setFaults(rules: readonly string[], seed?: number): Promise<FaultsAnswer>;
  getFaults(): Promise<FaultsAnswer>;
  clearFaults(): Promise<FaultsAnswer>;
  /** Any other operation of the engine's own. */
  admin(operation: string, input: object): Promise<Record<string, unknown>>;
  /** Creates a table with partition key `Id` (N) and a stream of both images; resolves to the stream's ARN. */
  createTable(name: string): Promise<string>;
}

export async function startFaultyEngine(): Promise<FaultyEngine> {
  const folder = await mkdtemp(join(tmpdir(), 'ddbcdc-faults-'));
  const log: string[] = [];
  const engine = await startEngine({
    dataDir: join(folder, '.ddbcdc'),
    log: (line) => void log.push(line),
    openServices,
  });
  const { endpoint, region, accessKeyId, secretAccessKey } = engine.state;
  const options = { endpoint, region, credentials: { accessKeyId, secretAccessKey }, maxAttempts: 1 };
  const clients = {
    dynamodb: new DynamoDBClient(options),
    streams: new DynamoDBStreamsClient(options),
    lambda: new LambdaClient(options),
    logs: new CloudWatchLogsClient(options),
  };
  // The engine's own answers, whose shape its types give.
  const faults = async (operation: string, input: object): Promise<FaultsAnswer> =>
    (await callEngine(engine.state, operation, input)) as FaultsAnswer;
  return {
    engine,
    log,
    ...clients,
    setFaults: (rules, seed = 1) => faults('SetFaults', { Rules: rules, Seed: seed }),
    getFaults: () => faults('GetFaults', {}),
    clearFaults: () => faults('ClearFaults', {}),
    async admin(operation, input) {
      return (await callEngine(engine.state, operation, input)) as Record<string, unknown>;
    },
    async createTable(name) {
      const { TableDescription } = await clients.dynamodb.send(
        new CreateTableCommand({
          TableName: name,
          BillingMode: 'PAY_PER_REQUEST',
          AttributeDefinitions: [{ AttributeName: 'Id', AttributeType: 'N' }],
          KeySchema: [{ AttributeName: 'Id', KeyType: 'HASH' }],
          StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
        }),
      );
      return TableDescription?.LatestStreamArn ?? '';
    },
    async [Symbol.asyncDispose]() {
      for (const client of Object.values(clients)) client.destroy();
      await engine.close('the test is over');
      await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
    },
  };
}
