// A stack as a value, and what carrying out a plan does to it: the oracle for properties of plans.
import fc from 'fast-check';
import { desiredStack, parseStackFlags } from '../../src/provision/desired.js';
import { settleRole } from '../../src/provision/plan/access.js';
import { mappingSettings, sortMappings } from '../../src/provision/plan/mapping.js';
import { handlerPolicy, trustPolicy } from '../../src/provision/policy.js';
import type {
  ActualFunction,
  ActualMapping,
  ActualRole,
  ActualStack,
  ActualTable,
  DesiredStack,
  PlanStep,
} from '../../src/provision/stack.js';
import type { StackFlags } from '../../src/provision/stack-flags.js';
import { MANAGED_TAG, stackTags, type Tags } from '../../src/provision/tags.js';
import { bundleOf } from '../helpers/aws-server/stack-runner.js';

const PLACE = { partition: 'aws', region: 'eu-west-1', accountId: '123456789012' };
const STREAM = 'arn:aws:dynamodb:eu-west-1:123456789012:table/Orders/stream/';
const FUNCTION_ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:handler';

export function makeDesired(flags: StackFlags = {}, code = 'v1'): DesiredStack {
  const options = parseStackFlags({ table: 'Orders', function: 'handler', ...flags });
  return desiredStack(
    options,
    { place: PLACE, version: '1.0.0' },
    options.compute === undefined ? undefined : bundleOf(code),
  );
}

/** Flags with any subset stated. */
export const anyFlags: fc.Arbitrary<StackFlags> = fc.record(
  {
    partitionKey: fc.constantFrom('Id:N', 'Id:S'),
    sortKey: fc.constantFrom('At:N'),
    viewType: fc.constantFrom('NEW_IMAGE', 'KEYS_ONLY'),
    function: fc.constantFrom<(string | false)[]>('handler', 'handler', 'other'),
    memory: fc.constantFrom(256, 512),
    timeout: fc.constantFrom('30s', '1m'),
    batchSize: fc.constantFrom(100, 10),
    batchWindow: fc.constantFrom('0s', '5s'),
    parallelization: fc.constantFrom(1, 2),
    retries: fc.constantFrom(10, -1),
    bisect: fc.boolean(),
    maxRecordAge: fc.constantFrom('24h', '-1'),
    filter: fc.constantFrom([], ['{"eventName":["INSERT"]}']),
    onFailure: fc.constantFrom('arn:aws:sqs:eu-west-1:123456789012:q'),
    logRetention: fc.constantFrom(14, 30),
    deletionProtection: fc.boolean(),
    tag: fc.constantFrom(['team=a'], ['team=b', 'cost=c']),
    adopt: fc.boolean(),
  },
  { requiredKeys: [] },
);

/** Nobody's, somebody else's, or this stack's. */
const anyTags: fc.Arbitrary<Tags> = fc.constantFrom<Tags[]>(
  {},
  { team: 'a' },
  stackTags('Invoices', '1.0.0'),
  stackTags('Orders', '0.9.0'),
  { ...stackTags('Orders', '1.0.0'), [MANAGED_TAG]: 'terraform' },
  stackTags('Orders', '1.0.0', { team: 'a' }),
);

const anyTable: fc.Arbitrary<ActualTable> = fc
  .record({
    keys: fc.constantFrom<ActualTable['keys'][]>(
      [{ name: 'Id', type: 'N' }],
      [
        { name: 'Id', type: 'N' },
        { name: 'At', type: 'N' },
      ],
    ),
    stream: fc.constantFrom('NEW_IMAGE', 'KEYS_ONLY', undefined),
    label: fc.constantFrom('1', '2'),
    billing: fc.constantFrom<ActualTable['billing'][]>(
      { mode: 'PAY_PER_REQUEST' },
      { mode: 'PROVISIONED', read: 5, write: 5 },
    ),
    deletionProtection: fc.boolean(),
    tags: anyTags,
  })
  .map(({ stream, label, ...rest }) => ({
    name: 'Orders',
    arn: 'arn:aws:dynamodb:eu-west-1:123456789012:table/Orders',
    status: 'ACTIVE',
    itemCount: 0,
    ...rest,
    ...(stream === undefined ? {} : { viewType: stream as 'NEW_IMAGE' }),
    // A stream that was disabled stays the table's latest.
    streamArn: STREAM + label,
  }));

