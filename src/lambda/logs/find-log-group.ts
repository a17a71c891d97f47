// Where a function logs, and what it means when that log is not there.
import { GetFunctionConfigurationCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { CliError, EXIT } from '../../errors.js';

/** A function's name, from its name, `name:alias` or ARN. */
export function functionNameOf(text: string): string {
  const parts = text.split(':');
  return (parts[0] === 'arn' ? parts[6] : parts[0]) || text;
}

/** The log group that Lambda uses unless the function says otherwise. */
export function defaultLogGroup(functionName: string): string {
  return `/aws/lambda/${functionName}`;
}

/**
 * The log group that the function's own configuration names. Throws `logs.noFunction` (exit 3) when there is no such
 * function, and the SDK's error when it may not be asked.
 */
export async function configuredLogGroup(
  lambda: LambdaClient,
  functionName: string,
  signal: AbortSignal,
): Promise<string> {
  try {
    const configuration = await lambda.send(
      new GetFunctionConfigurationCommand({ FunctionName: functionName }),
      { abortSignal: signal },
    );
    return configuration.LoggingConfig?.LogGroup ?? defaultLogGroup(functionName);
  } catch (error) {
    if (!isResourceNotFound(error)) throw error;
    throw new CliError('logs.noFunction', `there is no function ${functionName}, and no log of one`, {
      exitCode: EXIT.precondition,
      hint: 'make it with ddbcdc init, or name another with --function',
      cause: error,
    });
  }
}

/** True for the error of a log group or function that does not exist. */
export function isResourceNotFound(error: unknown): boolean {
  return error instanceof Error && error.name === 'ResourceNotFoundException';
}
