// Validates what CreateFunction and UpdateFunctionConfiguration say about a function, with Lambda's own limits.
import { FieldReader } from './fields.js';
import type { FunctionLogging, FunctionSettings } from './function-record.js';

const RUNTIME = /^nodejs(\d+)\.x$/;
const HANDLER = /^[^\s]{1,128}$/;
const ROLE = /^arn:(aws[a-zA-Z-]*)?:iam::\d{12}:role\/?[a-zA-Z_0-9+=,.@\-_/]+$/;
const VARIABLE = /^[a-zA-Z]([a-zA-Z0-9_])+$/;
const LOG_GROUP = /^[.\-_/#A-Za-z0-9]{1,512}$/;
const MAX_VARIABLES_BYTES = 4096;
const RESERVED_VARIABLES = new Set([
  '_HANDLER',
  '_X_AMZN_TRACE_ID',
  'AWS_DEFAULT_REGION',
  'AWS_REGION',
  'AWS_EXECUTION_ENV',
  'AWS_LAMBDA_FUNCTION_NAME',
  'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
  'AWS_LAMBDA_FUNCTION_VERSION',
  'AWS_LAMBDA_INITIALIZATION_TYPE',
  'AWS_LAMBDA_LOG_GROUP_NAME',
  'AWS_LAMBDA_LOG_STREAM_NAME',
  'AWS_ACCESS_KEY',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_LAMBDA_RUNTIME_API',
  'LAMBDA_TASK_ROOT',
  'LAMBDA_RUNTIME_DIR',
]);
const APPLICATION_LEVELS = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'] as const;
const SYSTEM_LEVELS = ['DEBUG', 'INFO', 'WARN'] as const;
/** Members that change how code runs in ways the engine does not have: refused, not ignored. */
const UNSUPPORTED = ['Layers', 'FileSystemConfigs', 'ImageConfig', 'CapacityProviderConfig', 'DurableConfig'];

/** The settings after a request, given those before (undefined when the function is created). */
export function readSettings(
  input: FieldReader,
  name: string,
  before: FunctionSettings | undefined,
): FunctionSettings {
  refuseUnsupported(input);
  const environment = readEnvironment(input) ?? before?.environment;
  const deadLetterTargetArn =
    readNested(input, 'DeadLetterConfig')?.text('TargetArn') ?? before?.deadLetterTargetArn;
  return {
    runtime: checkRuntime(input, input.text('Runtime') ?? before?.runtime),
    role: checkRole(input, before?.role),
    handler: checkHandler(input, input.text('Handler') ?? before?.handler),
    description: input.text('Description') ?? before?.description ?? '',
    timeout: input.integer('Timeout', 1, 900) ?? before?.timeout ?? 3,
    memorySize: input.integer('MemorySize', 128, 10_240) ?? before?.memorySize ?? 128,
    ephemeralStorageMb:
      readNested(input, 'EphemeralStorage')?.integer('Size', 512, 10_240) ??
      before?.ephemeralStorageMb ??
      512,
    tracingMode:
      readNested(input, 'TracingConfig')?.oneOf('Mode', ['Active', 'PassThrough'] as const) ??
      before?.tracingMode ??
      'PassThrough',
    logging: readLogging(input, name, before?.logging),
    ...(environment === undefined ? {} : { environment }),
    ...(deadLetterTargetArn === undefined || deadLetterTargetArn === '' ? {} : { deadLetterTargetArn }),
  };
}

/** One architecture, as Lambda allows. */
export function readArchitectures(input: FieldReader): readonly ('x86_64' | 'arm64')[] | undefined {
  const given = input.texts('Architectures');
  if (given === undefined) return undefined;
  const [only] = given;
  if (given.length !== 1 || (only !== 'x86_64' && only !== 'arm64')) {
    throw input.invalid(
      `1 validation error detected: Value '[${given.join(', ')}]' at 'architectures' failed to satisfy constraint: ` +
        'Member must have one of the values [x86_64, arm64]',
    );
  }
  return [only];
}

function refuseUnsupported(input: FieldReader): void {
  for (const name of UNSUPPORTED) {
    const value = input.fields[name];
    const isEmpty = value === undefined || value === null || (Array.isArray(value) && value.length === 0);
    if (!isEmpty) throw input.invalid(`${name} is not supported by the embedded engine`);
  }
}

function checkRuntime(input: FieldReader, runtime: string | undefined): string {
  if (runtime === undefined)
    throw input.invalid(
      'Runtime and Handler are mandatory parameters for functions created with deployment packages.',
    );
  if (!RUNTIME.test(runtime)) {
    throw input.invalid(
      `Value ${runtime} at 'runtime' failed to satisfy constraint: the embedded engine runs Node.js functions only ` +
        '(nodejs20.x, nodejs22.x, nodejs24.x, …)',
    );
  }
  return runtime;
}

function checkRole(input: FieldReader, before: string | undefined): string {
  const role = input.text('Role') ?? before ?? input.requiredText('Role');
  if (!ROLE.test(role)) {
    throw input.invalid(
      `1 validation error detected: Value '${role}' at 'role' failed to satisfy constraint: ` +
        'Member must be the ARN of an IAM role, such as arn:aws:iam::123456789012:role/name',
    );
  }
  return role;
}

function checkHandler(input: FieldReader, handler: string | undefined): string {
  if (handler === undefined)
    throw input.invalid(
      'Runtime and Handler are mandatory parameters for functions created with deployment packages.',
    );
  if (!HANDLER.test(handler)) {
    throw input.invalid(
      `1 validation error detected: Value '${handler}' at 'handler' failed to satisfy constraint: ` +
        'Member must satisfy regular expression pattern: [^\\s]+',
    );
  }
  return handler;
}

function readEnvironment(input: FieldReader): Readonly<Record<string, string>> | undefined {
  const variables = readNested(input, 'Environment')?.textMap('Variables');
  if (variables === undefined) return undefined;
  for (const name of Object.keys(variables)) {
    if (!VARIABLE.test(name)) {
      throw input.invalid(
        `The environment variable name ${JSON.stringify(name)} must satisfy [a-zA-Z]([a-zA-Z0-9_])+`,
      );
    }
    if (RESERVED_VARIABLES.has(name)) {
      throw input.invalid(
        'Lambda was unable to configure your environment variables because the environment variables you have ' +
          `provided contains reserved keys that are currently not supported for modification. Reserved keys used in this request: ${name}`,
      );
    }
  }
  if (Buffer.byteLength(JSON.stringify(variables)) > MAX_VARIABLES_BYTES) {
    throw input.invalid(
      'Lambda was unable to configure your environment variables because the environment variables you have ' +
        'provided exceeded the 4KB limit.',
    );
  }
  return variables;
}

function readLogging(input: FieldReader, name: string, before: FunctionLogging | undefined): FunctionLogging {
  const given = readNested(input, 'LoggingConfig');
  const LogGroup = given?.text('LogGroup') ?? before?.LogGroup ?? `/aws/lambda/${name}`;
  if (!LOG_GROUP.test(LogGroup))
    throw input.invalid(`The log group name ${JSON.stringify(LogGroup)} is not valid`);
  const LogFormat = given?.oneOf('LogFormat', ['Text', 'JSON'] as const) ?? before?.LogFormat ?? 'Text';
  const application = given?.oneOf('ApplicationLogLevel', APPLICATION_LEVELS);
  const system = given?.oneOf('SystemLogLevel', SYSTEM_LEVELS);
  if (LogFormat === 'Text') {
    if (application !== undefined || system !== undefined) {
      throw input.invalid('Log levels can be set only with the JSON log format.');
    }
    return { LogFormat, LogGroup };
  }
  return {
    LogFormat,
    ApplicationLogLevel: application ?? before?.ApplicationLogLevel ?? 'INFO',
    SystemLogLevel: system ?? before?.SystemLogLevel ?? 'INFO',
    LogGroup,
  };
}

function readNested(input: FieldReader, name: string): FieldReader | undefined {
  const fields = input.object(name);
  return fields === undefined ? undefined : new FieldReader(fields, input.invalidType);
}
