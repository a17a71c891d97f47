import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  prepareDataDir,
  readState,
  removeState,
  writePrivate,
  writeState,
} from '../../../src/local/daemon/files.js';
import { loadIdentity } from '../../../src/local/daemon/identity.js';
import { isLocked } from '../../../src/local/daemon/lock.js';
import type { EngineState } from '../../../src/local/engine-state.js';
import { engineFolder } from './engine-folder.js';

const STATE: Omit<EngineState, 'dataDir'> = {
  pid: 7,
  port: 4000,
  endpoint: 'http://127.0.0.1:4000',
  region: 'us-east-1',
  accessKeyId: 'key',
  secretAccessKey: 'secret',
  version: '1.0.0',
  startedAt: '2026-01-01T00:00:00.000Z',
  idleTimeoutMs: 1,
};

describe('the data folder', () => {
  it('is hidden from git when it is new, and left as it is when it holds a project', async () => {
    await using folder = await engineFolder();
    await prepareDataDir(folder.dataDir);
    await prepareDataDir(folder.dataDir);
    expect(await readdir(folder.dataDir)).toStrictEqual(['.gitignore']);
    const project = join(folder.dataDir, '..', 'project');
    await mkdir(project);
    await writeFile(join(project, 'package.json'), '{}');
    await prepareDataDir(project);
    expect(await readdir(project)).toStrictEqual(['package.json']);
  });

  it('tells its state by where it is now, and nothing of a file that is not a state', async () => {
    await using folder = await engineFolder();
    await prepareDataDir(folder.dataDir);
    await writeState({ ...STATE, dataDir: folder.dataDir });
    const path = join(folder.dataDir, 'engine.json');
    await writePrivate(path, { ...STATE, dataDir: '/where/it/was' });
    expect(await readState(folder.dataDir)).toStrictEqual({ ...STATE, dataDir: folder.dataDir });
    for (const text of ['', '[]', 'null', '{"pid":"7"}', JSON.stringify({ ...STATE, port: null })]) {
      await writeFile(path, text);
      expect(await readState(folder.dataDir)).toBeUndefined();
    }
  });

  it('loses its state file only to the engine that wrote it', async () => {
    await using folder = await engineFolder();
    await prepareDataDir(folder.dataDir);
    await writeState({ ...STATE, dataDir: folder.dataDir });
    await removeState(folder.dataDir, 8);
    expect(await readState(folder.dataDir)).toBeDefined();
    await removeState(folder.dataDir, 7);
    expect(await readState(folder.dataDir)).toBeUndefined();
  });

  it('makes a secret file private even over one that was not', async () => {
    await using folder = await engineFolder();
    await prepareDataDir(folder.dataDir);
    const path = join(folder.dataDir, 'secret.json');
    await writeFile(path, '', { mode: 0o644 });
    await writePrivate(path, {});
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('gives each folder keys of its own, which cannot be taken for keys of AWS', async () => {
    await using one = await engineFolder();
    await using two = await engineFolder();
    for (const { dataDir } of [one, two]) await prepareDataDir(dataDir);
    const first = await loadIdentity(one.dataDir, 'us-east-1');
    expect(await loadIdentity(one.dataDir, 'eu-west-1')).toStrictEqual(first);
    expect((await loadIdentity(two.dataDir, 'us-east-1')).secretAccessKey).not.toBe(first.secretAccessKey);
    expect([first.accessKeyId, first.secretAccessKey]).toStrictEqual([
      expect.stringMatching(/^DDBCDC[0-9A-F]{14}$/),
      expect.stringMatching(/^[\w-]{40}$/),
    ]);
  });

  it('is not locked, and not made, by asking whether it is', async () => {
    await using folder = await engineFolder();
    expect(await isLocked(folder.dataDir)).toBe(false);
    await expect(stat(folder.dataDir)).rejects.toThrow('ENOENT');
  });
});