const anyRole: fc.Arbitrary<ActualRole> = fc
  .record({ trusts: fc.boolean(), policy: fc.constantFrom('1', '2', undefined), tags: anyTags })
  .map(({ trusts, policy, tags }) => ({
    name: 'ddbcdc-handler-eu-west-1',
    arn: 'arn:aws:iam::123456789012:role/ddbcdc/ddbcdc-handler-eu-west-1',
    trust: trusts ? trustPolicy() : { Version: '2012-10-17', Statement: [] },
    ...(policy === undefined
      ? {}
      : {
          policy: handlerPolicy({
            place: PLACE,
            table: 'Orders',
            functionName: 'handler',
            streamArn: STREAM + policy,
            onFailure: null,
          }),
        }),
    tags,
  }));

const anyFunction: fc.Arbitrary<ActualFunction> = fc
  .record({
    architecture: fc.constantFrom('arm64', 'x86_64'),
    memoryMb: fc.constantFrom(256, 512, 128),
    timeoutSeconds: fc.constantFrom(3, 60),
    code: fc.constantFrom('v0', 'v1'),
    roleArn: fc.constantFrom(
      'arn:aws:iam::123456789012:role/given-once',
      'arn:aws:iam::123456789012:role/ddbcdc/ddbcdc-handler-eu-west-1',
    ),
    tags: anyTags,
  })
  .map(({ code, ...rest }) => ({
    name: 'handler',
    arn: FUNCTION_ARN,
    state: 'Active',
    runtime: 'nodejs24.x',
    handler: 'index.handler',
    codeSha256: bundleOf(code).codeSha256,
    codeBytes: 2,
    environment: {},
    ...rest,
  }));

const anyMapping: fc.Arbitrary<ActualMapping> = fc
  .record({
    label: fc.constantFrom('1', '2', '3'),
    state: fc.constantFrom('Enabled', 'Disabled', 'Deleting'),
    batchSize: fc.constantFrom(100, 10),
    bisect: fc.boolean(),
    partialResponses: fc.boolean(),
    onFailure: fc.constantFrom(null, 'arn:aws:sns:eu-west-1:123456789012:t'),
    tags: fc.option(anyTags, { nil: undefined }),
  })
  .map(({ label, tags, ...rest }) => ({
    uuid: `mapping-${label}`,
    functionArn: FUNCTION_ARN,
    streamArn: STREAM + label,
    batchWindowSeconds: 0,
    parallelization: 1,
    startingPosition: 'TRIM_HORIZON',
    maximumRetries: 10,
    maximumRecordAgeSeconds: 86_400,
    filters: [],
    ...rest,
    ...(tags === undefined ? {} : { tags }),
  }));

/** Any mixture of what there may be, tagged or not. */
export const anyStack: fc.Arbitrary<ActualStack> = fc
  .record({
    table: fc.option(anyTable, { nil: undefined }),
    role: fc.option(anyRole, { nil: undefined }),
    retentionDays: fc.constantFrom(14, 7, undefined),
    logGroupTags: fc.option(anyTags, { nil: undefined }),
    function: fc.option(anyFunction, { nil: undefined }),
    mappings: fc.uniqueArray(anyMapping, { selector: ({ uuid }) => uuid, maxLength: 3 }),
  })
  .map(({ table, role, retentionDays, logGroupTags, function: found, mappings }) => ({
    ...(table === undefined ? {} : { table }),
    ...(role === undefined ? {} : { role }),
    ...(logGroupTags === undefined
      ? {}
      : {
          logGroup: {
            name: '/aws/lambda/handler',
            tags: logGroupTags,
            ...(retentionDays === undefined ? {} : { retentionDays }),
          },
        }),
    ...(found === undefined ? {} : { function: found }),
    mappings,
  }));

/** What there is once a plan without conflicts was carried out. */
export function carryOut(
  desired: DesiredStack,
  actual: ActualStack,
  steps: readonly PlanStep[],
): ActualStack {
  return steps.reduce((stack, step) => carryOutStep(desired, actual, stack, step), actual);
}

