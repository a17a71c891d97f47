// The stack as Terraform. Pure: the policy is the same, with Terraform's own references in it.
import { POLICY_NAME, ROLE_PATH } from '../names.js';
import { mappingSettings } from '../plan/mapping.js';
import { handlerPolicy, trustPolicy } from '../policy.js';
import type { DesiredCompute, DesiredStack } from '../stack.js';
import { FUNCTION_TAG, REGION_TAG } from '../tags.js';
import { emittedTags } from './cloudformation.js';

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
      required_providers: nest({ aws: expression('{ source = "hashicorp/aws", version = ">= 6.21" }') }),
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
      assume_role_policy: expression(`jsonencode(${JSON.stringify(trustPolicy(), null, 2)})`),
      tags: {
        ...emittedTags(desired, 'terraform'),
        [FUNCTION_TAG]: compute.function.name,
        [REGION_TAG]: expression('data.aws_region.current.id'),
      },
    }),
    ...block('resource "aws_iam_role_policy" "function"', {
      name: POLICY_NAME,
      role: expression('aws_iam_role.function.id'),
      // JSON is an HCL expression; the references in its texts are Terraform's own.
      policy: expression(`jsonencode(${JSON.stringify(policy, null, 2)})`),
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

function block(header: string, body: Body, depth = 0): string[] {
  const pad = '  '.repeat(depth);
  const lines = Object.entries(body).flatMap(([name, value]) => {
    if (value === undefined) return [];
    if (isBlock(value)) return value.blocks.flatMap((inner) => block(name, inner, depth + 1));
    return [indent(`${name} = ${write(value)}`, depth + 1)];
  });
  const text = lines.length === 0 ? [`${pad}${header} {}`] : [`${pad}${header} {`, ...lines, `${pad}}`];
  return depth === 0 ? ['', ...text] : text;
}

function write(value: Value): string {
  if (typeof value === 'string') return quote(value);
  if (typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return `[${value.map(write).join(', ')}]`;
  if (isExpression(value)) return value.hcl;
  const entries = Object.entries(value as { readonly [key: string]: Value });
  return `{\n${entries.map(([key, inner]) => `  ${quote(key)} = ${write(inner)}`).join('\n')}\n}`;
}

/** A text of the user's: what HCL would take for a template is taken as it is. */
function quote(text: string): string {
  return JSON.stringify(text).replaceAll(/[$%](?=\{)/g, '$&$&');
}

function indent(text: string, depth: number): string {
  return text
    .split('\n')
    .map((line) => '  '.repeat(depth) + line)
    .join('\n');
}

function isBlock(value: Value | Block): value is Block {
  return typeof value === 'object' && 'blocks' in value && Array.isArray(value.blocks);
}

function isExpression(value: object): value is Expression {
  return 'hcl' in value && typeof value.hcl === 'string' && Object.keys(value).length === 1;
}
