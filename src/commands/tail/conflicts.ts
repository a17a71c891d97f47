// Flags of `tail` that contradict each other, refused before anything is started.
import { usageError } from '../../errors.js';
import type { TailFlags } from './flags.js';

type FlagName = keyof TailFlags;

interface Rule {
  readonly flag: FlagName;
  readonly excludes: readonly FlagName[];
  readonly why: string;
}

const RULES: readonly Rule[] = [
  { flag: 'since', excludes: ['from'], why: 'both say where to start' },
  {
    flag: 'dlq',
    excludes: ['shard', 'fromSeq', 'toSeq', 'from', 'since', 'checkpoint'],
    why: 'the message names the shard and the range',
  },
  { flag: 'shard', excludes: ['from', 'since', 'checkpoint'], why: 'a range has its own start' },
  { flag: 'template', excludes: ['json', 'format', 'images'], why: 'a template is a format of its own' },
];

/** Throws `tail.conflict` (exit 2); the hint says which flag to drop. */
export function refuseConflicts(flags: TailFlags): void {
  const isGiven = (name: FlagName): boolean => flags[name] !== undefined && flags[name] !== false;
  for (const { flag, excludes, why } of RULES) {
    const other = excludes.find(isGiven);
    if (isGiven(flag) && other !== undefined) throw conflict(flag, other, why);
  }
  if (flags.json === true && flags.format !== undefined && flags.format !== 'json') {
    throw conflict('json', 'format', 'both say how to print');
  }
  if (flags.format === 'raw' && isGiven('images')) {
    throw conflict('format', 'images', 'raw records are printed as they are');
  }
  for (const flag of ['fromSeq', 'toSeq'] as const) {
    if (isGiven(flag) && !isGiven('shard')) {
      throw usageError(
        'tail.conflict',
        `${flagText(flag)} needs --shard: a sequence number has its place in one shard`,
        'add --shard; a tail with --json names the shard of every change',
      );
    }
  }
  if (flags.follow === false && flags.from === 'latest') {
    throw usageError(
      'tail.conflict',
      '--no-follow and --from latest cannot be used together: that reads nothing',
      'use --from trim-horizon or --since 10m',
    );
  }
}

function conflict(flag: FlagName, other: FlagName, why: string): Error {
  return usageError(
    'tail.conflict',
    `${flagText(flag)} and ${flagText(other)} cannot be used together: ${why}`,
    `drop ${flagText(other)}`,
  );
}

function flagText(name: FlagName): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
