// What commander refuses, as an error of ours: one place prints all errors, as JSON where that was asked for.
import type { Command, CommanderError } from 'commander';
import { type CliError, usageError } from '../errors.js';

/** Makes the command, and all under it, throw a `usage.*` error (exit 2) for flags and arguments that it does not take. */
export function throwUsageErrors(command: Command): void {
  command.configureOutput({ outputError: () => {} });
  command.exitOverride((error) => {
    // Help and version are no errors; a command without a subcommand has shown its help.
    throw error.exitCode === 0 || error.code === 'commander.help' ? error : toUsageError(error, command);
  });
  for (const subcommand of command.commands) throwUsageErrors(subcommand);
}

function toUsageError(error: CommanderError, command: Command): CliError {
  const message = error.message
    .replace(/^error: /, '')
    .replace(/\s*\n\(Did you mean/, ' (did you mean')
    .replace(/\.$/, '');
  return usageError(error.code.replace(/^commander\./, 'usage.'), message, `${pathOf(command)} --help`);
}

/** `ddbcdc local start`. */
function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}
