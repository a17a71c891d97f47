import { Option } from 'commander';
import { addTargetFlags, collect, type RegisterCommand, wholeNumber } from './command-spec.js';

const EXAMPLES = `Examples:
  $ ddbcdc init                                     asks, shows the plan, then makes it on the embedded engine
  $ ddbcdc init --yes                               the reference's own stack, without a question
  $ ddbcdc init --dry-run --target aws              what would be made on AWS
  $ ddbcdc init --target aws --region eu-west-1 --table Orders --partition-key OrderId:S \\
      --view-type NEW_AND_OLD_IMAGES --model ./order.ts --handler ./on-change.ts
  $ ddbcdc init --emit cloudformation --out infra   the same stack as a template, for review
  $ ddbcdc init --table Orders --adopt              a table that is there already, used as it is
`;

const VIEW_TYPES = ['KEYS_ONLY', 'NEW_IMAGE', 'OLD_IMAGE', 'NEW_AND_OLD_IMAGES'];

export const registerInit: RegisterCommand = (program, context, exit) => {
  addTargetFlags(program.command('init'))
    .description('make a table with a stream, and a function that decodes it')
    .addHelpText('before', EXAMPLES)
    .option('--yes', 'ask nothing')
    .option('--dry-run', 'show the plan and change nothing')
    .addOption(
      new Option('--emit <format>', 'write the stack as a template, and make nothing').choices([
        'cloudformation',
        'terraform',
        'cdk',
      ]),
    )
    .option('--out <folder>', 'where --emit writes (default: ddbcdc-<format>)')
    .optionsGroup('Table:')
    .option('--table <name>', 'its name (default: SampleStreamTable)')
    .option('--partition-key <name:type>', 'type S, N or B (default: Id:N)')
    .option('--sort-key <name:type>', 'none by default')
    .addOption(
      new Option('--view-type <type>', 'what the stream shows (default: NEW_IMAGE)').choices(VIEW_TYPES),
    )
    .option('--adopt', 'use a table that ddbcdc did not make, as it is; destroy will leave it')
    .option('--read-capacity <n>', 'provisioned reads; without both, on demand', wholeNumber(1, 1_000_000))
    .option('--write-capacity <n>', 'provisioned writes', wholeNumber(1, 1_000_000))
    .option('--deletion-protection', 'AWS refuses to delete the table')
    .option('--no-deletion-protection', 'take that off')
    .option('--tag <key=value>', 'on everything that is made; repeatable', collect)
    .optionsGroup('Function:')
    .option('--function <name>', 'its name (default: sample-ddb-stream-handler)')
    .option('--no-function', 'only the table and its stream')
    .option('--model <file>', 'a model to decode with, its default export')
    .option('--infer', 'write a first model.ts from the items in the table')
    .option('--handler <file>', 'your own function of the decoded changes, its default export')
    .option('--memory <mb>', 'default: 256', wholeNumber(128, 10_240))
    .option('--timeout <time>', 'default: 60s')
    .option('--role-arn <arn>', 'a role to use; without it one with least privilege is made')
    .option('--log-retention <days>', 'default: 14', wholeNumber(1, 3653))
    .optionsGroup('Mapping:')
    .option('--batch-size <n>', 'default: 100', wholeNumber(1, 10_000))
    .option('--batch-window <time>', 'how long to gather a batch (default: 0s)')
    .option('--parallelization <n>', 'batches of one shard at a time (default: 1)', wholeNumber(1, 10))
    .addOption(
      new Option('--starting-position <position>', 'default: TRIM_HORIZON').choices([
        'TRIM_HORIZON',
        'LATEST',
      ]),
    )
    .option('--retries <n>', 'of a failed batch; -1 without end (default: 10)', wholeNumber(-1, 10_000))
    .option('--max-record-age <time>', 'older records are given up; -1 never (default: 24h)')
    .option('--bisect', 'halve a failed batch to find the bad record (default)')
    .option('--no-bisect', 'retry it whole')
    .option('--filter <pattern>', "Lambda's event filter, as for tail; repeatable", collect)
    .option('--on-failure <arn>', 'queue, topic or bucket that is told of a batch given up')
    .action(async (flags) => {
      const { runInit } = await import('../commands/init.js');
      exit(await runInit(flags, context));
    });
};
