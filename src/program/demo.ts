import { Option } from 'commander';
import { type RegisterCommand, wholeNumber } from './command-spec.js';

const EXAMPLES = `Examples:
  $ ddbcdc demo                 the whole job on the embedded engine, in a folder that is removed at the end
  $ ddbcdc demo --count 5000
`;

export const registerDemo: RegisterCommand = (program, context, exit) => {
  program
    .command('demo')
    .description('the whole job, from nothing: init, seed, tail, logs, bench, destroy')
    .addHelpText('before', EXAMPLES)
    .addOption(new Option('--count <n>', 'how many items').argParser(wholeNumber(1, 1_000_000)).default(500))
    .option('--json', 'print JSON')
    .action(async (flags) => {
      const { runDemo } = await import('../commands/demo.js');
      exit(await runDemo(flags, context));
    });
};
