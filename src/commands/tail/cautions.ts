// What is doubtful about a tail as it was asked for. People read it on stderr, programs in the start and end lines.
import type { EndEvent, StartEvent } from '../../stream/events.js';
import { plural } from '../../ui/format.js';
import type { FailedBatch } from './failure-message.js';
import { keyCautions, type TableKey } from './key-flags.js';
import type { TailRun } from './run.js';

/** True when a checkpoint said where to start. */
export function isResumed(event: StartEvent): boolean {
  return event.from.startsWith('checkpoint ');
}

/** The event with what the command knows of it; the fields are left out when there is nothing to say. */
export function withCautions<Event extends StartEvent | EndEvent>(
  event: Event,
  cautions: readonly string[],
  failedBatch?: FailedBatch,
): Event {
  return {
    ...event,
    ...(failedBatch === undefined ? {} : { failedBatch }),
    ...(cautions.length === 0 ? {} : { cautions }),
  };
}

/** Known when the tail begins. */
export function startCautions(
  event: StartEvent,
  { flags, plan }: Pick<TailRun, 'flags' | 'plan'>,
  tableKeys: readonly TableKey[],
): string[] {
  const { checkpoint, failedBatch, positionAsked } = plan;
  const cautions = keyCautions(flags.key ?? [], tableKeys);
  if (checkpoint !== undefined && positionAsked && isResumed(event)) {
    const flag = flags.since === undefined ? '--from' : '--since';
    cautions.push(`${flag} is for the first run of a checkpoint; going on where "${checkpoint}" stopped`);
  }
  if (failedBatch !== undefined && failedBatch.streamArn !== event.streamArn) {
    cautions.push(`the message is about ${failedBatch.streamArn}, not this stream`);
  }
  return cautions;
}

/** Known when it has ended. */
export function endCautions(end: EndEvent, { failedBatch }: TailRun['plan']): string[] {
  // A limit, or Ctrl-C, says nothing of what could be read.
  if (failedBatch?.records === undefined || end.reason !== 'range') return [];
  if (failedBatch.records === end.records) return [];
  return [
    `the failed batch had ${plural(failedBatch.records, 'record')}, ${plural(end.records, 'record')} could be read back`,
  ];
}
