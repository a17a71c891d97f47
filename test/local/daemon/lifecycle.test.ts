// Engines as real background processes: npm test builds dist/ first.
import { once } from 'node:events';
import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { callEngine, checkHealth } from '../../../src/local/daemon/client.js';
import { ensureEngine, type StartReason } from '../../../src/local/daemon/ensure.js';
import { readState, writeState } from '../../../src/local/daemon/files.js';
import { acquireLock, isLocked } from '../../../src/local/daemon/lock.js';
import { engineStatus } from '../../../src/local/daemon/status.js';
import { stopEngine } from '../../../src/local/daemon/stop.js';
import { cli, engineFolder, engineGone, finished } from './engine-folder.js';

describe('starting', () => {
  it('starts an engine once and finds it again', async () => {
    await using folder = await engineFolder();
    const reasons: StartReason[] = [];
    const options = { dataDir: folder.dataDir, onStarting: (reason: StartReason) => reasons.push(reason) };
    const first = await ensureEngine(options);
    const second = await ensureEngine(options);
    expect(second).toStrictEqual(first);
    expect(reasons).toStrictEqual(['notRunning']);
    expect(first.pid).not.toBe(process.pid);
  });

  it('keeps the secrets to this user and the folder out of git', async () => {
    await using folder = await engineFolder();
    await ensureEngine(folder);
    const mode = async (name: string): Promise<number> =>
      (await stat(join(folder.dataDir, name))).mode & 0o777;
    expect([await mode('engine.json'), await mode('engine-identity.json'), await mode('')]).toStrictEqual([
      0o600, 0o600, 0o700,
    ]);
    expect(await readFile(join(folder.dataDir, '.gitignore'), 'utf8')).toBe('*\n');
  });

  it('gives commands that start at once the same engine', async () => {
    await using folder = await engineFolder();
    const states = await Promise.all([1, 2, 3].map(() => ensureEngine(folder)));
    expect(new Set(states.map(({ pid }) => pid)).size).toBe(1);
    const inProcesses = await Promise.all(
      [1, 2].map(() => finished(cli(['local', 'start', '--json', '--data-dir', folder.dataDir]))),
    );
    for (const { code, stdout } of inProcesses) {
      expect([code, JSON.parse(stdout).pid]).toStrictEqual([0, states[0]?.pid]);
    }
  });

  it('keeps keys and port over a restart', async () => {
    await using folder = await engineFolder();
    const first = await ensureEngine(folder);
    expect((await stopEngine(folder.dataDir)).outcome).toBe('stopped');
    const second = await ensureEngine(folder);
    const lasting = ({ accessKeyId, secretAccessKey, port }: typeof first) => [
      accessKeyId,
      secretAccessKey,
      port,
    ];
    expect(lasting(second)).toStrictEqual(lasting(first));
    expect(second.pid).not.toBe(first.pid);
  });

  it('names a busy port and the way out', async () => {
    await using folder = await engineFolder();
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const { code, stdout, stderr } = await finished(
      cli(['local', 'start', '--port', String(port), '--data-dir', folder.dataDir]),
    );
    other.close();
    expect([code, stdout]).toStrictEqual([3, '']);
    expect(stderr).toBe(
      `error port ${port} of 127.0.0.1 is in use by another program (engine.portBusy)\n` +
        '  → stop that program, or choose another port with --port, or leave --port out to take a free one\n',
    );
    expect(await isLocked(folder.dataDir)).toBe(false);
  });

  it('takes another port when its last one was taken meanwhile', async () => {
    await using folder = await engineFolder();
    const first = await ensureEngine(folder);
    await stopEngine(folder.dataDir);
    const other = createServer().listen(first.port, '127.0.0.1');
    await once(other, 'listening');
    const second = await ensureEngine(folder);
    other.close();
    expect(second.port).not.toBe(first.port);
    expect(await checkHealth(second)).toBeDefined();
  });

  it('refuses a port that is not the one of the running engine', async () => {
    await using folder = await engineFolder();
    const { port } = await ensureEngine(folder);
    await expect(ensureEngine({ ...folder, port: port === 65_535 ? 1 : port + 1 })).rejects.toMatchObject({
      code: 'engine.otherPort',
      exitCode: 3,
    });
  });

  it('says what is wrong with the data folder', async () => {
    await using folder = await engineFolder();
    const file = join(folder.dataDir, '..', 'file');
    await writeFile(file, '');
    await expect(ensureEngine({ dataDir: join(file, 'data') })).rejects.toMatchObject({
      code: 'engine.dataDir',
      exitCode: 3,
    });
  });

  it('passes on why the process died', async () => {
    await using folder = await engineFolder();
    await ensureEngine(folder);
    await stopEngine(folder.dataDir);
    await rm(join(folder.dataDir, 'tables'), { recursive: true });
    await writeFile(join(folder.dataDir, 'tables'), 'a file where the tables must be');
    await expect(ensureEngine(folder)).rejects.toMatchObject({ code: 'engine.startFailed', exitCode: 1 });
    expect(await isLocked(folder.dataDir)).toBe(false);
  });

  it('gives up when it is interrupted', async () => {
    await using folder = await engineFolder();
    const controller = new AbortController();
    const starting = ensureEngine({
      ...folder,
      signal: controller.signal,
      onStarting: () => queueMicrotask(() => controller.abort()),
    });
    await expect(starting).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('after a crash', () => {
  it('starts again on the same port when the engine was killed', async () => {
    await using folder = await engineFolder();
    const first = await ensureEngine(folder);
    const gone = await engineGone(first);
    process.kill(first.pid, 'SIGKILL');
    await gone();
    expect(await engineStatus(folder.dataDir)).toMatchObject({ running: false, pid: null, crashed: true });
    const reasons: StartReason[] = [];
    const second = await ensureEngine({ ...folder, onStarting: (reason) => reasons.push(reason) });
    expect([second.port, reasons]).toStrictEqual([first.port, ['crashed']]);
    expect(second.pid).not.toBe(first.pid);
  });

  it('is not misled by a state file whose pid and port belong to others now', async () => {
    await using folder = await engineFolder();
    await using neighbour = await engineFolder();
    const other = await ensureEngine(neighbour);
    const first = await ensureEngine(folder);
    await stopEngine(folder.dataDir);
    // As after a crash: this pid lives, and that port answers like an engine.
    await writeState({ ...first, pid: process.pid, port: other.port, endpoint: other.endpoint });
    expect(await checkHealth({ ...first, port: other.port })).toBeUndefined();
    expect((await stopEngine(folder.dataDir)).outcome).toBe('notRunning');
    await writeState({ ...first, pid: other.pid, port: other.port, endpoint: other.endpoint });
    const second = await ensureEngine(folder);
    expect(second.pid).not.toBe(other.pid);
    expect(await checkHealth(other)).toBeDefined();
  });

  it('starts over a lock whose files a power cut has torn', async () => {
    await using folder = await engineFolder();
    await ensureEngine(folder);
    await stopEngine(folder.dataDir);
    await writeFile(join(folder.dataDir, 'engine-lock', 'CURRENT'), '');
    expect(await checkHealth(await ensureEngine(folder))).toBeDefined();
    expect(await isLocked(folder.dataDir)).toBe(true);
  });

  it('is not misled by a torn state file', async () => {
    await using folder = await engineFolder();
    await ensureEngine(folder);
    await stopEngine(folder.dataDir);
    await writeFile(join(folder.dataDir, 'engine.json'), '{"pid": 1');
    expect(await checkHealth(await ensureEngine(folder))).toBeDefined();
  });
});

describe('stopping', () => {
  it('leaves no state file and a free lock', async () => {
    await using folder = await engineFolder();
    const state = await ensureEngine(folder);
    const gone = await engineGone(state);
    expect(await stopEngine(folder.dataDir)).toStrictEqual({ outcome: 'stopped', state });
    await gone();
    expect(await readState(folder.dataDir)).toBeUndefined();
    const lock = await acquireLock(folder.dataDir);
    expect(lock).toBeDefined();
    await lock?.release();
    expect((await stopEngine(folder.dataDir)).outcome).toBe('notRunning');
  });

  it('stops cleanly on SIGTERM', async () => {
    await using folder = await engineFolder();
    const state = await ensureEngine(folder);
    const gone = await engineGone(state);
    process.kill(state.pid, 'SIGTERM');
    await gone();
    expect(await readState(folder.dataDir)).toBeUndefined();
  });

  it('ends an engine that does not answer', async () => {
    await using folder = await engineFolder();
    const state = await ensureEngine(folder);
    const gone = await engineGone(state);
    process.kill(state.pid, 'SIGSTOP');
    const stopping = stopEngine(folder.dataDir);
    expect(await stopping).toStrictEqual({ outcome: 'forced', state });
    await gone();
  });

  it('makes no folder when there is nothing to stop', async () => {
    await using folder = await engineFolder();
    expect((await stopEngine(folder.dataDir)).outcome).toBe('notRunning');
    await expect(stat(folder.dataDir)).rejects.toThrow('ENOENT');
  });

  it('stops by itself when idle', async () => {
    await using folder = await engineFolder();
    const state = await ensureEngine({ ...folder, idleTimeoutMs: 3_600_000 });
    const gone = await engineGone(state);
    await callEngine(state, 'SetIdleTimeout', { IdleTimeoutMs: 50 });
    await gone();
    expect(await readState(folder.dataDir)).toBeUndefined();
    expect(await readFile(join(folder.dataDir, 'engine.log'), 'utf8')).toContain('engine stops: idle');
  });

  it('stops when its data folder is deleted or moved away', async () => {
    await using folder = await engineFolder();
    for (const takeAway of [
      () => rm(folder.dataDir, { recursive: true }),
      () => rename(folder.dataDir, `${folder.dataDir}-moved`),
    ]) {
      const gone = await engineGone(await ensureEngine(folder));
      await takeAway();
      await gone();
    }
  });

  it('replaces an engine of another version or build, not one of another copy', async () => {
    await using folder = await engineFolder();
    const first = await ensureEngine(folder);
    const reasons: StartReason[] = [];
    const next = () => ensureEngine({ ...folder, onStarting: (reason) => reasons.push(reason) });
    // What an engine runs is what its state file says.
    await writeState({ ...first, version: '0.0.1' });
    const second = await next();
    await writeState({ ...second, program: { path: second.program?.path ?? '', modifiedMs: 1 } });
    const third = await next();
    await writeState({ ...third, program: { path: '/another/copy/main.js', modifiedMs: 1 } });
    const fourth = await next();
    expect(reasons).toStrictEqual(['otherCode', 'otherCode']);
    expect(new Set([first, second, third].map(({ pid }) => pid)).size).toBe(3);
    expect([second.port, second.version, fourth.pid]).toStrictEqual([first.port, first.version, third.pid]);
  });
});
