import { addTargetFlags, type RegisterCommand, waitingTime } from './command-spec.js';

const EXAMPLES = `Examples:
  $ ddbcdc status                          table, stream, shards, function, mapping, engine in one look
  $ ddbcdc status --watch
  $ ddbcdc status --check --json           exit 4 when anything is unhealthy
  $ ddbcdc status --all --target aws       every stack in the account and region
`;

export const registerStatus: RegisterCommand = (program, context, exit) => {
  addTargetFlags(program.command('status'))
    .description('what there is, and whether it works')
    .addHelpText('before', EXAMPLES)
    .option('--table <name>', 'the stack (default: from ddbcdc.json, then SampleStreamTable)')
    .option(
      '--function <name>',
      'the function (default: from ddbcdc.json, then the one that reads the stream)',
    )
    .option('--all', 'every stack that ddbcdc made there, by its tags')
    .option('--check', 'exit 4 when anything is unhealthy')
    .option('--watch', 'look again and again, until Ctrl-C')
    .option('--interval <time>', 'between two looks', waitingTime, 2000)
    .action(async (flags) => {
      const { runStatus } = await import('../commands/status.js');
      exit(await runStatus(flags, context));
    });
};
