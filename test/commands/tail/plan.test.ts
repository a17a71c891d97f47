import { describe, expect, it } from 'vitest';
import { parseFailureMessage } from '../../../src/commands/tail/failure-message.js';
import type { TailFlags } from '../../../src/commands/tail/flags.js';
import { type PlanContext, planTail } from '../../../src/commands/tail/plan.js';
import { parseSince } from '../../../src/commands/tail/since.js';
import { CliError } from '../../../src/errors.js';

const NOW = Date.UTC(2026, 10, 23, 12, 0, 0);
const SHARD = 'shardId-00000001573689847184-864758bb';
const FAILURE = {
  version: '1.0',
  requestContext: { condition: 'RetryAttemptsExhausted', approximateInvokeCount: 3 },
  DDBStreamBatchInfo: {
    shardId: SHARD,
    startSequenceNumber: '800000000003126276362',
    endSequenceNumber: '800000000003126276399',
    batchSize: 3,
    streamArn: 'arn:aws:dynamodb:us-east-2:123456789012:table/Orders/stream/2019-11-14T00:04:06.388',
  },
};

const plan = (flags: TailFlags, context: Partial<PlanContext> = {}) =>
  planTail(flags, { config: {}, env: {}, now: NOW, stdoutIsTty: true, ...context });

describe('planTail', () => {
  it('tails new changes of the sample table by default', () => {
    expect(plan({})).toStrictEqual({
      table: 'SampleStreamTable',
      position: { type: 'latest' },
      positionAsked: false,
      follow: true,
      format: 'pretty',
      utc: false,
      failOnGap: false,
    });
  });

  it('takes the table of ddbcdc.json, and prints JSON Lines when stdout is not a terminal', () => {
    expect(plan({}, { config: { table: 'Orders' }, stdoutIsTty: false })).toMatchObject({
      table: 'Orders',
      format: 'json',
    });
    expect(plan({}, { config: { table: 'Orders' }, env: { DDBCDC_TABLE: 'Named' } }).table).toBe('Named');
    expect(
      plan({ table: 'Other', format: 'pretty' }, { config: { table: 'Orders' }, stdoutIsTty: false }),
    ).toMatchObject({ table: 'Other', format: 'pretty' });
  });

  it('starts at the trim horizon when it does not follow', () => {
    expect(plan({ follow: false })).toMatchObject({ follow: false, position: { type: 'trim-horizon' } });
  });

  it('makes a range of --dlq', () => {
    expect(plan({ dlq: JSON.stringify(FAILURE) })).toMatchObject({
      table: 'Orders',
      follow: false,
      range: { shard: SHARD, fromSeq: '800000000003126276362', toSeq: '800000000003126276399' },
    });
  });

  it('does not follow a range', () => {
    expect(plan({ shard: SHARD })).toMatchObject({ follow: false, range: { shard: SHARD } });
  });

  it.each<[TailFlags, string]>([
    [{ since: '10m', from: 'latest' }, 'tail.conflict'],
    [{ dlq: '{}', shard: SHARD }, 'tail.conflict'],
    [{ dlq: JSON.stringify(FAILURE), table: 'Other' }, 'tail.conflict'],
    [{ fromSeq: '1' }, 'tail.conflict'],
    [{ shard: SHARD, since: '10m' }, 'tail.conflict'],
    [{ shard: SHARD, checkpoint: 'a' }, 'tail.conflict'],
    [{ template: '{{at}}', json: true }, 'tail.conflict'],
    [{ template: '{{at}}', images: 'new' }, 'tail.conflict'],
    [{ json: true, format: 'pretty' }, 'tail.conflict'],
    [{ format: 'raw', images: 'new' }, 'tail.conflict'],
    [{ follow: false, from: 'latest' }, 'tail.conflict'],
    [{ shard: SHARD, fromSeq: 'x' }, 'tail.sequenceNumber'],
    [{ shard: SHARD, fromSeq: '10', toSeq: '9' }, 'tail.sequenceNumber'],
    [{ checkpoint: '../x' }, 'tail.checkpointName'],
    [{ since: 'yesterday' }, 'tail.since'],
    [{ template: '{{nonsense}}' }, 'tail.template'],
    [{ dlq: 'text' }, 'tail.dlq'],
    [{ dlq: '{"a":1}' }, 'tail.dlq'],
    [{ dlq: '{"DDBStreamBatchInfo":{}}' }, 'tail.dlq'],
  ])('refuses %j with exit 2', (flags, code) => {
    try {
      plan(flags);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(CliError);
      expect(error).toMatchObject({ code, exitCode: 2 });
    }
  });
});

