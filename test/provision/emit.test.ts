// The emitted templates: valid by AWS's own validator, and the same resources as the plan, property by property.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileFunction } from 'node:vm';
import { CelEngine, type Engine, TemplateFile } from '@aws/cloudformation-validate';
import { parse } from '@cdktf/hcl2json';
import { transform } from 'esbuild';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cdkFile } from '../../src/provision/emit/cdk.js';
import { cloudformationTemplate } from '../../src/provision/emit/cloudformation.js';
import { emitStack, writeEmission } from '../../src/provision/emit/emit.js';
import type { Template } from '../../src/provision/emit/template.js';
import { terraformFile } from '../../src/provision/emit/terraform.js';
import { planInit } from '../../src/provision/plan/init.js';
import type { FieldValue, PlanStep } from '../../src/provision/stack.js';
import type { StackFlags } from '../../src/provision/stack-flags.js';
import { anyFlags, makeDesired } from './model-stack.js';

/** Between them these say everything that a template can hold. */
const STACKS: Readonly<Record<string, StackFlags>> = {
  'the default stack': {},
  'every setting': {
    partitionKey: 'OrderId:S',
    sortKey: 'At:N',
    viewType: 'NEW_AND_OLD_IMAGES',
    readCapacity: 5,
    writeCapacity: 6,
    deletionProtection: true,
    tag: ['team=ledger', 'cost centre=a/b:c+d@e'],
    memory: 512,
    timeout: '2m',
    logRetention: 30,
    batchSize: 500,
    batchWindow: '5s',
    parallelization: 3,
    startingPosition: 'LATEST',
    retries: -1,
    maxRecordAge: '2h',
    bisect: false,
    filter: ['{"eventName":["INSERT"]}', `{"dynamodb":{"Keys":{"Id":{"N":["${placeholder('1')} %{2}"]}}}}`],
    onFailure: 'arn:aws:sqs:eu-west-1:123456789012:failed',
  },
  'a bucket for failures': { onFailure: 'arn:aws:s3:::failed-batches' },
  'a given role': { roleArn: 'arn:aws:iam::123456789012:role/given' },
  'a table alone': { function: false },
  'a table that is there already': { adopt: true },
};

/** A reference inside a text, as both template languages write it. */
function placeholder(name: string): string {
  return `\${${name}}`;
}

// The validator takes seconds to read its rules and schemas.
let validator: Engine;
let folder: string;
beforeAll(async () => {
  validator = new CelEngine();
  folder = await mkdtemp(join(tmpdir(), 'ddbcdc-emit-'));
});
afterAll(async () => {
  validator.free();
  await rm(folder, { recursive: true, force: true });
});

describe('CloudFormation', () => {
  it('passes the rules and schemas of AWS’s own validator without an error or a warning', async () => {
    for (const [name, flags] of Object.entries(STACKS)) {
      const wrong = await findingsOf(JSON.stringify(cloudformationTemplate(makeDesired(flags))));
      expect({ name, wrong }).toStrictEqual({ name, wrong: [] });
    }
  });

  it('would not pass with a wrong property: the check checks something', async () => {
    const template = JSON.stringify(cloudformationTemplate(makeDesired()));
    const wrong = await findingsOf(template.replace('"MemorySize":256', '"MemorySize":"much"'));
    expect(wrong).not.toStrictEqual([]);
  });

  it('describes the same resources as the plan, property by property', () => {
    fc.assert(
      fc.property(anyFlags, ({ adopt: _, ...flags }) => {
        const desired = makeDesired(flags);
        const template = cloudformationTemplate(desired);
        const described = Object.fromEntries(
          planInit(desired, { mappings: [] }).map((step) => [step.resource, stepValues(step)]),
        );
        expect(templateValues(template)).toStrictEqual(described);
      }),
      { numRuns: 300 },
    );
  });
});

