// The environment variables and Node flags of a function's child process: Lambda's own, the function's, and nothing
// of the engine's. AWS SDK calls of the function go to the engine, never by accident to AWS with the user's keys.
import type { EngineContext } from '../../service.js';
import type { FunctionRecord } from '../function-record.js';

/** A port where nobody listens: without an engine to talk to, a function talks to nobody. */
const NOWHERE = 'http://127.0.0.1:9';

export interface ChildPlace {
  readonly context: Pick<EngineContext, 'region' | 'accountId'>;
  /** The unpacked code. */
  readonly taskRoot: string;
  readonly scratchDir: string;
  readonly logStream: string;
  /** Where the engine listens, when that is known. */
  readonly endpoint: string | undefined;
}

export function childVariables(record: FunctionRecord, place: ChildPlace): Record<string, string> {
  const { region } = place.context;
  const { settings } = record;
  return {
    ...pickPath(),
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    HOME: place.scratchDir,
    TMPDIR: place.scratchDir,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_ACCESS_KEY_ID: 'EMBEDDEDENGINE000000',
    AWS_SECRET_ACCESS_KEY: 'embedded-engine',
    AWS_ENDPOINT_URL: place.endpoint ?? NOWHERE,
    ...settings.environment,
    _HANDLER: settings.handler,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_EXECUTION_ENV: `AWS_Lambda_${settings.runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: record.name,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(settings.memorySize),
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: settings.logging.LogGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: place.logStream,
    AWS_LAMBDA_LOG_FORMAT: settings.logging.LogFormat,
    AWS_LAMBDA_LOG_LEVEL: settings.logging.ApplicationLogLevel ?? 'INFO',
    LAMBDA_TASK_ROOT: place.taskRoot,
    LAMBDA_RUNTIME_DIR: place.taskRoot,
  };
}

/** The shares of memory that Lambda's own Node runtime gives to V8. */
export function childFlags(memorySizeMb: number): string[] {
  return [
    `--max-old-space-size=${Math.floor(memorySizeMb * 0.9)}`,
    `--max-semi-space-size=${Math.max(1, Math.floor(memorySizeMb * 0.05))}`,
  ];
}

function pickPath(): Record<string, string> {
  const path = process.env.PATH;
  return path === undefined ? {} : { PATH: path };
}
