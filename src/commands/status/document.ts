// The JSON of `status`: a public shape, only ever added to. What is not there is null.
import { keysText } from '../../provision/plan/table.js';
import type { StackStatus } from '../../provision/status.js';
import type { Target } from '../../target/target.js';

export function statusDocument(status: StackStatus, kind: Target['kind'], region: string | null) {
  const { table, stream, function: found, engine } = status;
  return {
    target: kind,
    region,
    stack: status.stack,
    healthy: status.problems.length === 0,
    problems: status.problems,
    engine: engine ?? null,
    table:
      table === undefined
        ? null
        : {
            name: table.name,
            arn: table.arn,
            status: table.status,
            keys: keysText(table.keys),
            items: table.itemCount,
            billing: table.billing.mode,
            deletionProtection: table.deletionProtection,
            ownership: table.ownership,
            tags: table.tags,
          },
    stream:
      stream === undefined
        ? null
        : {
            ...stream,
            openShards: stream.shards.filter(({ open }) => open).length,
            closedShards: stream.shards.filter(({ open }) => !open).length,
            readersPerShard: status.readersPerShard,
          },
    // The names only: values may be secrets.
    function: found === undefined ? null : { ...found, environment: Object.keys(found.environment) },
    mapping: status.mappings.find(({ streamArn }) => streamArn === table?.streamArn) ?? null,
    deadMappings: status.mappings.filter(({ streamArn }) => streamArn !== table?.streamArn),
    recentErrors: status.recentErrors,
  };
}
