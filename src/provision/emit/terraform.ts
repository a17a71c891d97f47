// The stack as Terraform. Pure: the policy is the same, with Terraform's own references in it.
import { POLICY_NAME, ROLE_PATH } from '../names.js';
import { mappingSettings } from '../plan/mapping.js';
import { handlerPolicy, type PolicyDocument, trustPolicy } from '../policy.js';
import type { DesiredCompute, DesiredStack } from '../stack.js';
import { FUNCTION_TAG, REGION_TAG } from '../tags.js';
import { emittedTags } from './cloudformation.js';
import { alignSigns, enclose, indent } from './layout.js';

/** An expression that is written as it is, such as a reference. */
interface Expression {
  readonly hcl: string;
}

type Value = string | number | boolean | Expression | readonly Value[] | { readonly [key: string]: Value };

/** A nested block, repeated for each body. */
interface Block {
  readonly blocks: readonly Body[];
}

interface Body {
  readonly [name: string]: Value | Block | undefined;
}

const PLACE = {
  partition: interpolate('data.aws_partition.current.partition'),
  region: interpolate('data.aws_region.current.id'),
  accountId: interpolate('data.aws_caller_identity.current.account_id'),
};

/** The bundle stands beside the file. */
const BUNDLE = `"${interpolate('path.module')}/handler.zip"`;

/** One file, `main.tf`; the bundle stands beside it as handler.zip. */
export function terraformFile(desired: DesiredStack): string {
  const { compute, name, adopt } = desired;
  const managesRole = compute?.role.kind === 'managed';
  return [
    `# ddbcdc: change data capture of the table ${name}.`,
    ...block('terraform', {
      required_version: '>= 1.5',
      // Node.js 24 is known to the provider since 6.21.
      required_providers: nest({ aws: { source: 'hashicorp/aws', version: '>= 6.21' } }),
    }),
    ...(managesRole
      ? [
          ...block('data "aws_partition" "current"', {}),
          ...block('data "aws_region" "current"', {}),
          ...block('data "aws_caller_identity" "current"', {}),
        ]
      : []),
    ...(adopt && compute !== undefined
      ? block('variable "stream_arn"', {
          type: expression('string'),
          description: `The stream of the table ${name}, which is there already`,
        })
      : []),
    ...(adopt ? [] : block('resource "aws_dynamodb_table" "table"', table(desired))),
    ...(compute === undefined ? [] : computeBlocks(desired, compute)),
    '',
  ].join('\n');
}

function table(desired: DesiredStack): Body {
  const { keys, viewType, billing, deletionProtection } = desired.table;
  const [partition, sort] = keys.value;
  return {
    name: desired.name,
    billing_mode: billing.value.mode,
    ...(billing.value.mode === 'PROVISIONED'
      ? { read_capacity: billing.value.read, write_capacity: billing.value.write }
      : {}),
    hash_key: partition?.name,
    range_key: sort?.name,
    stream_enabled: true,
    stream_view_type: viewType.value,
    deletion_protection_enabled: deletionProtection.value,
    tags: { ...emittedTags(desired, 'terraform') },
    attribute: nest(...keys.value.map(({ name, type }) => ({ name, type }))),
    // The data outlives the stack: deleting it is a decision of its own.
    lifecycle: nest({ prevent_destroy: true }),
  };
}

function computeBlocks(desired: DesiredStack, compute: DesiredCompute): string[] {
  const { function: wanted, mapping, role, logGroup } = compute;
  const settings = mappingSettings(mapping, undefined);
  const streamArn = desired.adopt ? 'var.stream_arn' : 'aws_dynamodb_table.table.stream_arn';
  const tags = { ...emittedTags(desired, 'terraform') };
  return [
    ...(role.kind === 'managed' ? roleBlocks(desired, compute, streamArn) : []),
    ...block('resource "aws_cloudwatch_log_group" "function"', {
      name: logGroup.name,
      retention_in_days: logGroup.retentionDays.value,
      tags,
    }),
    ...block('resource "aws_lambda_function" "function"', {
      function_name: wanted.name,
      description: `ddbcdc: decodes the changes of ${desired.name}`,
      architectures: ['arm64'],
      runtime: wanted.bundle.runtime,
      handler: wanted.bundle.handler,
      memory_size: wanted.memoryMb.value,
      timeout: wanted.timeoutSeconds.value,
      role: role.kind === 'managed' ? expression('aws_iam_role.function.arn') : role.arn,
      filename: expression(BUNDLE),
      source_code_hash: expression(`filebase64sha256(${BUNDLE})`),
      tags,
      ...(Object.keys(wanted.environment).length === 0
        ? {}
        : { environment: nest({ variables: { ...wanted.environment } }) }),
      depends_on: [expression('aws_cloudwatch_log_group.function')],
    }),
    ...block('resource "aws_lambda_event_source_mapping" "mapping"', {
      event_source_arn: expression(streamArn),
      function_name: expression('aws_lambda_function.function.arn'),
      starting_position: mapping.startingPosition.value,
      batch_size: settings.batchSize,
      maximum_batching_window_in_seconds: settings.batchWindowSeconds,
      parallelization_factor: settings.parallelization,
      maximum_retry_attempts: settings.maximumRetries,
      maximum_record_age_in_seconds: settings.maximumRecordAgeSeconds,
      bisect_batch_on_function_error: settings.bisect,
      function_response_types: ['ReportBatchItemFailures'],
      tags,
      ...(settings.filters.length === 0
        ? {}
        : { filter_criteria: nest({ filter: nest(...settings.filters.map((pattern) => ({ pattern }))) }) }),
      ...(settings.onFailure === null
        ? {}
        : { destination_config: nest({ on_failure: nest({ destination_arn: settings.onFailure }) }) }),
      ...(role.kind === 'managed' ? { depends_on: [expression('aws_iam_role_policy.function')] } : {}),
    }),
  ];
}

