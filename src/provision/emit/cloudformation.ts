// The stack as a CloudFormation template: what `init` would make, for people whose changes go through review. Pure.
// The other formats are made of this one, so that all of them describe the same resources.
import { POLICY_NAME, ROLE_PATH } from '../names.js';
import { mappingSettings } from '../plan/mapping.js';
import { handlerPolicy, type PolicyDocument, trustPolicy } from '../policy.js';
import type { DesiredCompute, DesiredRole, DesiredStack } from '../stack.js';
import { FUNCTION_TAG, MANAGED_TAG, REGION_TAG, stackTags, type Tags, toTagList } from '../tags.js';
import type { EmitFormat, Json, Template, TemplateResource } from './template.js';

/** Everything in it deploys as it is, given the bucket and key that the bundle was copied to. */
export function cloudformationTemplate(
  desired: DesiredStack,
  managedBy: EmitFormat = 'cloudformation',
): Template {
  const { compute, name, adopt } = desired;
  const parameters = {
    ...(adopt && compute !== undefined
      ? {
          StreamArn: {
            Type: 'String',
            Description: `The stream of the table ${name}, which is there already`,
          },
        }
      : {}),
    ...(compute === undefined ? {} : codeParameters(compute)),
    ...(compute?.role.kind === 'given' && managedBy === 'cloudformation'
      ? {
          RoleArn: {
            Type: 'String',
            Description: 'The role that runs the function',
            Default: compute.role.arn,
          },
        }
      : {}),
  };
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: `ddbcdc: change data capture of the table ${name}`,
    ...(Object.keys(parameters).length === 0 ? {} : { Parameters: parameters }),
    Resources: {
      ...(adopt ? {} : { Table: table(desired, managedBy) }),
      ...(compute === undefined ? {} : computeResources(desired, compute, managedBy)),
    },
    Outputs: {
      ...(adopt ? {} : { StreamArn: { Value: getAtt('Table', 'StreamArn') } }),
      ...(compute === undefined ? {} : { FunctionArn: { Value: getAtt('Function', 'Arn') } }),
    },
  };
}

/** The key is named after the code: another bundle is another key, which CloudFormation sees as a change. */
export function bundleKey({ function: { bundle } }: DesiredCompute): string {
  return `ddbcdc/${Buffer.from(bundle.codeSha256, 'base64').toString('hex').slice(0, 32)}.zip`;
}

export function getAtt(resource: string, attribute: string): Json {
  return { 'Fn::GetAtt': [resource, attribute] };
}

function codeParameters(compute: DesiredCompute): Record<string, Json> {
  return {
    CodeBucket: { Type: 'String', Description: 'The bucket that handler.zip was copied to' },
    CodeKey: { Type: 'String', Description: 'Its key there', Default: bundleKey(compute) },
  };
}

function table(desired: DesiredStack, managedBy: EmitFormat): TemplateResource {
  const { keys, viewType, billing, deletionProtection } = desired.table;
  return {
    Type: 'AWS::DynamoDB::Table',
    // The data outlives the stack: deleting it is a decision of its own.
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
    Properties: {
      TableName: desired.name,
      AttributeDefinitions: keys.value.map(({ name, type }) => ({
        AttributeName: name,
        AttributeType: type,
      })),
      KeySchema: keys.value.map(({ name }, index) => ({
        AttributeName: name,
        KeyType: index === 0 ? 'HASH' : 'RANGE',
      })),
      BillingMode: billing.value.mode,
      ...(billing.value.mode === 'PROVISIONED'
        ? {
            ProvisionedThroughput: {
              ReadCapacityUnits: billing.value.read,
              WriteCapacityUnits: billing.value.write,
            },
          }
        : {}),
      StreamSpecification: { StreamViewType: viewType.value },
      DeletionProtectionEnabled: deletionProtection.value,
      Tags: tagList(desired, managedBy),
    },
  };
}

