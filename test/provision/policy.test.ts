import { expect, it } from 'vitest';
import { handlerPolicy, trustPolicy } from '../../src/provision/policy.js';

const SCOPE = {
  place: { partition: 'aws-cn', region: 'cn-north-1', accountId: '123456789012' },
  table: 'Orders',
  functionName: 'orders-handler',
  streamArn: 'arn:aws-cn:dynamodb:cn-north-1:123456789012:table/Orders/stream/2026-11-23T00:00:00.000',
};

const DESTINATIONS = [
  null,
  'arn:aws:sqs:eu-west-1:123456789012:failed',
  'arn:aws:sns:eu-west-1:123456789012:failed',
  'arn:aws:s3:::failed-batches',
];

it('has no action and no resource that is a wildcard, whatever the destination', () => {
  for (const onFailure of DESTINATIONS) {
    for (const { Action, Resource = [] } of handlerPolicy({ ...SCOPE, onFailure }).Statement) {
      expect(Action.filter((action) => action.includes('*'))).toStrictEqual([]);
      // No resource is `*`, and none leaves open which table, function or bucket is meant.
      for (const resource of Resource) {
        expect(resource).toMatch(/^arn:[a-z-]+:[a-z0-9]+:[a-z0-9-]*:\d*:[^*]+/);
        expect(resource).toMatch(/Orders\/stream\/|\/aws\/lambda\/orders-handler:\*$|:failed|failed-batches/);
      }
    }
  }
});

it('reads one stream, writes one log group, and does nothing else', () => {
  expect(handlerPolicy({ ...SCOPE, onFailure: null }).Statement).toStrictEqual([
    {
      Sid: 'ReadTheStream',
      Effect: 'Allow',
      Action: ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'],
      Resource: [SCOPE.streamArn],
    },
    {
      Sid: 'ListStreamsOfTheTable',
      Effect: 'Allow',
      Action: ['dynamodb:ListStreams'],
      Resource: ['arn:aws-cn:dynamodb:cn-north-1:123456789012:table/Orders/stream/*'],
    },
    {
      Sid: 'WriteTheFunctionsLog',
      Effect: 'Allow',
      Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      Resource: ['arn:aws-cn:logs:cn-north-1:123456789012:log-group:/aws/lambda/orders-handler:*'],
    },
  ]);
});

it('sends to the destination that was asked for, with its own service’s action', () => {
  const actions = DESTINATIONS.map((onFailure) =>
    handlerPolicy({ ...SCOPE, onFailure })
      .Statement.slice(3)
      .flatMap(({ Action, Resource }) => [...Action, ...(Resource ?? [])]),
  );
  expect(actions).toStrictEqual([
    [],
    ['sqs:SendMessage', 'arn:aws:sqs:eu-west-1:123456789012:failed'],
    ['sns:Publish', 'arn:aws:sns:eu-west-1:123456789012:failed'],
    [
      's3:PutObject',
      'arn:aws:s3:::failed-batches/aws/lambda/*',
      's3:ListBucket',
      'arn:aws:s3:::failed-batches',
    ],
  ]);
});

it('lets only Lambda take the role', () => {
  expect(trustPolicy().Statement).toStrictEqual([
    {
      Sid: 'LambdaRunsTheFunction',
      Effect: 'Allow',
      Principal: { Service: 'lambda.amazonaws.com' },
      Action: ['sts:AssumeRole'],
    },
  ]);
});
