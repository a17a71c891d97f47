import { addTargetFlags, duration, type RegisterCommand, wholeNumber } from './command-spec.js';

const EXAMPLES = `Examples:
  $ ddbcdc logs                            every batch of the function, with Lambda's own figures
  $ ddbcdc logs --follow
  $ ddbcdc logs --errors --since 24h
  $ ddbcdc logs --function my-consumer --raw
  $ ddbcdc logs --json | jq .records
`;

export const registerLogs: RegisterCommand = (program, context, exit) => {
  addTargetFlags(program.command('logs'))
    .description('what the function made of each batch')
    .addHelpText('before', EXAMPLES)
    .option('--function <name>', 'the function (default: from ddbcdc.json, then sample-ddb-stream-handler)')
    .option(
      '--since <duration>',
      'how far back (default: 1h on AWS, everything on the embedded engine)',
      duration,
    )
    .option('--follow', 'go on as new lines come, until Ctrl-C')
    .option(
      '--limit <n>',
      'show the newest n batches; with --follow, end after n',
      wholeNumber(1, 1_000_000_000),
    )
    .option('--errors', 'show only what went wrong')
    .option('--models', 'show each change as the function logged it')
    .option('--raw', 'print the log lines as they are')
    .option('--utc', 'times in UTC')
    .action(async (flags) => {
      const { runLogs } = await import('../commands/logs.js');
      exit(await runLogs(flags, context));
    });
};