describe('Terraform', () => {
  for (const [name, flags] of Object.entries(STACKS)) {
    it(`is HCL, and says what the template says: ${name}`, async () => {
      const desired = makeDesired(flags);
      const { resource, variable } = (await parse('main.tf', terraformFile(desired))) as Hcl;
      const template = cloudformationTemplate(desired, 'terraform');
      expect(terraformValues(resource)).toStrictEqual(comparable(template));
      expect(Object.keys(variable ?? {})).toStrictEqual(flags.adopt === true ? ['stream_arn'] : []);
    });
  }
});

describe('CDK', () => {
  for (const [name, flags] of Object.entries(STACKS)) {
    it(`compiles, and makes what the template says: ${name}`, async () => {
      const desired = makeDesired(flags);
      const made = await runCdk(cdkFile(desired));
      const template = cloudformationTemplate(desired, 'cdk');
      expect(made).toStrictEqual(
        Object.entries(template.Resources).map(([id, { Type, Properties }]) => ({
          id,
          construct: `Cfn${Type.split('::')[2]}`,
          properties: camelCased(JSON.parse(JSON.stringify(Properties))),
        })),
      );
    });
  }
});

it('writes over its own files and over nobody else’s', async () => {
  const dir = join(folder, 'out');
  const emission = emitStack(makeDesired(), 'terraform', dir);
  expect((await writeEmission(emission, dir)).map((path) => path.slice(dir.length + 1))).toStrictEqual([
    'main.tf',
    'handler.zip',
  ]);
  await writeEmission(emission, dir);
  await writeFile(join(dir, 'main.tf'), 'resource "aws_s3_bucket" "mine" {}\n');
  await expect(writeEmission(emission, dir)).rejects.toMatchObject({ code: 'emit.fileExists' });
});

/** What the validator finds, from warnings up. */
async function findingsOf(template: string): Promise<string[]> {
  const path = join(folder, 'template.json');
  await writeFile(path, template);
  return validator
    .validateStandard(new TemplateFile(path))
    .diagnostics.filter(({ severity }) => severity !== 'INFO' && severity !== 'DEBUG')
    .map(({ ruleId, message }) => `${ruleId} ${message}`);
}

/** What a plan's step says of a new resource. */
function stepValues({ changes }: PlanStep): Record<string, FieldValue> {
  return Object.fromEntries(changes.map(({ field, to }) => [field, to]));
}

// A value of a template is read by path; a wrong path shows as undefined in the comparison.
type Tree = ReturnType<typeof JSON.parse>;

/** The template in the words of a plan. */
function templateValues({ Resources }: Template): Record<string, unknown> {
  const { Table, Role, LogGroup, Function: found, Mapping } = Resources as Record<string, Tree>;
  const values: Record<string, Record<string, unknown>> = {
    table: {
      keys: Table.Properties.KeySchema.map(
        (key: Tree) =>
          `${key.AttributeName}:${Table.Properties.AttributeDefinitions.find((a: Tree) => a.AttributeName === key.AttributeName).AttributeType}`,
      ).join(', '),
      billing: Table.Properties.BillingMode === 'PAY_PER_REQUEST' ? 'on demand' : 'provisioned',
      viewType: Table.Properties.StreamSpecification.StreamViewType,
      ...(Table.Properties.DeletionProtectionEnabled ? { deletionProtection: true } : {}),
    },
  };
  if (found === undefined) return values;
  const statements = Role.Properties.Policies[0].PolicyDocument.Statement;
  return {
    ...values,
    role: { trust: Role.Properties.AssumeRolePolicyDocument.Statement[0].Principal.Service },
    policy: Object.fromEntries(
      statements.map((statement: Tree) => [
        statement.Sid,
        [...statement.Action, ...statement.Resource.map((resource: Tree) => `on ${resolved(resource)}`)],
      ]),
    ),
    'log-group': { retentionDays: LogGroup.Properties.RetentionInDays },
    function: {
      architecture: found.Properties.Architectures[0],
      runtime: found.Properties.Runtime,
      handler: found.Properties.Handler,
      memoryMb: found.Properties.MemorySize,
      timeoutSeconds: found.Properties.Timeout,
      codeSha256: makeDesired().compute?.function.bundle.codeSha256,
    },
    mapping: {
      startingPosition: Mapping.Properties.StartingPosition,
      batchSize: Mapping.Properties.BatchSize,
      batchWindowSeconds: Mapping.Properties.MaximumBatchingWindowInSeconds,
      parallelization: Mapping.Properties.ParallelizationFactor,
      maximumRetries: Mapping.Properties.MaximumRetryAttempts,
      maximumRecordAgeSeconds: Mapping.Properties.MaximumRecordAgeInSeconds,
      bisect: Mapping.Properties.BisectBatchOnFunctionError,
      ...(Mapping.Properties.FilterCriteria === undefined
        ? {}
        : { filters: Mapping.Properties.FilterCriteria.Filters.map(({ Pattern }: Tree) => Pattern) }),
      ...(Mapping.Properties.DestinationConfig === undefined
        ? {}
        : { onFailure: Mapping.Properties.DestinationConfig.OnFailure.Destination }),
      partialResponses: Mapping.Properties.FunctionResponseTypes.includes('ReportBatchItemFailures'),
    },
  };
}

