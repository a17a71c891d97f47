import { type Command, Option } from 'commander';
import { FAULT_KINDS, type FaultKind } from '../local/faults/fault-kinds.js';
import { type RegisterCommand, waitingTime, wholeNumber } from './command-spec.js';

const EXAMPLES = `Examples:
  $ ddbcdc local start                 in the background; commands that need it do this by themselves
  $ ddbcdc local start --foreground    with its log in this terminal, until Ctrl-C
  $ eval "$(ddbcdc local env)"         point the AWS CLI and every SDK in this shell at it
  $ ddbcdc local status
  $ ddbcdc local faults 'GetRecords:throttle=20%'
  $ ddbcdc local reset                 delete its tables, streams, functions and logs
`;

const FAULTS_HELP = `
A rule names an AWS operation (or * for all), a fault, and how often: a share of the calls (20%) or the next few
(count=3). Faults live in the engine's memory: one that starts again has none.

${Object.entries<FaultKind>(FAULT_KINDS)
  .map(([name, { does }]) => `  ${name.padEnd(16)}${does}`)
  .join('\n')}
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
  common(
    local
      .command('faults')
      .argument('[rules...]', 'operation:kind=value; they take the place of those before'),
    "$ ddbcdc local faults 'GetRecords:throttle=20%' 'GetRecords:expire=3%' --seed 7 --for 5m",
    "$ ddbcdc local faults '*:delay=50ms..200ms' 'BatchWriteItem:unprocessed=30%' 'PutItem:cut=count=2'",
    "$ ddbcdc local faults 'DescribeStream:late-children=3s' 'Invoke:error=10%'",
    '$ ddbcdc local faults                 what is set, and how often each rule fired',
    '$ ddbcdc local faults --clear',
  )
    .description(
      'make the engine fail on demand as AWS does: throttling, cut connections, expired iterators, …',
    )
    .option('--seed <n>', 'draw the same faults for the same calls again', wholeNumber(0, 2 ** 32 - 1))
    .option(
      '--for <time>',
      'end by themselves after so long (default: when cleared, or the engine stops)',
      waitingTime,
    )
    .option('--clear', 'end all faults')
    .addHelpText('after', FAULTS_HELP)
    .action(async (rules, flags) => {
      const { runLocalFaults } = await import('../commands/local/faults.js');
      exit(await runLocalFaults(rules, flags, context));
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
  return text === 'never' ? 0 : Math.round(waitingTime(text));
}
