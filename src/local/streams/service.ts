import type { EngineService } from '../service.js';
import type { Catalog } from '../tables/catalog.js';
import { ok, parseBody, runOperation, unknownOperation } from '../tables/rpc.js';
import { describeStream } from './describe-stream.js';
import { getRecords } from './get-records.js';
import { getShardIterator } from './get-shard-iterator.js';
import { listStreams } from './list-streams.js';
import type { StreamOperation } from './operations.js';

const OPERATIONS: Readonly<Record<string, StreamOperation>> = {
  DescribeStream: describeStream,
  GetShardIterator: getShardIterator,
  ListStreams: listStreams,
};

/** Makes the DynamoDB Streams API. */
export function streamService(catalog: Catalog): EngineService {
  return {
    async handle(request) {
      const name = request.operation ?? '';
      const body = parseBody(request);
      if (name === 'GetRecords') return runOperation(catalog, name, () => getRecords(catalog, body));
      const operation = Object.hasOwn(OPERATIONS, name) ? OPERATIONS[name] : undefined;
      if (operation === undefined) throw unknownOperation(name);
      return ok(await runOperation(catalog, name, () => operation(catalog, body)));
    },
    close: async () => {},
  };
}