function carryOutStep(
  wanted: DesiredStack,
  before: ActualStack,
  stack: ActualStack,
  step: PlanStep,
): ActualStack {
  const { action, resource } = step;
  if (action === 'unchanged') return stack;
  const desired = settleRole(wanted, before);
  const changed = new Set(step.changes.map(({ field }) => field));
  const tags = (old: Tags): Tags =>
    action === 'create' || [...changed].some((field) => field.startsWith('tag '))
      ? { ...old, ...stackTags(desired.name, desired.version, desired.tags) }
      : old;
  const { compute } = desired;
  if (resource === 'table') return { ...stack, table: tableAfter(desired, stack.table, changed, tags) };
  if (compute === undefined) throw new Error('a step for a function that nobody wants');
  const streamArn = stack.table?.streamArn ?? '';
  switch (resource) {
    case 'role': {
      const name = compute.role.kind === 'managed' ? compute.role.name : '';
      const old = stack.role ?? { name, arn: `arn:aws:iam::123456789012:role/ddbcdc/${name}`, tags: {} };
      return { ...stack, role: { ...old, trust: trustPolicy(), tags: tags(old.tags) } };
    }
    case 'policy': {
      if (stack.role === undefined) throw new Error('a policy without a role');
      const { live, dead } = sortMappings(desired, before, streamArn);
      const policy = handlerPolicy({
        place: desired.place,
        table: desired.name,
        functionName: compute.function.name,
        streamArn,
        onFailure: mappingSettings(compute.mapping, live ?? dead[0]).onFailure,
      });
      return { ...stack, role: { ...stack.role, policy } };
    }
    case 'log-group': {
      const old = stack.logGroup ?? { name: compute.logGroup.name, tags: {} };
      const retention =
        action === 'create' || changed.has('retentionDays')
          ? { retentionDays: compute.logGroup.retentionDays.value }
          : {};
      return { ...stack, logGroup: { ...old, ...retention, tags: tags(old.tags) } };
    }
    case 'function': {
      const wanted = compute.function;
      const take = <T>(field: string, value: T, old: T | undefined): T =>
        action === 'create' || changed.has(field) || old === undefined ? value : old;
      const old = stack.function;
      const roleArn = compute.role.kind === 'given' ? compute.role.arn : (stack.role?.arn ?? '');
      return {
        ...stack,
        function: {
          name: wanted.name,
          arn: FUNCTION_ARN,
          state: 'Active',
          environment: {},
          codeBytes: wanted.bundle.zipBytes,
          architecture: take('architecture', 'arm64', old?.architecture),
          runtime: take('runtime', wanted.bundle.runtime, old?.runtime),
          handler: take('handler', wanted.bundle.handler, old?.handler),
          memoryMb: take('memoryMb', wanted.memoryMb.value, old?.memoryMb),
          timeoutSeconds: take('timeoutSeconds', wanted.timeoutSeconds.value, old?.timeoutSeconds),
          roleArn: take('role', roleArn, old?.roleArn),
          codeSha256: take('codeSha256', wanted.bundle.codeSha256, old?.codeSha256),
          tags: tags(old?.tags ?? {}),
        },
      };
    }
    case 'mapping': {
      if (action === 'delete') {
        return { ...stack, mappings: stack.mappings.filter(({ uuid }) => uuid !== step.name) };
      }
      const { live, dead } = sortMappings(desired, before, streamArn);
      const settings = mappingSettings(compute.mapping, live ?? dead[0]);
      const made: ActualMapping = {
        ...(live ?? {
          uuid: 'made',
          functionArn: FUNCTION_ARN,
          streamArn,
          startingPosition: compute.mapping.startingPosition.value,
          tags: {},
        }),
        ...settings,
        state: 'Enabled',
        partialResponses: true,
      };
      const retagged = made.tags === undefined ? made : { ...made, tags: tags(made.tags) };
      return {
        ...stack,
        mappings: [...stack.mappings.filter(({ uuid }) => uuid !== retagged.uuid), retagged],
      };
    }
  }
}

function tableAfter(
  desired: DesiredStack,
  table: ActualTable | undefined,
  changed: ReadonlySet<string>,
  tags: (old: Tags) => Tags,
): ActualTable {
  const wanted = desired.table;
  if (table === undefined) {
    return {
      name: desired.name,
      arn: 'arn:aws:dynamodb:eu-west-1:123456789012:table/Orders',
      status: 'ACTIVE',
      itemCount: 0,
      keys: wanted.keys.value,
      viewType: wanted.viewType.value,
      streamArn: `${STREAM}new`,
      billing: wanted.billing.value,
      deletionProtection: wanted.deletionProtection.value,
      tags: tags({}),
    };
  }
  return {
    ...table,
    ...(changed.has('viewType') ? { viewType: wanted.viewType.value, streamArn: `${STREAM}new` } : {}),
    ...(changed.has('billing') ? { billing: wanted.billing.value } : {}),
    ...(changed.has('deletionProtection') ? { deletionProtection: wanted.deletionProtection.value } : {}),
    tags: tags(table.tags),
  };
}
