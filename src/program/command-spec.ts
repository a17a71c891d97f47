// The shape of a file in program/, and the flags that many commands share.
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { CommandContext } from '../commands/context.js';

/** Adds one command to the tree. The handler's exit code goes to `exit`. */
export type RegisterCommand = (
  program: Command,
  context: CommandContext,
  exit: (code: number) => void,
) => void;

export const TARGET_OPTIONS_HEADING = 'Target options:';

/** The flags that choose a target; the same on every command that talks to one. */
export function addTargetFlags(command: Command): Command {
  return command
    .optionsGroup(TARGET_OPTIONS_HEADING)
    .addOption(
      new Option('--target <kind>', 'where to run (default: local, the embedded engine)').choices([
        'local',
        'aws',
      ]),
    )
    .option('--endpoint-url <url>', 'a server that speaks the AWS APIs')
    .option('--region <name>', 'AWS region')
    .option('--profile <name>', 'AWS profile')
    .option('--data-dir <path>', 'where the embedded engine keeps its data')
    .optionsGroup('Options:')
    .option('--json', 'print JSON')
    .option('--no-color', 'no colour (also NO_COLOR)');
}

/** An option parser for a whole number between two bounds. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^-?\d+$/.test(text) || value < min || value > max) {
      throw new InvalidArgumentError(`It takes a whole number from ${min} to ${max}.`);
    }
    return value;
  };
}

/** An option parser for a duration such as `500ms`, `30s`, `10m` or `2h`, in milliseconds; none is 0. */
export function duration(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text);
  const unit = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }[match?.[2] ?? ''];
  if (match === null || unit === undefined) {
    throw new InvalidArgumentError('It takes a number with a unit, such as 500ms, 30s, 10m or 2h.');
  }
  const ms = Number(match[1]) * unit;
  if (ms < 1) throw new InvalidArgumentError('It takes a time longer than 0, such as 30s or 10m.');
  return ms;
}

/** A timer counts milliseconds in 31 bits: one that is longer is over at once. */
const LONGEST_WAIT_MS = 24 * 86_400_000;

/** As `duration`, for what waits so long. */
export function waitingTime(text: string): number {
  const ms = duration(text);
  if (ms > LONGEST_WAIT_MS) throw new InvalidArgumentError('It takes 24d at most.');
  return ms;
}

/** Collects a repeatable option. */
export function collect(value: string, previous: readonly string[] | undefined): string[] {
  return [...(previous ?? []), value];
}
