import { addTargetFlags, type RegisterCommand } from './command-spec.js';

const EXAMPLES = `Examples:
  $ ddbcdc destroy                                  shows what would be deleted, and asks
  $ ddbcdc destroy --keep-table                     everything but the table and its data
  $ ddbcdc destroy --target aws --confirm Orders    on AWS without a question: the table's name says you mean it
`;

export const registerDestroy: RegisterCommand = (program, context, exit) => {
  addTargetFlags(program.command('destroy'))
    .description('delete what init made, and nothing else')
    .addHelpText('before', EXAMPLES)
    .option('--table <name>', 'the stack (default: from ddbcdc.json, then SampleStreamTable)')
    .option('--function <name>', 'a function to look at besides those found by tag')
    .option('--keep-table', 'leave the table, its data and its stream')
    .option('--dry-run', 'show the plan and change nothing')
    .option('--yes', 'ask nothing; on AWS it takes --confirm')
    .option('--confirm <table>', "the table's name: deletes on AWS without a question")
    .action(async (flags) => {
      const { runDestroy } = await import('../commands/destroy.js');
      exit(await runDestroy(flags, context));
    });
};
