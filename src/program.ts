// The command tree. Each command's flags and help are in program/, each handler in commands/ is imported when it runs,
// so that `--help` loads no AWS package.
import { Command, CommanderError, Help, type Option } from 'commander';
import type { CommandContext } from './commands/context.js';
import { EXIT } from './errors.js';
import { packageVersion } from './package-files.js';
import { registerBench } from './program/bench.js';
import { type RegisterCommand, TARGET_OPTIONS_HEADING } from './program/command-spec.js';
import { registerDemo } from './program/demo.js';
import { registerDestroy } from './program/destroy.js';
import { throwUsageErrors } from './program/flag-error.js';
import { registerInit } from './program/init.js';
import { registerLocal } from './program/local.js';
import { registerLogs } from './program/logs.js';
import { registerSeed } from './program/seed.js';
import { registerStatus } from './program/status.js';
import { registerTail } from './program/tail.js';

const COMMANDS: readonly RegisterCommand[] = [
  registerInit,
  registerSeed,
  registerTail,
  registerLogs,
  registerBench,
  registerStatus,
  registerDestroy,
  registerLocal,
  registerDemo,
];

const EXAMPLES = `Examples:
  $ ddbcdc demo                  the whole job, from nothing, in a folder that is removed at the end
  $ ddbcdc init                  a table with a stream, and a function that decodes it
  $ ddbcdc seed --count 500      items to try it with
  $ ddbcdc tail                  its changes, decoded, as they happen
`;

export interface Program {
  /** Parses and runs; resolves to the exit code. */
  run(args: readonly string[]): Promise<number>;
}

export function buildProgram(context: CommandContext): Program {
  let exitCode: number = EXIT.done;
  const { terminal } = context;
  const program = new Command('ddbcdc')
    .description('Change data capture for DynamoDB from the terminal.')
    .addHelpText('before', EXAMPLES)
    .version(packageVersion())
    .option('--no-color', 'no colour (also NO_COLOR)')
    .configureHelp({ groupItems: targetOptionsLast, subcommandTerm: (command) => command.name() })
    .configureOutput({
      writeOut: (text) => void terminal.stdout.write(text),
      writeErr: (text) => void terminal.stderr.write(text),
    });
  for (const register of COMMANDS) {
    register(program, context, (code) => {
      exitCode = code;
    });
  }
  throwUsageErrors(program);
  return {
    async run(args) {
      try {
        await program.parseAsync([...args], { from: 'user' });
      } catch (error) {
        if (!(error instanceof CommanderError)) throw error;
        // Help and version end with 0; help that nobody asked for stands for a missing subcommand.
        return error.exitCode === 0 ? EXIT.done : EXIT.usage;
      }
      return exitCode;
    },
  };
}

/** What a command is for stands above where it runs. */
function targetOptionsLast<T extends Command | Option>(
  unsorted: T[],
  visible: T[],
  group: (item: T) => string,
): Map<string, T[]> {
  // The type of the base method loses T, which it gives back as it came.
  const groups = new Help().groupItems(unsorted, visible, group as (item: Command | Option) => string) as Map<
    string,
    T[]
  >;
  const last = groups.get(TARGET_OPTIONS_HEADING);
  if (last !== undefined) {
    groups.delete(TARGET_OPTIONS_HEADING);
    groups.set(TARGET_OPTIONS_HEADING, last);
  }
  return groups;
}
