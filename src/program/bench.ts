import { Option } from 'commander';
import { addTargetFlags, collect, type RegisterCommand, wholeNumber } from './command-spec.js';

const EXAMPLES = `Examples:
  $ ddbcdc bench                                   decode and pipeline
  $ ddbcdc bench --stage decode --shape sample
  $ ddbcdc bench --stage ingest                    reading and decoding against a plain SDK loop
  $ ddbcdc bench --save before.json
  $ ddbcdc bench --compare before.json --fail-if 'pipeline.writeToSeenMs.p99>250'
`;

export const registerBench: RegisterCommand = (program, context, exit) => {
  addTargetFlags(program.command('bench'))
    .description('measure decoding, reading, write-to-seen and start-up')
    .addHelpText('before', EXAMPLES)
    .addOption(
      new Option('--stage <name>', 'what to measure; repeatable (default: decode, pipeline)').argParser(
        collect,
      ),
    )
    .addOption(
      new Option(
        '--shape <name>',
        'decode: sample, wide, nested, sets or large; repeatable (default: all)',
      ).argParser(collect),
    )
    .option('--rate <n>', 'pipeline: writes a second', wholeNumber(1, 100_000), 1000)
    .option('--count <n>', 'pipeline: writes in all', wholeNumber(1, 10_000_000), 3000)
    .option('--records <n>', 'ingest: records in the backlog', wholeNumber(1000, 10_000_000), 100_000)
    .option('--save <file>', 'keep the report as a baseline')
    .option('--compare <file>', 'show each figure against that baseline')
    .addOption(
      new Option(
        '--fail-if <condition>',
        "exit 4 when met, such as 'pipeline.writeToSeenMs.p99>250'; repeatable",
      ).argParser(collect),
    )
    .action(async (flags) => {
      const { runBench } = await import('../commands/bench.js');
      exit(await runBench(flags, context));
    });
};
