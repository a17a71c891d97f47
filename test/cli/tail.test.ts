import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runTail } from '../../src/commands/tail.js';
import { CliError } from '../../src/errors.js';
import { sampleModel } from '../../src/model/index.js';
import { runCli } from '../helpers/run-cli.js';
import { makeBatch, makeChange, makeStart, sampleImage } from '../ui/tail/make-events.js';
import { makeContext, makeFakeTail } from './fake-tail.js';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'ddbcdc-tail-'));
});
afterEach(async () => {
  await rm(cwd, { recursive: true, force: true });
});

const insert = (id: number) =>
  makeChange({ keys: { Id: { N: String(id) } }, newImage: sampleImage(id), seq: String(id) }, sampleModel);

describe('tail on a terminal', () => {
  it('shows a ready line, changes, batches and a summary', async () => {
    const { context, text } = makeContext(cwd, { tty: true });
    const tail = makeFakeTail();
    tail.emit(makeStart(), insert(1), insert(2), makeBatch({ records: 2 }));
    tail.end({ reason: 'limit', shown: 2, records: 2, batches: 1 });
    expect(await runTail({ utc: true }, context, tail.services)).toBe(0);
    expect(text.stdout).toMatchInlineSnapshot(`
      "14:03:07Z  INSERT  Id=1  id 1, entityType "Message", message "A message for Id …
      14:03:07Z  INSERT  Id=2  id 2, entityType "Message", message "A message for Id …
      · batch 1  2 records  shard …864758bb  fetch 12 ms  decode 0.3 ms  lag ≈ 950 ms
      "
    `);
    expect(text.stderr).toMatchInlineSnapshot(`
      "✓ tailing SampleStreamTable from latest · 1 shard · NEW_IMAGE · local engine
        → --from trim-horizon shows what the stream already holds
        space pauses · f filter · s ledger · q quits · ? keys
      ✓ SampleStreamTable: 2 changes shown in 3.2 s, the limit was reached
        records  2 in 1 batch: 2 shown, 0 filtered out
        found    0 gaps, 0 duplicates, 0 stalls
        shards   1 open, 0 closed, 0 waiting
        reads    14, 0 throttles, 0 retries (≈ $0.0000028 of GetRecords on AWS)
        lag      ≈ p50 900 ms, p99 1.2 s, last 950 ms
      "
    `);
  });

  it('ends with 0 on Ctrl-C once it is ready', async () => {
    const { context, abort, seen, text } = makeContext(cwd, { tty: true });
    const tail = makeFakeTail();
    tail.emit(makeStart(), insert(1));
    const done = runTail({}, context, tail.services);
    await seen('Id=1');
    abort.abort();
    expect(await done).toBe(0);
    expect(text.stderr).toContain('stopped');
  });

  it('tells before it is ready what holds it up', async () => {
    const { context, text } = makeContext(cwd, { tty: true });
    const tail = makeFakeTail();
    const retry = { type: 'retry', operation: 'DescribeStream', error: 'LimitExceededException' } as const;
    tail.emit(
      { ...retry, attempt: 1, delayMs: 80 },
      { ...retry, error: 'X', attempt: 2, delayMs: 80, waited: true },
    );
    tail.emit(makeStart());
    tail.end();
    expect(await runTail({}, context, tail.services)).toBe(0);
    expect(text.stderr.split('\n').slice(0, 2)).toStrictEqual([
      '~ DescribeStream: LimitExceededException, attempt 1, again in 80 ms',
      '~ DescribeStream: X, attempt 2, again after 80 ms',
    ]);
  });

  it('is an interrupted command on Ctrl-C before it is ready', async () => {
    const { context, abort } = makeContext(cwd, { tty: true });
    const tail = makeFakeTail();
    const done = runTail({}, context, tail.services);
    await tail.options;
    abort.abort();
    await expect(done).rejects.not.toBeInstanceOf(CliError);
  });

  it('says how many readers the stream has, and when they are too many', async () => {
    for (const [mappings, words] of [
      [1, '1 mapping + this tail = 2 of 2 readers'],
      [2, '! 2 mappings + this tail = 3 of 2 readers: expect throttling'],
    ] as const) {
      const { context, seen } = makeContext(cwd, { tty: true });
      const tail = makeFakeTail({ countMappings: async () => mappings });
      tail.emit(makeStart());
      const done = runTail({}, context, tail.services);
      await seen(words);
      tail.end();
      await done;
    }
  });

  it('writes warnings to stderr and data to stdout', async () => {
    const { context, text } = makeContext(cwd, { tty: true });
    const tail = makeFakeTail();
    tail.emit(makeStart(), { type: 'gap', shard: 'shardId-1-aaaa', reason: 'trimmed' });
    tail.end({ gaps: 1, reason: 'gap' });
    expect(await runTail({ failOnGap: true }, context, tail.services)).toBe(4);
    expect(text.stdout).toBe('');
    expect(text.stderr).toContain('! gap in shard …aaaa');
  });
});