/** A template's reference with the values of the plan's place. */
function resolved(value: Tree): string {
  if (value['Fn::GetAtt']?.join('.') === 'Table.StreamArn') return '(known after the table is made)';
  return String(value['Fn::Sub'] ?? value)
    .replace(placeholder('AWS::Partition'), 'aws')
    .replace(placeholder('AWS::Region'), 'eu-west-1')
    .replace(placeholder('AWS::AccountId'), '123456789012');
}

interface Hcl {
  readonly resource: Record<string, Record<string, Tree[]>>;
  readonly variable?: Record<string, unknown>;
}

/** The part of a stack that both languages can say, in one shape. */
function terraformValues(resource: Hcl['resource']): Record<string, unknown> {
  const one = (type: string): Tree => Object.values(resource[type] ?? {})[0]?.[0];
  const table = one('aws_dynamodb_table');
  const found = one('aws_lambda_function');
  const mapping = one('aws_lambda_event_source_mapping');
  const policy = one('aws_iam_role_policy');
  return {
    ...(table && {
      table: [
        table.name,
        table.billing_mode,
        table.hash_key,
        table.range_key,
        table.read_capacity,
        table.stream_view_type,
        table.deletion_protection_enabled,
        table.attribute.map(({ name, type }: Tree) => `${name}:${type}`),
        unescaped(table.tags),
      ],
    }),
    ...(found && {
      function: [
        found.function_name,
        found.architectures,
        found.runtime,
        found.handler,
        found.memory_size,
        found.timeout,
        unescaped(found.tags),
      ],
      logGroup: [one('aws_cloudwatch_log_group').name, one('aws_cloudwatch_log_group').retention_in_days],
      mapping: [
        mapping.starting_position,
        mapping.batch_size,
        mapping.maximum_batching_window_in_seconds,
        mapping.parallelization_factor,
        mapping.maximum_retry_attempts,
        mapping.maximum_record_age_in_seconds,
        mapping.bisect_batch_on_function_error,
        mapping.function_response_types,
        (mapping.filter_criteria?.[0].filter ?? []).map(({ pattern }: Tree) => unescaped(pattern)),
        mapping.destination_config?.[0].on_failure[0].destination_arn,
      ],
    }),
    // The parser leaves function calls as text: that each action is in it is what can be seen.
    actions: policy === undefined ? [] : (String(policy.policy).match(/[a-z0-9]+:[A-Z]\w+(?=")/g) ?? []),
  };
}

function comparable({ Resources }: Template): Record<string, unknown> {
  const of = (id: string): Tree => Resources[id]?.Properties;
  const table = of('Table');
  const found = of('Function');
  const mapping = of('Mapping');
  const tags = (list: Tree): unknown => Object.fromEntries(list.map(({ Key, Value }: Tree) => [Key, Value]));
  return {
    ...(table && {
      table: [
        table.TableName,
        table.BillingMode,
        table.KeySchema[0].AttributeName,
        table.KeySchema[1]?.AttributeName,
        table.ProvisionedThroughput?.ReadCapacityUnits,
        table.StreamSpecification.StreamViewType,
        table.DeletionProtectionEnabled,
        table.AttributeDefinitions.map(
          ({ AttributeName, AttributeType }: Tree) => `${AttributeName}:${AttributeType}`,
        ),
        tags(table.Tags),
      ],
    }),
    ...(found && {
      function: [
        found.FunctionName,
        found.Architectures,
        found.Runtime,
        found.Handler,
        found.MemorySize,
        found.Timeout,
        tags(found.Tags),
      ],
      logGroup: [of('LogGroup').LogGroupName, of('LogGroup').RetentionInDays],
      mapping: [
        mapping.StartingPosition,
        mapping.BatchSize,
        mapping.MaximumBatchingWindowInSeconds,
        mapping.ParallelizationFactor,
        mapping.MaximumRetryAttempts,
        mapping.MaximumRecordAgeInSeconds,
        mapping.BisectBatchOnFunctionError,
        mapping.FunctionResponseTypes,
        (mapping.FilterCriteria?.Filters ?? []).map(({ Pattern }: Tree) => Pattern),
        mapping.DestinationConfig?.OnFailure.Destination,
      ],
    }),
    actions: (of('Role')?.Policies[0].PolicyDocument.Statement ?? []).flatMap(({ Action }: Tree) => Action),
  };
}

/** HCL's escapes for texts that look like templates, undone: the parser keeps them. */
function unescaped<T>(value: T): T {
  return JSON.parse(JSON.stringify(value).replaceAll(/([$%])\1(?=\{)/g, '$1'));
}

/** Runs an emitted construct against stand-ins for the CDK that note what is made, and with what. */
async function runCdk(source: string): Promise<unknown[]> {
  const { code } = await transform(source, { loader: 'ts', format: 'cjs' });
  const made: unknown[] = [];
  const constructs = new Proxy(
    {},
    {
      get: (_, name) =>
        class {
          readonly ref: string;
          readonly attrArn: string;
          readonly attrStreamArn: string;
          readonly cfnOptions = {};
          constructor(_scope: unknown, id: string, properties: unknown) {
            this.ref = placeholder(id);
            this.attrArn = placeholder(`${id}.Arn`);
            this.attrStreamArn = placeholder(`${id}.StreamArn`);
            made.push({ id, construct: name, properties });
          }
          readonly node = { addDependency: (): void => {} };
        },
    },
  );
  const modules: Record<string, unknown> = {
    'node:path': { join },
    constructs: { Construct: class {} },
    'aws-cdk-lib': {
      CfnDeletionPolicy: {},
      Stack: {
        of: () => ({
          partition: placeholder('AWS::Partition'),
          region: placeholder('AWS::Region'),
          account: placeholder('AWS::AccountId'),
        }),
      },
    },
    'aws-cdk-lib/aws-s3-assets': {
      Asset: class {
        readonly s3BucketName = placeholder('CodeBucket');
        readonly s3ObjectKey = placeholder('CodeKey');
      },
    },
  };
  const module: Tree = { exports: {} };
  const run = compileFunction(code, ['module', 'exports', 'require', '__dirname']);
  run(module, module.exports, (name: string) => modules[name] ?? constructs, '/stack');
  new module.exports.ChangeDataCapture({}, 'Capture', { streamArn: placeholder('StreamArn') });
  return made;
}

/** A template's properties as the constructs take them: names in camel case, references as the stand-ins give them. */
function camelCased(value: Tree, verbatim = false): Tree {
  if (Array.isArray(value)) return value.map((item) => camelCased(item, verbatim));
  if (value === null || typeof value !== 'object') return value;
  if ('Ref' in value) return placeholder(value.Ref);
  if ('Fn::GetAtt' in value) return placeholder(value['Fn::GetAtt'].join('.'));
  if ('Fn::Sub' in value) return value['Fn::Sub'];
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      verbatim ? key : key.charAt(0).toLowerCase() + key.slice(1),
      camelCased(
        inner,
        verbatim || ['AssumeRolePolicyDocument', 'PolicyDocument', 'Variables'].includes(key),
      ),
    ]),
  );
}
