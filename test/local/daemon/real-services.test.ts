// The whole engine from outside: the exports as a shell applies them, and a crash while it is written to.
import { spawn } from 'node:child_process';
import {
  BatchWriteItemCommand,
  CreateTableCommand,
  DynamoDBClient,
  paginateScan,
} from '@aws-sdk/client-dynamodb';
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from '@aws-sdk/client-dynamodb-streams';
import { expect, it } from 'vitest';
import { ensureEngine } from '../../../src/local/daemon/ensure.js';
import { engineExports, shellLines } from '../../../src/local/daemon/exports.js';
import type { EngineState } from '../../../src/local/engine-state.js';
import { engineFolder, engineGone, finished } from './engine-folder.js';

const TABLE = 'Numbers';

function settings({ endpoint, region, accessKeyId, secretAccessKey }: EngineState) {
  return { endpoint, region, credentials: { accessKeyId, secretAccessKey } };
}

async function createTable(state: EngineState): Promise<string> {
  const { TableDescription } = await new DynamoDBClient(settings(state)).send(
    new CreateTableCommand({
      TableName: TABLE,
      KeySchema: [{ AttributeName: 'Id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'Id', AttributeType: 'N' }],
      BillingMode: 'PAY_PER_REQUEST',
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
    }),
  );
  return TableDescription?.LatestStreamArn ?? '';
}

it('points every SDK client at the engine through the environment alone', async () => {
  await using folder = await engineFolder();
  const state = await ensureEngine(folder);
  await createTable(state);
  const script = `
    const { DynamoDBClient, ListTablesCommand } = await import('@aws-sdk/client-dynamodb');
    const { DynamoDBStreamsClient, ListStreamsCommand } = await import('@aws-sdk/client-dynamodb-streams');
    const { LambdaClient, ListFunctionsCommand, DeleteFunctionCommand } = await import('@aws-sdk/client-lambda');
    const { CloudWatchLogsClient, DescribeLogGroupsCommand } = await import('@aws-sdk/client-cloudwatch-logs');
    const { STSClient, GetCallerIdentityCommand } = await import('@aws-sdk/client-sts');
    const code = await new LambdaClient().send(new DeleteFunctionCommand({ FunctionName: 'none' })).catch((error) => error.name);
    console.log(JSON.stringify([
      (await new DynamoDBClient().send(new ListTablesCommand())).TableNames,
      (await new DynamoDBStreamsClient().send(new ListStreamsCommand())).Streams.map(({ TableName }) => TableName),
      (await new LambdaClient().send(new ListFunctionsCommand())).Functions,
      (await new CloudWatchLogsClient().send(new DescribeLogGroupsCommand())).logGroups,
      (await new STSClient().send(new GetCallerIdentityCommand())).Account,
      code,
    ]));`;
  const shell = [...shellLines(engineExports(state), 'sh'), 'exec "$0" --input-type=module -e "$1"'].join(
    '\n',
  );
  const { code, stdout, stderr } = await finished(
    spawn('sh', ['-c', shell, process.execPath, script], {
      env: {
        PATH: process.env.PATH,
        // What would lead elsewhere if the exports left it.
        AWS_PROFILE: 'production',
        AWS_SESSION_TOKEN: 'from another session',
        AWS_ENDPOINT_URL_LAMBDA: 'https://lambda.us-east-1.amazonaws.com',
        AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  );
  expect([code, stderr]).toStrictEqual([0, '']);
  expect(JSON.parse(stdout)).toStrictEqual([
    [TABLE],
    [TABLE],
    [],
    [],
    '000000000000',
    'ResourceNotFoundException',
  ]);
});

it('comes back from SIGKILL with every acknowledged write, in the table and in the stream once', async () => {
  await using folder = await engineFolder();
  let state = await ensureEngine(folder);
  const streamArn = await createTable(state);
  const acknowledged = new Set<number>();
  let next = 0;
  for (let crash = 1; crash <= 3; crash += 1) {
    const client = new DynamoDBClient({ ...settings(state), maxAttempts: 1 });
    const gone = await engineGone(state);
    const { pid } = state;
    const enough = next + 400;
    let killed = false;
    await Promise.all(
      [1, 2, 3, 4].map(async () => {
        for (;;) {
          const ids = Array.from({ length: 10 }, () => (next += 1));
          if (next > enough && !killed) {
            killed = process.kill(pid, 'SIGKILL');
          }
          try {
            await client.send(
              new BatchWriteItemCommand({
                RequestItems: {
                  [TABLE]: ids.map((id) => ({ PutRequest: { Item: { Id: { N: String(id) } } } })),
                },
              }),
            );
          } catch {
            return; // the engine is gone
          }
          for (const id of ids) acknowledged.add(id);
        }
      }),
    );
    await gone();
    state = await ensureEngine(folder);
  }
  const inTable = await scan(state);
  const inStream = await readStream(state, streamArn);
  const lost = [...acknowledged].filter((id) => !inTable.includes(id));
  expect(lost).toStrictEqual([]);
  expect(acknowledged.size).toBeGreaterThan(1_000);
  // Also the writes whose answer was lost are in both or in neither.
  expect(inStream).toStrictEqual(inTable);
});

async function scan(state: EngineState): Promise<number[]> {
  const ids: number[] = [];
  const client = new DynamoDBClient(settings(state));
  for await (const { Items = [] } of paginateScan({ client }, { TableName: TABLE })) {
    for (const item of Items) ids.push(Number(item.Id?.N));
  }
  return ids.sort((a, b) => a - b);
}

async function readStream(state: EngineState, StreamArn: string): Promise<number[]> {
  const client = new DynamoDBStreamsClient(settings(state));
  const { StreamDescription } = await client.send(new DescribeStreamCommand({ StreamArn }));
  const ids: number[] = [];
  for (const { ShardId } of StreamDescription?.Shards ?? []) {
    let { ShardIterator } = await client.send(
      new GetShardIteratorCommand({ StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' }),
    );
    while (ShardIterator !== undefined) {
      const { Records = [], NextShardIterator } = await client.send(new GetRecordsCommand({ ShardIterator }));
      for (const record of Records) ids.push(Number(record.dynamodb?.Keys?.Id?.N));
      ShardIterator = Records.length === 0 ? undefined : NextShardIterator;
    }
  }
  return ids.sort((a, b) => a - b);
}
