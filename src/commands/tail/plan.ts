// From flags to what a tail does, and what it means when one is absent. Pure.
import { type Config, chooseTable } from '../../config.js';
import { usageError } from '../../errors.js';
import type { TailPosition, TailRange } from '../../stream/tail-options.js';
import { compileTemplate, type Template } from '../../ui/tail/template.js';
import type { ImagesMode, TailFormat } from '../../ui/tail/view.js';
import { refuseConflicts } from './conflicts.js';
import { type FailedBatch, parseFailureMessage } from './failure-message.js';
import type { TailFlags } from './flags.js';
import { parseSince, type SinceContext } from './since.js';

export interface TailPlan {
  readonly table: string;
  readonly position: TailPosition;
  /** False when the start is a default, which the ready line then says. */
  readonly positionAsked: boolean;
  readonly follow: boolean;
  readonly limit?: number;
  readonly forMs?: number;
  readonly expect?: number;
  readonly checkpoint?: string;
  readonly range?: TailRange;
  /** What `--dlq` said. */
  readonly failedBatch?: FailedBatch;
  readonly format: TailFormat;
  readonly images?: ImagesMode;
  readonly template?: Template;
  readonly utc: boolean;
  readonly failOnGap: boolean;
  readonly failOnStallMs?: number;
}

export interface PlanContext {
  readonly config: Config;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly stdoutIsTty: boolean;
}

const SEQUENCE_NUMBER = /^\d{1,40}$/;
const CHECKPOINT_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** Throws usage errors (exit 2, `tail.*`). */
export function planTail(flags: TailFlags, context: PlanContext): TailPlan {
  refuseConflicts(flags);
  const failedBatch = flags.dlq === undefined ? undefined : parseFailureMessage(flags.dlq);
  const range = rangeOf(flags, failedBatch);
  const follow = range === undefined && flags.follow !== false;
  return {
    table: tableOf(flags, context, failedBatch),
    ...positionOf(flags, follow, { now: context.now, utc: flags.utc === true }),
    follow,
    ...(flags.limit === undefined ? {} : { limit: flags.limit }),
    ...(flags.for === undefined ? {} : { forMs: flags.for }),
    ...(flags.expect === undefined ? {} : { expect: flags.expect }),
    ...(flags.checkpoint === undefined ? {} : { checkpoint: checkpointName(flags.checkpoint) }),
    ...(range === undefined ? {} : { range }),
    ...(failedBatch === undefined ? {} : { failedBatch }),
    format: formatOf(flags, context.stdoutIsTty),
    ...(flags.images === undefined ? {} : { images: flags.images }),
    ...(flags.template === undefined ? {} : { template: compileTemplate(flags.template) }),
    utc: flags.utc === true,
    failOnGap: flags.failOnGap === true,
    ...(flags.failOnStall === undefined ? {} : { failOnStallMs: flags.failOnStall }),
  };
}

function positionOf(
  flags: TailFlags,
  follow: boolean,
  context: SinceContext,
): Pick<TailPlan, 'position' | 'positionAsked'> {
  if (flags.since !== undefined) {
    return { position: { type: 'since', at: parseSince(flags.since, context) }, positionAsked: true };
  }
  if (flags.from !== undefined) return { position: { type: flags.from }, positionAsked: true };
  // What does not wait for new changes can only show old ones.
  return { position: { type: follow ? 'latest' : 'trim-horizon' }, positionAsked: false };
}

function rangeOf(flags: TailFlags, failedBatch: FailedBatch | undefined): TailRange | undefined {
  const { shard, fromSeq, toSeq } = failedBatch ?? flags;
  if (shard === undefined) return undefined;
  for (const [name, value] of [
    ['--from-seq', fromSeq],
    ['--to-seq', toSeq],
  ] as const) {
    if (value !== undefined && !SEQUENCE_NUMBER.test(value)) {
      throw usageError('tail.sequenceNumber', `${name} takes a sequence number (digits), not "${value}"`);
    }
  }
  if (fromSeq !== undefined && toSeq !== undefined && BigInt(fromSeq) > BigInt(toSeq)) {
    throw usageError('tail.sequenceNumber', '--from-seq is after --to-seq', 'swap the two');
  }
  return {
    shard,
    // The message names its stream: the table may have another by now.
    ...(failedBatch === undefined ? {} : { streamArn: failedBatch.streamArn }),
    ...(fromSeq === undefined ? {} : { fromSeq }),
    ...(toSeq === undefined ? {} : { toSeq }),
  };
}

function tableOf(
  flags: TailFlags,
  { env, config }: PlanContext,
  failedBatch: FailedBatch | undefined,
): string {
  const table = failedBatch?.table;
  if (table !== undefined && flags.table !== undefined && flags.table !== table) {
    throw usageError(
      'tail.conflict',
      `the message of --dlq is about the table ${table}, not ${flags.table}`,
      'drop --table',
    );
  }
  return chooseTable(flags.table ?? table, env, config);
}

function checkpointName(name: string): string {
  if (CHECKPOINT_NAME.test(name)) return name;
  throw usageError(
    'tail.checkpointName',
    `"${name}" cannot name a checkpoint`,
    'use letters, digits, dots, dashes and underscores, at most 64',
  );
}

function formatOf(flags: TailFlags, stdoutIsTty: boolean): TailFormat {
  if (flags.template !== undefined) return 'template';
  if (flags.json === true) return 'json';
  if (flags.format !== undefined && flags.format !== 'auto') return flags.format;
  return stdoutIsTty ? 'pretty' : 'json';
}