describe('tail in a pipe', () => {
  it('prints JSON Lines on stdout, the ready line and the summary on stderr', async () => {
    const { context, text } = makeContext(cwd);
    const tail = makeFakeTail();
    tail.emit(makeStart(), insert(1), makeBatch());
    tail.end();
    expect(await runTail({}, context, tail.services)).toBe(0);
    expect(
      text.stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).type),
    ).toStrictEqual(['start', 'change', 'batch', 'end']);
    expect(text.stderr).toContain('✓ tailing SampleStreamTable');
  });

  it('says nothing on stderr with --json', async () => {
    const { context, text } = makeContext(cwd, { json: true });
    const tail = makeFakeTail();
    tail.emit(makeStart(), insert(1));
    tail.end({ reason: 'time', shown: 1 });
    expect(await runTail({ json: true, expect: 5 }, context, tail.services)).toBe(4);
    expect(text.stderr).toBe('');
  });

  it('prints raw records and templates, and only those', async () => {
    for (const [flags, first] of [
      [{ format: 'raw' }, '{"eventID":"event-1"'],
      [{ template: '{{event}} {{model.id}}' }, 'INSERT 1'],
    ] as const) {
      const { context, text } = makeContext(cwd);
      const tail = makeFakeTail();
      tail.emit(makeStart(), insert(1), makeBatch());
      tail.end();
      expect(await runTail(flags, context, tail.services)).toBe(0);
      expect(text.stdout.split('\n')).toHaveLength(2);
      expect(text.stdout.startsWith(first)).toBe(true);
    }
  });

  it('ends quietly with 0 when stdout is closed', async () => {
    const { context, text, abort, seen } = makeContext(cwd);
    const tail = makeFakeTail();
    tail.emit(makeStart(), insert(1));
    const done = runTail({}, context, tail.services);
    await seen('"seq":"1"');
    const before = text.stderr;
    // What a closed pipe does: an error, and the abort that the command line makes of it.
    context.terminal.stdout.once('error', () => abort.abort());
    context.terminal.stdout.destroy(new Error('write EPIPE'));
    expect(await done).toBe(0);
    expect(text.stderr).toBe(before);
  });
});

