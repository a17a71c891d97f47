import { type Command, InvalidArgumentError, Option } from 'commander';
import { duration, type RegisterCommand, wholeNumber } from './command-spec.js';

const EXAMPLES = `Examples:
  $ ddbcdc local start                 in the background; commands that need it do this by themselves
  $ ddbcdc local start --foreground    with its log in this terminal, until Ctrl-C
  $ eval "$(ddbcdc local env)"         point the AWS CLI and every SDK in this shell at it
  $ ddbcdc local status
  $ ddbcdc local reset                 delete its tables, streams, functions and logs
`;

export const registerLocal: RegisterCommand = (program, context, exit) => {
  const local = program
    .command('local')
    .description('the embedded engine: DynamoDB, Streams, Lambda and Logs on this machine')
    .addHelpText('before', EXAMPLES);

  common(
    local.command('start'),
    '$ ddbcdc local start',
    '$ ddbcdc local start --port 8000 --idle never',
    '$ ddbcdc local start --foreground',
  )
    .description('start the engine, or say where it runs')
    .option('--port <n>', 'the port (default: the last one, else a free one)', wholeNumber(1, 65_535))
    .option('--idle <time>', 'stop after so long without a request, or never (default: 1h)', idleTime)
    .option('--foreground', 'run in this terminal until Ctrl-C, and show the log')
    .action(async (flags) => {
      const { runLocalStart } = await import('../commands/local/start.js');
      exit(await runLocalStart(flags, context));
    });
  common(local.command('stop'), '$ ddbcdc local stop')
    .description('stop the engine; its data stays')
    .action(async (flags) => {
      const { runLocalStop } = await import('../commands/local/stop.js');
      exit(await runLocalStop(flags, context));
    });
  common(local.command('status'), '$ ddbcdc local status', '$ ddbcdc local status --json')
    .description('say whether the engine runs, where, and until when')
    .action(async (flags) => {
      const { runLocalStatus } = await import('../commands/local/status.js');
      exit(await runLocalStatus(flags, context));
    });
  common(
    local.command('env'),
    '$ eval "$(ddbcdc local env)"',
    '$ ddbcdc local env --shell fish | source',
    '$ ddbcdc local env --shell powershell | Out-String | Invoke-Expression',
  )
    .description('print shell exports that point AWS tools at the engine, and start it')
    .addOption(new Option('--shell <name>', 'the shell').choices(['sh', 'fish', 'powershell']).default('sh'))
    .action(async (flags) => {
      const { runLocalEnv } = await import('../commands/local/env.js');
      exit(await runLocalEnv(flags, context));
    });
  common(local.command('reset'), '$ ddbcdc local reset', '$ ddbcdc local reset --yes')
    .description('stop the engine and delete its data')
    .option('--yes', 'do not ask')
    .action(async (flags) => {
      const { runLocalReset } = await import('../commands/local/reset.js');
      exit(await runLocalReset(flags, context));
    });
  for (const [name, operation, description] of [
    ['roll', 'RollShards', "close every open shard of a table's stream and open its successor"],
    ['split', 'SplitShard', "split an open shard of a table's stream into two"],
  ] as const) {
    common(local.command(name), `$ ddbcdc local ${name}`, `$ ddbcdc local ${name} --table Orders --json`)
      .description(description)
      .option('--table <name>', 'the table (default: from ddbcdc.json, then SampleStreamTable)')
      .action(async (flags) => {
        const { runLocalShards } = await import('../commands/local/shards.js');
        exit(await runLocalShards(operation, flags, context));
      });
  }
};

function common(command: Command, ...examples: string[]): Command {
  return command
    .addHelpText('before', `Examples:\n${examples.map((example) => `  ${example}\n`).join('')}`)
    .option('--data-dir <path>', 'where the engine keeps its data (default: .ddbcdc in the project folder)')
    .option('--json', 'print JSON')
    .option('--no-color', 'no colour (also NO_COLOR)');
}

/** Milliseconds; 0 for `never`. */
function idleTime(text: string): number {
  if (text === 'never') return 0;
  const ms = duration(text);
  if (ms < 1) throw new InvalidArgumentError('It takes a time such as 30m, or never.');
  return Math.round(ms);
}
