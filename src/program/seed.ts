import { addTargetFlags, type RegisterCommand, wholeNumber } from './command-spec.js';

const EXAMPLES = `Examples:
  $ ddbcdc seed --count 500
  $ ddbcdc seed --count 100000 --concurrency 16
  $ ddbcdc seed --count 60000 --rate 1000     a steady load, for watching lag
`;

export const registerSeed: RegisterCommand = (program, context, exit) => {
  addTargetFlags(program.command('seed'))
    .description("write the reference's sample items to the table")
    .addHelpText('before', EXAMPLES)
    .option('--table <name>', 'the table (default: from ddbcdc.json, then SampleStreamTable)')
    .option('--count <n>', 'how many items', wholeNumber(1, 1_000_000_000), 500)
    .option('--start-id <n>', 'Id of the first item', wholeNumber(0, Number.MAX_SAFE_INTEGER), 1)
    .option('--concurrency <n>', 'batches of 25 in flight', wholeNumber(1, 256), 8)
    .option('--rate <n>', 'items a second at most', wholeNumber(1, 1_000_000))
    .option('--no-stamp', 'leave out SeededAt, the time of writing in milliseconds')
    .action(async (flags) => {
      const { runSeed } = await import('../commands/seed.js');
      exit(await runSeed(flags, context));
    });
};