describe('a named tail', () => {
  it('takes no change that stdout did not take, so that it is shown on resume', async () => {
    const { context, text, abort } = makeContext(cwd);
    const { stdout } = context.terminal;
    const write = stdout._write.bind(stdout);
    stdout._write = (chunk, encoding, callback) => {
      if (!String(chunk).includes('"seq":"3"')) return write(chunk, encoding, callback);
      // What a closed pipe does, and what the command line makes of it.
      callback(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
    };
    stdout.once('error', () => abort.abort());
    const tail = makeFakeTail();
    tail.emit(makeStart(), insert(1), insert(2), insert(3), insert(4), insert(5));
    expect(await runTail({ checkpoint: 'named' }, context, tail.services)).toBe(0);
    expect(text.stdout).toContain('"seq":"2"');
    // The start, two changes, and the one in hand: nothing was asked for after it.
    expect(tail.taken).toBe(4);
  });
});

describe('what the reader is asked for', () => {
  it('is what the flags say', async () => {
    const { context } = makeContext(cwd);
    const tail = makeFakeTail();
    tail.emit(makeStart());
    tail.end();
    await runTail(
      {
        table: 'Orders',
        since: '10m',
        limit: 5,
        for: 1000,
        expect: 3,
        checkpoint: 'audit',
        failOnStall: 60_000,
      },
      context,
      tail.services,
    );
    expect(await tail.options).toMatchObject({
      table: 'Orders',
      position: { type: 'since', at: Date.UTC(2026, 10, 23) - 600_000 },
      follow: true,
      limit: 5,
      forMs: 1000,
      expect: 3,
      failOnGap: false,
      failOnStallMs: 60_000,
      loopback: true,
      checkpoint: { name: 'audit', dir: join(cwd, '.ddbcdc', 'checkpoints') },
    });
  });

  it('has the table and the model of ddbcdc.json', async () => {
    await writeFile(join(cwd, 'ddbcdc.json'), JSON.stringify({ table: 'Orders', model: './order.ts' }));
    const { context } = makeContext(cwd);
    const loaded: string[] = [];
    const tail = makeFakeTail({
      loadModel: async (path) => {
        loaded.push(path);
        return sampleModel;
      },
    });
    tail.emit(makeStart());
    tail.end();
    await runTail({}, context, tail.services);
    expect(await tail.options).toMatchObject({ table: 'Orders', model: sampleModel });
    expect(loaded).toStrictEqual([join(cwd, 'order.ts')]);
  });
});

describe('a range of one shard', () => {
  it('is named, and an unknown shard is an error', async () => {
    const { context, text } = makeContext(cwd);
    const tail = makeFakeTail();
    tail.emit(makeStart({ from: 'trim-horizon' }));
    tail.end({ reason: 'range', reads: 0, records: 0, shown: 0 });
    await expect(
      runTail({ shard: 'shardId-1-aaaa', fromSeq: '7', toSeq: '9' }, context, tail.services),
    ).rejects.toMatchObject({ code: 'tail.noShard', exitCode: 1 });
    expect(text.stderr).toContain('reading shard …aaaa of SampleStreamTable from 7 to 9');
  });

  it('that holds no record is an error that names it, unless what was in it is a gap', async () => {
    const flags = { shard: 'shardId-1-aaaa', fromSeq: '7', toSeq: '9' };
    const run = async (end: Parameters<ReturnType<typeof makeFakeTail>['end']>[0]) => {
      const { context } = makeContext(cwd);
      const tail = makeFakeTail();
      tail.emit(makeStart());
      tail.end({ reason: 'range', reads: 2, records: 0, shown: 0, ...end });
      return runTail(flags, context, tail.services);
    };
    await expect(run({})).rejects.toMatchObject({
      code: 'tail.noRecords',
      exitCode: 3,
      message: 'shard shardId-1-aaaa has no record from 7 to 9',
    });
    expect(await run({ gaps: 1 })).toBe(0);
    // Read, and not chosen to be shown.
    expect(await run({ records: 1 })).toBe(0);
  });
});

describe('keys', () => {
  it('pauses the display, counts what is held back, and loses nothing', async () => {
    const { context, text, stdin, seen } = makeContext(cwd, { tty: true });
    const tail = makeFakeTail();
    tail.emit(makeStart(), insert(1));
    const done = runTail({}, context, tail.services);
    await seen('Id=1 ');
    expect(stdin.isRaw).toBe(true);
    stdin.write(' ');
    await seen('paused, 0 held back');
    tail.emit(insert(2), insert(3));
    await seen('paused, 2 held back');
    expect(text.stdout).not.toContain('Id=2');
    stdin.write(' ');
    await seen('Id=3 ');
    expect(text.stdout.match(/Id=\d/g)).toStrictEqual(['Id=1', 'Id=2', 'Id=3']);
    stdin.write('q');
    expect(await done).toBe(0);
    expect(stdin.isRaw).toBe(false);
  });

  it('shows everything that was held back when it ends paused', async () => {
    const { context, text, stdin, seen } = makeContext(cwd, { tty: true });
    const tail = makeFakeTail();
    tail.emit(makeStart());
    const done = runTail({}, context, tail.services);
    await seen('tailing');
    stdin.write(' ');
    await seen('paused');
    tail.emit(insert(7));
    await seen('1 held back');
    stdin.write('\u0003');
    expect(await done).toBe(0);
    expect(text.stdout).toContain('Id=7');
  });

  it('shows the ledger with the shards, and the keys', async () => {
    const { context, stdin, seen } = makeContext(cwd, { tty: true });
    const tail = makeFakeTail();
    tail.emit(makeStart());
    const done = runTail({}, context, tail.services);
    await seen('tailing');
    stdin.write('s');
    await seen('+ shardId-1-aaaa  reading  lag ≈ 950 ms');
    stdin.write('?');
    await seen('edit the filter');
    stdin.write('c');
    await seen('\u001b[2J');
    stdin.write('q');
    expect(await done).toBe(0);
  });

  it('edits the filter live', async () => {
    const { context, stdin, seen } = makeContext(cwd, { tty: true });
    const tail = makeFakeTail();
    tail.emit(makeStart());
    const done = runTail({}, context, tail.services);
    const { select } = await tail.options;
    const event = insert(1);
    await seen('tailing');
    expect(select?.(event.change, event.record)).toBe(true);
    stdin.write('f');
    await seen('filter (Lambda patterns');
    stdin.write('{"eventName":["REMOVE"]}\r');
    await seen('· filter {"eventName":["REMOVE"]}');
    expect(select?.(event.change, event.record)).toBe(false);
    stdin.write('q');
    expect(await done).toBe(0);
  });

  it.each([
    ['Ctrl-C', '\u0003'],
    ['Escape', '\u001b'],
  ])('takes %s in the filter question as taking the question back', async (_name, key) => {
    const { context, stdin, seen } = makeContext(cwd, { tty: true });
    const tail = makeFakeTail();
    tail.emit(makeStart());
    const done = runTail({}, context, tail.services);
    await seen('tailing');
    stdin.write('f');
    await seen('filter (Lambda patterns');
    stdin.write(key);
    await seen('the filter stays as it was');
    stdin.write('q');
    expect(await done).toBe(0);
  });
});

describe('the command line', () => {
  it.each([
    [['tail', '--filter', '{"eventName":[{"wildcard":"*"}]}'], 'unknown operator "wildcard"'],
    [['tail', '--since', '10m', '--from', 'latest'], '--since and --from cannot be used together'],
    [['tail', '--images', 'nonsense'], 'Allowed choices are keys, new, old, both, diff, model'],
    [['tail', '--expect', '0'], 'It takes a whole number'],
  ])('refuses %j with exit 2', async (args, message) => {
    const result = await runCli(args, { cwd });
    expect(result).toMatchObject({ exitCode: 2, stdout: '' });
    expect(result.stderr).toContain(message);
  });

  it('shows runnable examples first', async () => {
    const { stdout, exitCode } = await runCli(['tail', '--help']);
    expect(exitCode).toBe(0);
    expect(stdout.startsWith('Examples:\n  $ ddbcdc tail')).toBe(true);
  });
});
