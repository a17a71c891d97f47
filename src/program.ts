// The command tree. Each command's flags and help are in program/, each handler in commands/ is imported when it runs,
// so that `--help` loads no AWS package.
import { Command, CommanderError } from 'commander';
import type { CommandContext } from './commands/context.js';
import { EXIT } from './errors.js';
import { packageVersion } from './package-files.js';
import type { RegisterCommand } from './program/command-spec.js';

const COMMANDS: readonly RegisterCommand[] = [];

export interface Program {
  /** Parses and runs; resolves to the exit code. */
  run(args: readonly string[]): Promise<number>;
}

export function buildProgram(context: CommandContext): Program {
  let exitCode: number = EXIT.done;
  const { terminal } = context;
  const program = new Command('ddbcdc')
    .description('Change data capture for DynamoDB from the terminal.')
    .version(packageVersion())
    .option('--no-color', 'no colour (also NO_COLOR)')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => void terminal.stdout.write(text),
      writeErr: (text) => void terminal.stderr.write(text),
    })
    .showHelpAfterError('run the command with --help to see its flags')
    .exitOverride();
  for (const register of COMMANDS) {
    register(program, context, (code) => {
      exitCode = code;
    });
  }
  return {
    async run(args) {
      try {
        await program.parseAsync([...args], { from: 'user' });
      } catch (error) {
        if (!(error instanceof CommanderError)) throw error;
        // Help and version end with 0; everything else commander refuses is a usage error.
        return error.exitCode === 0 ? EXIT.done : EXIT.usage;
      }
      return exitCode;
    },
  };
}
