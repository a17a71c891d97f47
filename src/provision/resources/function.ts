import {
  CreateFunctionCommand,
  DeleteFunctionCommand,
  type FunctionConfiguration,
  GetFunctionCommand,
  type GetFunctionCommandOutput,
  type Runtime,
  TagResourceCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { CliError } from '../../errors.js';
import { pollUntil, retryWhile, type Waiting } from '../pace.js';
import { ARCHITECTURE } from '../plan/function.js';
import type { ActualFunction, DesiredFunction, DesiredStack, FieldChange } from '../stack.js';
import { stackTags } from '../tags.js';
import {
  abortable,
  isNamed,
  orAbsent,
  PROPAGATION_LIMIT_MS,
  type ResourceContext,
  STATE_LIMIT_MS,
  waitFor,
} from './context.js';

/** Reads a function with its tags; undefined when there is none. */
export async function inspectFunction(
  context: ResourceContext,
  name: string,
): Promise<ActualFunction | undefined> {
  const client = await context.clients.lambda();
  const answer = await orAbsent(
    client.send(new GetFunctionCommand({ FunctionName: name }), abortable(context)),
    'ResourceNotFoundException',
  );
  return answer === undefined ? undefined : toActual(answer);
}

export async function* createFunction(
  context: ResourceContext,
  desired: DesiredStack,
  wanted: DesiredFunction,
  roleArn: string,
): AsyncGenerator<Waiting, ActualFunction> {
  const client = await context.clients.lambda();
  yield* retryWhile(
    () =>
      client.send(
        new CreateFunctionCommand({
          FunctionName: wanted.name,
          Description: `ddbcdc: decodes the changes of ${desired.name}`,
          Role: roleArn,
          Architectures: [ARCHITECTURE],
          Runtime: runtimeOf(wanted),
          Handler: wanted.bundle.handler,
          MemorySize: wanted.memoryMb.value,
          Timeout: wanted.timeoutSeconds.value,
          ...(Object.keys(wanted.environment).length === 0
            ? {}
            : { Environment: { Variables: { ...wanted.environment } } }),
          Code: { ZipFile: wanted.bundle.zip },
          Tags: stackTags(desired.name, desired.version, desired.tags),
        }),
        abortable(context),
      ),
    roleNotReady,
    waitFor(context, `function ${wanted.name}`, PROPAGATION_LIMIT_MS),
  );
  return yield* functionReady(context, wanted.name);
}

/** Changes code and configuration as far as the plan says. Fields that it does not list keep their values. */
export async function* updateFunction(
  context: ResourceContext,
  desired: DesiredStack,
  wanted: DesiredFunction,
  existing: ActualFunction,
  roleArn: string,
  changes: readonly FieldChange[],
): AsyncGenerator<Waiting, ActualFunction> {
  const client = await context.clients.lambda();
  const changed = new Set(changes.map(({ field }) => field));
  const someStart = (prefix: string): boolean => [...changed].some((field) => field.startsWith(prefix));
  yield* functionReady(context, wanted.name);
  const configuration = {
    ...(changed.has('memoryMb') ? { MemorySize: wanted.memoryMb.value } : {}),
    ...(changed.has('timeoutSeconds') ? { Timeout: wanted.timeoutSeconds.value } : {}),
    ...(changed.has('handler') ? { Handler: wanted.bundle.handler } : {}),
    ...(changed.has('runtime') ? { Runtime: runtimeOf(wanted) } : {}),
    ...(changed.has('role') ? { Role: roleArn } : {}),
    ...(someStart('environment ')
      ? { Environment: { Variables: { ...existing.environment, ...wanted.environment } } }
      : {}),
  };
  if (Object.keys(configuration).length > 0) {
    yield* changeWhenIdle(context, wanted.name, () =>
      client.send(
        new UpdateFunctionConfigurationCommand({ FunctionName: wanted.name, ...configuration }),
        abortable(context),
      ),
    );
  }
  if (changed.has('codeSha256') || changed.has('architecture')) {
    yield* changeWhenIdle(context, wanted.name, () =>
      client.send(
        new UpdateFunctionCodeCommand({
          FunctionName: wanted.name,
          ZipFile: wanted.bundle.zip,
          Architectures: [ARCHITECTURE],
        }),
        abortable(context),
      ),
    );
  }
  if (someStart('tag ')) {
    await client.send(
      new TagResourceCommand({
        Resource: existing.arn,
        Tags: stackTags(desired.name, desired.version, desired.tags),
      }),
      abortable(context),
    );
  }
  return yield* functionReady(context, wanted.name);
}

/** Waits until the function can be invoked and no update is under way. Throws when Lambda gave up on either. */
export async function* functionReady(
  context: ResourceContext,
  name: string,
): AsyncGenerator<Waiting, ActualFunction> {
  const found = yield* pollUntil(
    () => inspectFunction(context, name),
    (value) => {
      if (value === undefined) return 'the function is not visible yet';
      if (value.state === 'Failed') throw failed(name, 'could not be made', value.stateReason);
      if (value.lastUpdateStatus === 'Failed') {
        throw failed(name, 'could not be updated', value.lastUpdateReason);
      }
      if (value.state === 'Pending') return 'the function is being made';
      return value.lastUpdateStatus === 'InProgress' ? 'the function is being updated' : undefined;
    },
    waitFor(context, `function ${name}`, STATE_LIMIT_MS),
  );
  if (found === undefined) throw new Error('pollUntil returned before the function was there');
  return found;
}

export async function deleteFunction(context: ResourceContext, name: string): Promise<void> {
  const client = await context.clients.lambda();
  await orAbsent(
    client.send(new DeleteFunctionCommand({ FunctionName: name }), abortable(context)),
    'ResourceNotFoundException',
  );
}

async function* changeWhenIdle(
  context: ResourceContext,
  name: string,
  change: () => Promise<unknown>,
): AsyncGenerator<Waiting, void> {
  yield* retryWhile(
    change,
    (error) =>
      isNamed(error, 'ResourceConflictException') ? 'the function is being updated' : roleNotReady(error),
    waitFor(context, `function ${name}`, PROPAGATION_LIMIT_MS),
  );
  yield* functionReady(context, name);
}

// Lambda has one error name for every bad parameter, so that only its text tells a role that is not there yet for
// Lambda from one that never will be. A text that AWS rewords is shown as an error at once: nothing is lost but the wait.
const ROLE_NOT_READY = /cannot be assumed by Lambda|KMS key is invalid for CreateGrant/;

function roleNotReady(error: unknown): string | undefined {
  return isNamed(error, 'InvalidParameterValueException') && ROLE_NOT_READY.test(error.message)
    ? 'Lambda cannot assume the new role yet'
    : undefined;
}

function failed(name: string, what: string, reason: string | undefined): CliError {
  return new CliError('function.failed', `function ${name} ${what}: ${reason ?? 'Lambda gives no reason'}`, {
    hint: 'ddbcdc destroy --keep-table, then ddbcdc init, makes it anew',
  });
}

/** The SDK's list of runtimes may be older than the runtime. */
function runtimeOf(wanted: DesiredFunction): Runtime {
  return wanted.bundle.runtime as Runtime;
}

function toActual(answer: GetFunctionCommandOutput): ActualFunction {
  const configuration: FunctionConfiguration = answer.Configuration ?? {};
  return {
    name: configuration.FunctionName ?? '',
    arn: configuration.FunctionArn ?? '',
    state: configuration.State ?? 'Active',
    ...(configuration.StateReason === undefined ? {} : { stateReason: configuration.StateReason }),
    ...(configuration.LastUpdateStatus === undefined
      ? {}
      : { lastUpdateStatus: configuration.LastUpdateStatus }),
    ...(configuration.LastUpdateStatusReason === undefined
      ? {}
      : { lastUpdateReason: configuration.LastUpdateStatusReason }),
    architecture: configuration.Architectures?.[0] ?? 'x86_64',
    runtime: configuration.Runtime ?? '',
    handler: configuration.Handler ?? '',
    memoryMb: configuration.MemorySize ?? 0,
    timeoutSeconds: configuration.Timeout ?? 0,
    roleArn: configuration.Role ?? '',
    codeSha256: configuration.CodeSha256 ?? '',
    codeBytes: configuration.CodeSize ?? 0,
    environment: { ...configuration.Environment?.Variables },
    tags: { ...answer.Tags },
  };
}
