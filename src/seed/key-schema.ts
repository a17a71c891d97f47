import { DescribeTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CliError, EXIT } from '../errors.js';
import { translateAwsError } from '../target/translate-error.js';
import type { KeyAttribute } from './items.js';

/** The table's key attributes. Throws `table.notFound` (exit 3) with the command that makes the table. */
export async function readKeySchema(
  dynamodb: DynamoDBClient,
  table: string,
  signal: AbortSignal,
): Promise<KeyAttribute[]> {
  try {
    const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName: table }), {
      abortSignal: signal,
    });
    return (Table?.KeySchema ?? []).map(({ AttributeName: name = '' }) => {
      const type = Table?.AttributeDefinitions?.find(
        (definition) => definition.AttributeName === name,
      )?.AttributeType;
      return { name, type: type === 'N' || type === 'B' ? type : 'S' };
    });
  } catch (error) {
    if (error instanceof Error && error.name === 'ResourceNotFoundException') {
      throw new CliError('table.notFound', `table ${table} does not exist`, {
        exitCode: EXIT.precondition,
        hint: `make it with: ddbcdc init --table ${table}`,
        cause: error,
      });
    }
    throw translateAwsError(error, `table ${table}`);
  }
}