function roleBlocks(desired: DesiredStack, compute: DesiredCompute, streamArn: string): string[] {
  const policy = handlerPolicy({
    place: PLACE,
    table: desired.name,
    functionName: compute.function.name,
    streamArn: interpolate(streamArn),
    onFailure: mappingSettings(compute.mapping, undefined).onFailure,
  });
  return [
    ...block('resource "aws_iam_role" "function"', {
      name_prefix: 'ddbcdc-',
      path: ROLE_PATH,
      description: `ddbcdc: runs ${compute.function.name} on the stream of ${desired.name}`,
      assume_role_policy: policyExpression(trustPolicy()),
      tags: {
        ...emittedTags(desired, 'terraform'),
        [FUNCTION_TAG]: compute.function.name,
        [REGION_TAG]: expression('data.aws_region.current.id'),
      },
    }),
    ...block('resource "aws_iam_role_policy" "function"', {
      name: POLICY_NAME,
      role: expression('aws_iam_role.function.id'),
      policy: policyExpression(policy),
    }),
  ];
}

/** A reference inside a text. */
function interpolate(reference: string): string {
  return `\${${reference}}`;
}

function expression(hcl: string): Expression {
  return { hcl };
}

function nest(...blocks: readonly Body[]): Block {
  return { blocks };
}

function block(header: string, body: Body): string[] {
  return ['', ...blockText(header, body).split('\n')];
}

/** Attributes first, then nested blocks, as `terraform fmt` and reviewers expect. */
function blockText(header: string, body: Body): string {
  const attributes: [string, string][] = [];
  const nested: string[] = [];
  for (const [name, value] of Object.entries(body)) {
    if (value === undefined) continue;
    if (isBlock(value)) nested.push(...value.blocks.map((inner) => blockText(name, inner)));
    else attributes.push([name, write(value)]);
  }
  const parts = [...(attributes.length === 0 ? [] : [alignSigns(attributes).join('\n')]), ...nested];
  return parts.length === 0 ? `${header} {}` : `${header} {\n${indent(parts.join('\n\n'))}\n}`;
}

function write(value: Value): string {
  if (typeof value === 'string') return quote(value);
  if (typeof value !== 'object') return String(value);
  if (isList(value)) {
    return enclose('[', value.map(write), ']', { separator: ',', padding: '', trailing: true });
  }
  if (isExpression(value)) return value.hcl;
  const entries = Object.entries(value).map(([key, inner]): [string, string] => [
    /^[A-Za-z_]\w*$/.test(key) ? key : quote(key),
    write(inner),
  ]);
  return `{\n${indent(alignSigns(entries).join('\n'))}\n}`;
}

/** A policy as an argument of jsonencode; the references in its texts are Terraform's own. */
function policyExpression(document: PolicyDocument): Expression {
  const { Version, Statement } = document;
  const statements = Statement.map(({ Resource, Principal, Action, ...rest }) => ({
    ...rest,
    ...(Principal === undefined ? {} : { Principal: { ...Principal } }),
    Action: [...Action],
    ...(Resource === undefined ? {} : { Resource: Resource.map(textExpression) }),
  }));
  return expression(`jsonencode(${write({ Version, Statement: statements })})`);
}

/** A text whose references Terraform resolves; one that is a reference only needs no quotes. */
function textExpression(text: string): Expression {
  const reference = /^\$\{([^}]+)\}$/.exec(text)?.[1];
  return expression(reference ?? JSON.stringify(text));
}

/** A text of the user's: what HCL would take for a template is taken as it is. */
function quote(text: string): string {
  return JSON.stringify(text).replaceAll(/[$%](?=\{)/g, '$&$&');
}

function isList(value: object): value is readonly Value[] {
  return Array.isArray(value);
}

function isBlock(value: Value | Block): value is Block {
  return typeof value === 'object' && 'blocks' in value && Array.isArray(value.blocks);
}

function isExpression(value: object): value is Expression {
  return 'hcl' in value && typeof value.hcl === 'string' && Object.keys(value).length === 1;
}