describe('parseSince', () => {
  it.each([
    ['10m', NOW - 600_000],
    ['1h30m', NOW - 5_400_000],
    ['0.5s', NOW - 500],
    ['2026-11-23T11:00:00Z', NOW - 3_600_000],
    ['2026-11-23 11:00:00+00:00', NOW - 3_600_000],
    ['2026-11-23T12:30+0130', NOW - 3_600_000],
    ['2026-11-23T05:30:00.25-05:30', NOW - 3_600_000 + 250],
    ['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29)],
  ])('reads %s', (text, at) => {
    expect(parseSince(text, { now: NOW, utc: false })).toBe(at);
  });

  it.each([
    ['America/New_York', -5],
    ['Asia/Kolkata', 5.5],
  ])('takes a time without a zone as it is shown: local (in %s), or UTC with --utc', (zone, hoursEast) => {
    const before = process.env.TZ;
    process.env.TZ = zone;
    try {
      for (const [text, hour] of [
        ['2026-11-20', 0],
        ['2026-11-20T00:00', 0],
        ['2026-11-20 09:00:00', 9],
      ] as const) {
        expect(parseSince(text, { now: NOW, utc: false })).toBe(
          Date.UTC(2026, 10, 20, hour) - hoursEast * 3_600_000,
        );
        expect(parseSince(text, { now: NOW, utc: true })).toBe(Date.UTC(2026, 10, 20, hour));
      }
    } finally {
      if (before === undefined) delete process.env.TZ;
      else process.env.TZ = before;
    }
  });

  it.each([
    '10',
    '10 minutes',
    '',
    '2026-13-45T00:00:00Z',
    '2026-02-31',
    '2026-02-29',
    '2026-04-31T10:00:00Z',
    '2026-00-10',
    '2026-01-00',
    '2026-01-01T24:00',
    '2026-01-01T10:60',
    '2026-11-24T00:00:00Z',
  ])('refuses "%s"', (text) => {
    expect(() => parseSince(text, { now: NOW, utc: false })).toThrow(CliError);
  });
});

describe('parseFailureMessage', () => {
  const text = JSON.stringify(FAILURE);
  const sns = JSON.stringify({ Type: 'Notification', Message: text });
  it.each([
    ['as it is', text],
    ['an SQS message', JSON.stringify({ MessageId: 'x', Body: text })],
    ["receive-message's answer", JSON.stringify({ Messages: [{ Body: text }] })],
    ['an SNS notification', sns],
    ['SNS within SQS', JSON.stringify({ Messages: [{ Body: sns }] })],
    ["Lambda's SQS event", JSON.stringify({ Records: [{ body: text }] })],
    ["Lambda's SNS event", JSON.stringify({ Records: [{ Sns: { Message: text } }] })],
  ])('reads %s', (_name, message) => {
    expect(parseFailureMessage(message)).toStrictEqual({
      table: 'Orders',
      streamArn: FAILURE.DDBStreamBatchInfo.streamArn,
      shard: SHARD,
      fromSeq: '800000000003126276362',
      toSeq: '800000000003126276399',
      records: 3,
    });
  });

  it('refuses an answer with several failed batches, and says how many', () => {
    const other = text.replaceAll('126276362', '126276361');
    const third = text.replaceAll('126276362', '126276360');
    const answer = (...bodies: string[]) => JSON.stringify({ Messages: bodies.map((Body) => ({ Body })) });
    expect(() => parseFailureMessage(answer(text, other, third))).toThrow(
      expect.objectContaining({
        code: 'tail.dlq',
        exitCode: 2,
        message: '--dlq holds the messages of 3 failed batches; it takes one',
      }),
    );
    // Delivered twice, it is one.
    expect(parseFailureMessage(answer(text, text)).shard).toBe(SHARD);
  });

  it('does not follow nesting without end', () => {
    let message = text;
    for (let layer = 0; layer < 12; layer++) message = JSON.stringify({ Body: message });
    expect(() => parseFailureMessage(message)).toThrow('DDBStreamBatchInfo');
  });
});
