// DescribeLogStreams: one stream per execution environment, put together from the segments' indexes.
import type { FieldReader } from '../functions/fields.js';
import type { LogGroup } from './log-group.js';

interface StreamSummary {
  readonly name: string;
  readonly firstTime: number;
  readonly lastTime: number;
  readonly bytes: number;
}

/** Ordered by name, or by last event; `nextToken` is the number of streams passed. */
export async function describeLogStreams(
  group: LogGroup,
  input: FieldReader,
  groupArn: string,
): Promise<Record<string, unknown>> {
  await group.flush();
  const prefix = input.text('logStreamNamePrefix') ?? '';
  const orderBy = input.oneOf('orderBy', ['LogStreamName', 'LastEventTime'] as const) ?? 'LogStreamName';
  if (orderBy === 'LastEventTime' && prefix !== '') {
    throw input.invalid('Cannot order by LastEventTime with a logStreamNamePrefix.');
  }
  const limit = input.integer('limit', 1, 50) ?? 50;
  const start = Number(input.text('nextToken') ?? '0');
  if (!Number.isSafeInteger(start) || start < 0) throw input.invalid('The specified nextToken is invalid.');

  const direction = input.boolean('descending') === true ? -1 : 1;
  const byName = (a: StreamSummary, b: StreamSummary): number =>
    a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
  const found = summaries(group)
    .filter(({ name }) => name.startsWith(prefix))
    .sort((a, b) =>
      orderBy === 'LogStreamName'
        ? direction * byName(a, b)
        : direction * (a.lastTime - b.lastTime) || byName(a, b),
    );
  return {
    logStreams: found.slice(start, start + limit).map((stream) => ({
      logStreamName: stream.name,
      creationTime: stream.firstTime,
      firstEventTimestamp: stream.firstTime,
      lastEventTimestamp: stream.lastTime,
      lastIngestionTime: stream.lastTime,
      uploadSequenceToken: '1',
      arn: `${groupArn}:log-stream:${stream.name}`,
      storedBytes: stream.bytes,
    })),
    ...(found.length > start + limit ? { nextToken: String(start + limit) } : {}),
  };
}

function summaries(group: LogGroup): StreamSummary[] {
  const found = new Map<string, StreamSummary>();
  for (const segment of group.segments()) {
    for (const [name, stats] of Object.entries(segment.streams)) {
      const known = found.get(name);
      found.set(name, {
        name,
        firstTime: known?.firstTime ?? stats.firstTime,
        lastTime: stats.lastTime,
        bytes: (known?.bytes ?? 0) + stats.bytes,
      });
    }
  }
  return [...found.values()];
}
