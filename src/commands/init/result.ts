// The JSON of `init`: a public shape, only ever added to.
import type { AppliedStack } from '../../provision/apply.js';
import type { Whereabouts } from '../../provision/place.js';
import type { DesiredStack, PlanStep, ResourceKind } from '../../provision/stack.js';
import type { Target } from '../../target/target.js';

export function initDocument(
  target: Target,
  { place }: Whereabouts,
  desired: DesiredStack,
  steps: readonly PlanStep[],
  applied: AppliedStack,
) {
  const action = (resource: ResourceKind): string =>
    steps.findLast((step) => step.resource === resource)?.action ?? 'unchanged';
  const { table, function: made, mapping } = applied;
  const managesRole = steps.some(({ resource }) => resource === 'role');
  return {
    target: target.kind,
    region: target.region,
    account: target.kind === 'local' ? null : place.accountId,
    endpoint: target.endpoint ?? null,
    table: {
      name: table.name,
      arn: table.arn,
      streamArn: table.streamArn ?? null,
      viewType: table.viewType ?? null,
      action: action('table'),
    },
    function:
      made === undefined
        ? null
        : {
            name: made.name,
            arn: made.arn,
            architecture: made.architecture,
            memoryMb: made.memoryMb,
            bundleBytes: desired.compute?.function.bundle.zipBytes ?? made.codeBytes,
            action: action('function'),
          },
    mapping:
      mapping === undefined
        ? null
        : {
            uuid: mapping.uuid,
            batchSize: mapping.batchSize,
            startingPosition: mapping.startingPosition,
            state: mapping.state,
            action: action('mapping'),
          },
    role:
      made === undefined
        ? null
        : { arn: made.roleArn, managed: managesRole, action: managesRole ? action('role') : 'unchanged' },
    logGroup:
      desired.compute === undefined
        ? null
        : { name: desired.compute.logGroup.name, action: action('log-group') },
  };
}
