import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Checkpoint } from '../../../src/stream/checkpoint/checkpoint.js';
import { VirtualClock } from '../simulator/virtual-clock.js';

const ARN = 'arn:aws:dynamodb:us-east-1:000000000000:table/Orders/stream/2026-01-01T00:00:00.000';
const NOW = Date.UTC(2026, 0, 15);

let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'ddbcdc-checkpoint-'));
});

afterEach(async () => {
  await rm(dir, { recursive: true, force: true });
});

function open(name = 'mine', streamArn = ARN): Promise<Checkpoint> {
  return Checkpoint.open({ name, dir, streamArn, base: 5, clock: new VirtualClock(NOW) });
}

describe('a checkpoint', () => {
  it('begins empty, with what was asked for', async () => {
    const checkpoint = await open();
    expect(checkpoint.resumed).toBeUndefined();
    expect(checkpoint.base).toBe(5);
    expect(checkpoint.streamArn).toBe(ARN);
    await checkpoint.close(true);
  });

  it('comes back as it was closed, and leaves one file', async () => {
    const checkpoint = await open();
    checkpoint.expectShard('b');
    checkpoint.note({ type: 'taken', shard: 'a', seq: '12' });
    checkpoint.note({ type: 'done', shard: 'c' });
    await checkpoint.close(true);
    const [file, ...others] = await readdir(dir);
    expect(others).toStrictEqual([]);
    expect(JSON.parse(await readFile(join(dir, file ?? ''), 'utf8'))).toStrictEqual({
      version: 1,
      name: 'mine',
      streamArn: ARN,
      base: 5,
      startedAt: NOW,
      savedAt: NOW,
      journal: 3,
      shards: { b: {}, a: { after: '12' }, c: { done: true } },
    });
    const again = await open('mine', `${ARN}-new`);
    expect(again.streamArn).toBe(ARN);
    expect(again.unfinished()).toStrictEqual([
      ['b', {}],
      ['a', { after: '12' }],
    ]);
    expect(again.finished()).toStrictEqual(['c']);
    expect(again.repeatedFrom).toStrictEqual(new Set());
    await again.close(true);
  });

  it('has in its journal what was taken after the last save, and whose batch was in hand', async () => {
    const checkpoint = await open();
    checkpoint.note({ type: 'batch', shard: 'a' });
    checkpoint.note({ type: 'taken', shard: 'a', seq: '12' });
    await checkpoint.save();
    checkpoint.note({ type: 'taken', shard: 'a', seq: '13' });
    await abandon();
    const again = await open();
    expect(again.progressOf('a')).toStrictEqual({ after: '13' });
    expect(again.repeatedFrom).toStrictEqual(new Set(['a']));
    await abandon();
    const once = await open();
    expect(once.repeatedFrom).toStrictEqual(new Set(['a']));
    await once.close(true);
    await checkpoint.close(true);
    await again.close(true);
  });

  it('is apart for each name and each table', async () => {
    const [first, other, elsewhere] = await Promise.all([
      open(),
      open('other'),
      open('mine', ARN.replace('Orders', 'Users')),
    ]);
    first.note({ type: 'taken', shard: 'a', seq: '1' });
    expect(other.progressOf('a')).toBeUndefined();
    expect(elsewhere.progressOf('a')).toBeUndefined();
    for (const checkpoint of [first, other, elsewhere]) await checkpoint.close(true);
  });

  it('is for one tail at a time', async () => {
    const checkpoint = await open();
    await expect(open()).rejects.toMatchObject({ code: 'checkpoint.inUse', exitCode: 3 });
    await checkpoint.close(true);
    const again = await open();
    await again.close(true);
  });

  it('takes over the lock of a process that is gone, and of its own number in another life', async () => {
    for (const pid of [2 ** 22 + 1, process.pid]) {
      const [lock] = await lockFiles();
      await writeFile(join(dir, lock), JSON.stringify({ pid, token: 'of-the-dead' }));
      const checkpoint = await open();
      await checkpoint.close(true);
    }
  });

  it('says which file it cannot read', async () => {
    const checkpoint = await open();
    await checkpoint.close(true);
    const [file = ''] = await readdir(dir);
    await writeFile(join(dir, file), '{"version":9}');
    await expect(open()).rejects.toMatchObject({ code: 'checkpoint.unreadable' });
  });

  it('forgets what is done and of no concern', async () => {
    const checkpoint = await open();
    checkpoint.note({ type: 'done', shard: 'a' });
    checkpoint.note({ type: 'done', shard: 'b' });
    checkpoint.note({ type: 'taken', shard: 'c', seq: '1' });
    checkpoint.forget((shard) => shard === 'b');
    expect([
      checkpoint.progressOf('a'),
      checkpoint.progressOf('b'),
      checkpoint.progressOf('c'),
    ]).toStrictEqual([undefined, { done: true }, { after: '1' }]);
    await checkpoint.close(true);
  });

  it('starts over in a new stream', async () => {
    const checkpoint = await open();
    checkpoint.note({ type: 'taken', shard: 'a', seq: '12' });
    await checkpoint.switchTo(`${ARN}-new`);
    await checkpoint.close(true);
    const again = await open();
    expect([again.streamArn, again.unfinished()]).toStrictEqual([`${ARN}-new`, []]);
    await again.close(true);
  });
});

/** What a kill leaves behind: everything but a living owner of the lock. */
async function abandon(): Promise<void> {
  const [lock] = await lockFiles();
  await writeFile(join(dir, lock), JSON.stringify({ pid: 2 ** 22 + 1, token: 'of-the-dead' }));
}

async function lockFiles(): Promise<[string]> {
  const files = await readdir(dir);
  const name = files.find((file) => file.endsWith('.json')) ?? files.find((file) => file.includes('.lock'));
  if (name !== undefined) return [name.replace('.json', '.lock')];
  const checkpoint = await open();
  await checkpoint.close(true);
  return await lockFiles();
}