function computeResources(
  desired: DesiredStack,
  compute: DesiredCompute,
  managedBy: EmitFormat,
): Record<string, TemplateResource> {
  const { function: wanted, mapping, role, logGroup } = compute;
  const settings = mappingSettings(mapping, undefined);
  const streamArn = desired.adopt ? { Ref: 'StreamArn' } : getAtt('Table', 'StreamArn');
  return {
    ...(role.kind === 'managed' ? { Role: roleResource(desired, compute, managedBy) } : {}),
    LogGroup: {
      Type: 'AWS::Logs::LogGroup',
      DeletionPolicy: 'Delete',
      UpdateReplacePolicy: 'Delete',
      Properties: {
        LogGroupName: logGroup.name,
        RetentionInDays: logGroup.retentionDays.value,
        Tags: tagList(desired, managedBy),
      },
    },
    Function: {
      Type: 'AWS::Lambda::Function',
      DependsOn: ['LogGroup'],
      Properties: {
        FunctionName: wanted.name,
        Description: `ddbcdc: decodes the changes of ${desired.name}`,
        Architectures: ['arm64'],
        Runtime: wanted.bundle.runtime,
        Handler: wanted.bundle.handler,
        MemorySize: wanted.memoryMb.value,
        Timeout: wanted.timeoutSeconds.value,
        Role: roleReference(role, managedBy),
        Code: { S3Bucket: { Ref: 'CodeBucket' }, S3Key: { Ref: 'CodeKey' } },
        ...(Object.keys(wanted.environment).length === 0
          ? {}
          : { Environment: { Variables: wanted.environment } }),
        Tags: tagList(desired, managedBy),
      },
    },
    Mapping: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: {
        EventSourceArn: streamArn,
        FunctionName: { Ref: 'Function' },
        StartingPosition: mapping.startingPosition.value,
        BatchSize: settings.batchSize,
        MaximumBatchingWindowInSeconds: settings.batchWindowSeconds,
        ParallelizationFactor: settings.parallelization,
        MaximumRetryAttempts: settings.maximumRetries,
        MaximumRecordAgeInSeconds: settings.maximumRecordAgeSeconds,
        BisectBatchOnFunctionError: settings.bisect,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        ...(settings.filters.length === 0
          ? {}
          : { FilterCriteria: { Filters: settings.filters.map((Pattern) => ({ Pattern })) } }),
        ...(settings.onFailure === null
          ? {}
          : { DestinationConfig: { OnFailure: { Destination: settings.onFailure } } }),
        Tags: tagList(desired, managedBy),
      },
    },
  };
}

function roleReference(role: DesiredRole, managedBy: EmitFormat): Json {
  if (role.kind === 'managed') return getAtt('Role', 'Arn');
  return managedBy === 'cloudformation' ? { Ref: 'RoleArn' } : role.arn;
}

function roleResource(
  desired: DesiredStack,
  compute: DesiredCompute,
  managedBy: EmitFormat,
): TemplateResource {
  const policy = handlerPolicy({
    place: {
      partition: placeholder('AWS::Partition'),
      region: placeholder('AWS::Region'),
      accountId: placeholder('AWS::AccountId'),
    },
    table: desired.name,
    functionName: compute.function.name,
    streamArn: placeholder(desired.adopt ? 'StreamArn' : 'Table.StreamArn'),
    onFailure: mappingSettings(compute.mapping, undefined).onFailure,
  });
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      // No name of its own: CloudFormation's names never clash, and need no CAPABILITY_NAMED_IAM.
      Path: ROLE_PATH,
      Description: `ddbcdc: runs ${compute.function.name} on the stream of ${desired.name}`,
      AssumeRolePolicyDocument: document(trustPolicy()),
      Policies: [{ PolicyName: POLICY_NAME, PolicyDocument: document(policy) }],
      Tags: [
        ...tagList(desired, managedBy),
        { Key: FUNCTION_TAG, Value: compute.function.name },
        { Key: REGION_TAG, Value: { Ref: 'AWS::Region' } },
      ],
    },
  };
}

/** Whoever deploys the template manages the stack: init and destroy leave what has this tag alone. */
export function emittedTags(desired: DesiredStack, managedBy: EmitFormat): Tags {
  return { ...stackTags(desired.name, desired.version, desired.tags), [MANAGED_TAG]: managedBy };
}

function tagList(desired: DesiredStack, managedBy: EmitFormat): Json[] {
  return toTagList(emittedTags(desired, managedBy));
}

/** A policy whose resources may name the account, the region or the stream. */
function document({ Version, Statement }: PolicyDocument): Json {
  return {
    Version,
    Statement: Statement.map(({ Resource, Principal, ...rest }) => ({
      ...rest,
      ...(Principal === undefined ? {} : { Principal }),
      ...(Resource === undefined ? {} : { Resource: Resource.map(substitute) }),
    })),
  };
}

/** A reference inside a text, as Fn::Sub takes it. */
function placeholder(name: string): string {
  return `\${${name}}`;
}

function substitute(text: string): Json {
  const reference = /^\$\{(\w+)(?:\.(\w+))?\}$/.exec(text);
  if (reference?.[1] !== undefined) {
    return reference[2] === undefined ? { Ref: reference[1] } : getAtt(reference[1], reference[2]);
  }
  return /\$\{/.test(text) ? { 'Fn::Sub': text } : text;
}
