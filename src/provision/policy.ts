// What the function's role may do: read this stream, write this function's log group, send to the on-failure
// destination when there is one. No action and no resource is `*`.
import { logGroupArn, logGroupName, tableArn } from './names.js';
import type { Place } from './stack.js';

export interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource?: readonly string[];
  readonly Principal?: { readonly Service: string };
}

export interface PolicyDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly PolicyStatement[];
}

export interface PolicyScope {
  readonly place: Place;
  readonly table: string;
  readonly functionName: string;
  /** A text of another kind (a template's reference, "known later") is put in as it is. */
  readonly streamArn: string;
  readonly onFailure: string | null;
}

/** Lambda, and nobody else, may take the role. */
export function trustPolicy(): PolicyDocument {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'LambdaRunsTheFunction',
        Effect: 'Allow',
        Principal: { Service: 'lambda.amazonaws.com' },
        Action: ['sts:AssumeRole'],
      },
    ],
  };
}

/** The role's only permissions. */
export function handlerPolicy(scope: PolicyScope): PolicyDocument {
  const { place, table, functionName, streamArn, onFailure } = scope;
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'ReadTheStream',
        Effect: 'Allow',
        Action: ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'],
        Resource: [streamArn],
      },
      {
        // Lambda insists on ListStreams when it makes the mapping. It names no stream, so AWS's own policy for one
        // table's streams ("grant read access for a DynamoDB stream only") allows it on all streams of that table:
        // narrower than the usual `*`, and there is nothing narrower.
        Sid: 'ListStreamsOfTheTable',
        Effect: 'Allow',
        Action: ['dynamodb:ListStreams'],
        Resource: [`${tableArn(place, table)}/stream/*`],
      },
      {
        // Lambda names the log streams itself. No logs:CreateLogGroup: init makes the group, with its retention.
        Sid: 'WriteTheFunctionsLog',
        Effect: 'Allow',
        Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        Resource: [`${logGroupArn(place, logGroupName(functionName))}:*`],
      },
      ...(onFailure === null ? [] : onFailureStatements(onFailure)),
    ],
  };
}

/** Services that a mapping can send a failed batch's record to. */
export function onFailureService(arn: string): 'sqs' | 'sns' | 's3' | undefined {
  const service = /^arn:[a-z-]+:(sqs|sns|s3):/.exec(arn)?.[1];
  return service === 'sqs' || service === 'sns' || service === 's3' ? service : undefined;
}

function onFailureStatements(arn: string): PolicyStatement[] {
  const statement = (action: string, resource: string, sid = 'SendWhatFailed'): PolicyStatement => ({
    Sid: sid,
    Effect: 'Allow',
    Action: [action],
    Resource: [resource],
  });
  switch (onFailureService(arn)) {
    case 'sqs':
      return [statement('sqs:SendMessage', arn)];
    case 'sns':
      return [statement('sns:Publish', arn)];
    case 's3':
      // Lambda writes to aws/lambda/<mapping>/<shard>/… and checks with ListBucket that the bucket is there.
      return [
        statement('s3:PutObject', `${arn}/aws/lambda/*`),
        statement('s3:ListBucket', arn, 'FindTheBucket'),
      ];
    default:
      return [];
  }
}
