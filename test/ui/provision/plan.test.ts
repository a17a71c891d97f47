import { Chalk } from 'chalk';
import { expect, it } from 'vitest';
import { planInit } from '../../../src/provision/plan/init.js';
import type { PlanStep } from '../../../src/provision/stack.js';
import { renderPlan, summarisePlan } from '../../../src/ui/provision/plan.js';
import { makeDesired } from '../../provision/model-stack.js';

const PLAIN = new Chalk({ level: 0 });

it('shows what a new resource starts with', () => {
  const steps = planInit(makeDesired({ tag: ['team=a'], filter: ['{"eventName":["INSERT"]}'] }), {
    mappings: [],
  });
  expect(renderPlan(steps, PLAIN).join('\n')).toMatchInlineSnapshot(`
    "+  table      Orders
         keys Id:N, billing on demand, viewType NEW_IMAGE
    +  role       ddbcdc-handler-eu-west-1
         trust lambda.amazonaws.com
    +  policy     ddbcdc-stream-handler
         ReadTheStream
           dynamodb:DescribeStream, dynamodb:GetRecords, dynamodb:GetShardIterator
           on (known after the table is made)
         ListStreamsOfTheTable
           dynamodb:ListStreams
           on arn:aws:dynamodb:eu-west-1:123456789012:table/Orders/stream/*
         WriteTheFunctionsLog
           logs:CreateLogStream, logs:PutLogEvents
           on arn:aws:logs:eu-west-1:123456789012:log-group:/aws/lambda/handler:*
    +  log group  /aws/lambda/handler
         retentionDays 14
    +  function   handler
         architecture arm64, runtime nodejs24.x, handler index.handler
         memoryMb 256, timeoutSeconds 60
         codeSha256 O/wmlZTvZJIo6adLqwDwQu/JHVrMb77jGjgugNQjiP4=
    +  mapping    handler ← Orders
         startingPosition TRIM_HORIZON, batchSize 100, batchWindowSeconds 0
         parallelization 1, maximumRetries 10, maximumRecordAgeSeconds 86400
         bisect on, partialResponses on
         filters
           {"eventName":["INSERT"]}"
  `);
  expect(summarisePlan(steps)).toBe('6 to create');
});

it('shows what changes, what stays and what is in the way', () => {
  const steps: PlanStep[] = [
    { resource: 'table', name: 'Orders', action: 'unchanged', reason: 'as wanted', changes: [] },
    {
      resource: 'function',
      name: 'orders-\u001b[2Jhandler',
      action: 'update',
      reason: 'memoryMb differs',
      changes: [{ field: 'memoryMb', from: 256, to: 512 }],
    },
    {
      resource: 'mapping',
      name: 'a-uuid',
      action: 'conflict',
      reason: 'ddbcdc did not make it',
      changes: [{ field: 'bisect', from: true, to: null }],
    },
  ];
  expect(renderPlan(steps, PLAIN).join('\n')).toMatchInlineSnapshot(`
    "=  table     Orders                   as wanted
    ~  function  orders-\\u001b[2Jhandler  memoryMb differs
         memoryMb 256 → 512
    !  mapping   a-uuid                   ddbcdc did not make it
         bisect is on, wanted none"
  `);
  expect(summarisePlan(steps)).toBe('1 to change, 1 unchanged, 1 conflict');
});
