import { ServiceError } from '../service.js';
import { tableNameOf } from '../tables/catalog.js';
import { readLimit, type StreamOperation } from './operations.js';

/** ListStreams: enabled streams and those still readable, oldest first, of one table or of all. */
export const listStreams: StreamOperation = (catalog, body) => {
  const limit = readLimit(body.Limit, 100);
  const table = typeof body.TableName === 'string' ? tableNameOf(body.TableName) : undefined;
  const all = [...catalog.streamLog.streams.values()]
    .map((stream) => stream.row)
    .filter((row) => table === undefined || row.tableName === table);
  const start = body.ExclusiveStartStreamArn ?? undefined;
  const from = start === undefined ? 0 : all.findIndex((row) => row.arn === start) + 1;
  if (start !== undefined && from === 0) {
    throw new ServiceError(
      'ResourceNotFoundException',
      `Requested resource not found: Stream: ${start} not found`,
    );
  }
  const page = all.slice(from, from + limit);
  const last = page.at(-1);
  return {
    Streams: page.map(({ arn, tableName, label }) => ({
      StreamArn: arn,
      TableName: tableName,
      StreamLabel: label,
    })),
    ...(from + page.length < all.length && last !== undefined ? { LastEvaluatedStreamArn: last.arn } : {}),
  };
};
