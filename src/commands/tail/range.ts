// A range that was to be read again: what it is an error to find of it.
import { CliError, EXIT } from '../../errors.js';
import type { EndEvent } from '../../stream/events.js';
import type { TailPlan } from './plan.js';

/** Throws when the shard is not there, or holds no record of the range. What was trimmed is a gap, and told as one. */
export function refuseEmptyRange({ range, table }: TailPlan, end: EndEvent): void {
  if (range === undefined || end.reason !== 'range') return;
  const { shard, fromSeq, toSeq } = range;
  if (end.reads === 0) {
    throw new CliError('tail.noShard', `the stream of ${table} has no shard ${shard}`, {
      hint: 'a shard goes away 24 hours after it was closed; ddbcdc status lists those that are there',
    });
  }
  if ((fromSeq ?? toSeq) === undefined || end.records > 0 || end.gaps > 0) return;
  const bounds = [fromSeq === undefined ? [] : `from ${fromSeq}`, toSeq === undefined ? [] : `to ${toSeq}`];
  throw new CliError('tail.noRecords', `shard ${shard} has no record ${bounds.flat().join(' ')}`, {
    exitCode: EXIT.precondition,
    hint: `what it has: ddbcdc tail --table ${table} --shard ${shard}`,
  });
}
