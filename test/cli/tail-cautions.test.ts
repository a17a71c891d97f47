// What the tail doubts: said to a person on stderr, to a program in the start and end lines.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TailFlags } from '../../src/commands/tail/flags.js';
import type { TailServices } from '../../src/commands/tail/services.js';
import { runTail } from '../../src/commands/tail.js';
import type { EndEvent, StartEvent } from '../../src/stream/events.js';
import { makeStart, SHARD, STREAM_ARN } from '../ui/tail/make-events.js';
import { makeContext, makeFakeTail } from './fake-tail.js';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'ddbcdc-cautions-'));
});
afterEach(async () => {
  await rm(cwd, { recursive: true, force: true });
});

interface Events {
  readonly start?: Partial<StartEvent>;
  readonly end?: Partial<EndEvent>;
  readonly services?: Partial<TailServices>;
}

/** What a person reads, and the lines that a program gets of the same tail. */
async function bothOf(flags: TailFlags, { start, end, services }: Events = {}) {
  const run = async (json: boolean) => {
    const { context, text } = makeContext(cwd, { json });
    const tail = makeFakeTail(services);
    tail.emit(makeStart(start));
    tail.end(end);
    await runTail({ ...flags, ...(json ? { json } : { format: 'pretty' as const }) }, context, tail.services);
    return text;
  };
  const [person, program] = [await run(false), await run(true)];
  return {
    said: person.stderr.split('\n').filter((line) => line.startsWith('!')),
    hints: person.stderr.split('\n').filter((line) => line.startsWith('  →')),
    lines: program.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>),
    programStderr: program.stderr,
  };
}

const failure = (streamArn: string, batchSize: number): string =>
  JSON.stringify({
    DDBStreamBatchInfo: {
      shardId: SHARD,
      startSequenceNumber: '100',
      endSequenceNumber: '200',
      batchSize,
      streamArn,
    },
  });

describe('--dlq', () => {
  it('doubts a message about another stream, and a batch that is not whole', async () => {
    const other = STREAM_ARN.replace('123456789012', '999999999999');
    const { said, lines, programStderr } = await bothOf(
      { dlq: failure(other, 3) },
      { start: { from: `shard ${SHARD}` }, end: { reason: 'range', records: 2, reads: 1 } },
    );
    const aboutStream = `the message is about ${other}, not this stream`;
    const aboutSize = 'the failed batch had 3 records, 2 records could be read back';
    expect(said).toStrictEqual([`! ${aboutStream}`, `! ${aboutSize}`]);
    expect(lines).toMatchObject([
      { type: 'start', cautions: [aboutStream], failedBatch: { streamArn: other, records: 3 } },
      { type: 'end', records: 2, cautions: [aboutSize] },
    ]);
    expect(programStderr).toBe('');
  });

  it('reads a file that holds the message', async () => {
    await writeFile(join(cwd, 'message.json'), `\n${failure(STREAM_ARN, 1)}\n`);
    const { said, lines } = await bothOf(
      { dlq: 'message.json' },
      { end: { reason: 'range', records: 1, reads: 1 } },
    );
    expect(said).toStrictEqual([]);
    expect(lines[0]).toMatchObject({ failedBatch: { shard: SHARD, fromSeq: '100', toSeq: '200' } });
    expect(lines[0]).not.toHaveProperty('cautions');
  });

  it.each([
    ['nowhere.json', '"nowhere.json" is neither'],
    ['', '--dlq is empty'],
  ])('refuses %j, which is no message and no file', async (dlq, message) => {
    const { context } = makeContext(cwd);
    await expect(runTail({ dlq }, context, makeFakeTail().services)).rejects.toMatchObject({
      code: 'tail.dlq',
      exitCode: 2,
      message: expect.stringContaining(message),
    });
  });
});

describe('--checkpoint', () => {
  it('says that --from and --since count for its first run only', async () => {
    for (const [flags, flag] of [
      [{ from: 'trim-horizon' }, '--from'],
      [{ since: '10m' }, '--since'],
    ] as const) {
      const { said, lines } = await bothOf(
        { ...flags, checkpoint: 'same' },
        { start: { from: 'checkpoint same' } },
      );
      const caution = `${flag} is for the first run of a checkpoint; going on where "same" stopped`;
      expect(said).toStrictEqual([`! ${caution}`]);
      expect(lines[0]).toMatchObject({ cautions: [caution] });
      expect((await bothOf({ ...flags, checkpoint: 'same' })).said).toStrictEqual([]);
    }
  });

  it('advises another start on its first run only', async () => {
    expect((await bothOf({ checkpoint: 'same' })).hints).toStrictEqual([
      '  → --from trim-horizon shows what the stream already holds',
    ]);
    const resumed = await bothOf({ checkpoint: 'same' }, { start: { from: 'checkpoint same' } });
    expect(resumed.hints).toStrictEqual([]);
  });
});

describe('--key', () => {
  it('says what no change can match, when the table tells its keys', async () => {
    const caution = '--key Foo=1 matches no change: the key of the table is Id (N)';
    const { said, lines } = await bothOf({ key: ['Foo=1'] });
    expect(said).toStrictEqual([`! ${caution}`]);
    expect(lines[0]).toMatchObject({ cautions: [caution] });
  });

  it('says nothing, and tails, when the user may not describe the table', async () => {
    const { said } = await bothOf(
      { key: ['Foo=1'] },
      { services: { readKeys: () => Promise.reject(new Error('AccessDeniedException')) } },
    );
    expect(said).toStrictEqual([]);
  });
});

it('has what is doubtful about a filter in the start line', async () => {
  const { said, lines } = await bothOf({ filter: ['{"Keys":{"Id":{"N":["1"]}}}'] });
  expect(said).toHaveLength(1);
  expect(lines[0]).toMatchObject({ cautions: [said[0]?.slice(2)] });
});
