import { Option } from 'commander';
import { IMAGES_MODES } from '../ui/tail/view.js';
import { addTargetFlags, collect, type RegisterCommand, waitingTime, wholeNumber } from './command-spec.js';

const EXAMPLES = `Examples:
  $ ddbcdc tail                                     new changes of the table in ddbcdc.json, live
  $ ddbcdc tail --from trim-horizon --no-follow     all that the stream still holds, then end
  $ ddbcdc tail --since 10m --event MODIFY --images diff
  $ ddbcdc tail --filter '{"dynamodb":{"Keys":{"Id":{"N":["42"]}}}}'
  $ ddbcdc tail --from trim-horizon --expect 500 --for 60s --json
  $ ddbcdc tail --checkpoint audit --json >> changes.jsonl
  $ ddbcdc tail --template '{{at}} {{event}} {{model.id}}'
  $ ddbcdc tail --dlq "$(aws sqs receive-message --queue-url …)"   or a file: --dlq message.json
`;

const MAX_COUNT = 1_000_000_000;

export const registerTail: RegisterCommand = (program, context, exit) => {
  const command = program
    .command('tail')
    .description("show a table's changes as they happen, decoded and accounted for")
    .addHelpText('before', EXAMPLES)
    .option('--table <name>', 'the table (default: the one in ddbcdc.json, else SampleStreamTable)')

    .optionsGroup('Where to start and when to end:')
    .addOption(
      new Option(
        '--from <position>',
        'where to start (default: latest; trim-horizon with --no-follow)',
      ).choices(['latest', 'trim-horizon']),
    )
    .option(
      '--since <time>',
      'start at records that are at most so old (10m, 2h), or at a time: 2026-11-23T09:00, local (UTC with --utc) ' +
        'unless it ends in Z or +01:00',
    )
    .option('--checkpoint <name>', 'go on where the tail of this name stopped')
    .option('--no-follow', 'end when everything that was there has been read')
    .option('--limit <n>', 'end after n changes', wholeNumber(1, MAX_COUNT))
    .option('--for <time>', 'end after this time, such as 30s', waitingTime)
    .option(
      '--expect <n>',
      'end when n distinct changes were seen; exit 4 if fewer were',
      wholeNumber(1, MAX_COUNT),
    )
    .option('--shard <id>', 'read one shard only')
    .option('--from-seq <number>', 'with --shard: from this sequence number on')
    .option('--to-seq <number>', 'with --shard: up to this sequence number')
    .option(
      '--dlq <message>',
      "show the records of a failed batch, from a mapping's on-failure message or the file that holds it",
    )

    .optionsGroup('What to show:')
    .option('--event <names>', 'INSERT, MODIFY, REMOVE, separated by commas')
    .option('--key <name=value>', 'changes of this key; repeat for alternatives or a sort key', collect)
    .option('--filter <pattern>', "a pattern in Lambda's event-filter syntax; up to five, ORed", collect)
    .option('--model <file>', 'a model (TypeScript or JavaScript, default export)')

    .optionsGroup('How to show it:')
    .addOption(
      new Option('--format <name>', 'default: pretty on a terminal, JSON Lines elsewhere').choices([
        'auto',
        'pretty',
        'json',
        'raw',
      ]),
    )
    .addOption(new Option('--images <part>', 'the part of each change').choices(IMAGES_MODES))
    .option('--template <text>', "one line a change, such as '{{at}} {{event}} {{model.id}}'")
    .option('--utc', 'times in UTC, not local')

    .optionsGroup('What to fail on:')
    .option('--fail-on-gap', 'end with exit 4 at the first gap')
    .option(
      '--fail-on-stall <time>',
      'end with exit 4 when a shard cannot be read for this long',
      waitingTime,
    );

  addTargetFlags(command).action(async (flags) => {
    const { runTail } = await import('../commands/tail.js');
    exit(await runTail(flags, context));
  });
};
