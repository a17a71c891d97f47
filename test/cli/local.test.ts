// The `local` commands in process, with engines as background processes of the built package.
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ensureEngine } from '../../src/local/daemon/ensure.js';
import { readState } from '../../src/local/daemon/files.js';
import { runCli } from '../helpers/run-cli.js';
import { engineFolder } from '../local/daemon/engine-folder.js';

describe('ddbcdc local', () => {
  it('starts, reports and stops as JSON', async () => {
    await using folder = await engineFolder();
    const run = async (...args: string[]) => {
      const result = await runCli(['local', ...args, '--json', '--data-dir', folder.dataDir]);
      expect([result.exitCode, result.stderr]).toStrictEqual([0, '']);
      return JSON.parse(result.stdout);
    };
    const nothing = {
      running: false,
      pid: null,
      port: null,
      endpoint: null,
      dataDir: folder.dataDir,
      region: null,
      version: null,
      startedAt: null,
      idleTimeoutMs: null,
      idleStopsAt: null,
      dataBytes: 0,
      crashed: false,
    };
    expect(await run('status')).toStrictEqual(nothing);
    const started = await run('start', '--idle', '2h');
    const state = await readState(folder.dataDir);
    expect(started).toStrictEqual({
      running: true,
      pid: state?.pid,
      port: state?.port,
      endpoint: `http://127.0.0.1:${state?.port}`,
      dataDir: folder.dataDir,
      region: 'us-east-1',
      version: state?.version,
      startedAt: state?.startedAt,
      idleTimeoutMs: 7_200_000,
      idleStopsAt: expect.stringMatching(/^\d{4}-.*Z$/),
      dataBytes: expect.any(Number),
      started: true,
    });
    const again = await run('start', '--idle', 'never');
    expect([again.pid, again.started, again.idleTimeoutMs, again.idleStopsAt]).toStrictEqual([
      state?.pid,
      false,
      0,
      null,
    ]);
    expect(await run('stop')).toStrictEqual({
      stopped: true,
      forced: false,
      pid: state?.pid,
      dataDir: folder.dataDir,
    });
    expect(await run('stop')).toStrictEqual({
      stopped: false,
      forced: false,
      pid: null,
      dataDir: folder.dataDir,
    });
    expect(await run('status')).toStrictEqual({ ...nothing, dataBytes: expect.any(Number) });
  });

  it('takes the data folder from DDBCDC_DATA_DIR, else from beside ddbcdc.json', async () => {
    await using folder = await engineFolder();
    const project = join(folder.dataDir, '..');
    const inside = join(project, 'a', 'b');
    await mkdir(inside, { recursive: true });
    await writeFile(join(project, 'ddbcdc.json'), '{}');
    const dataDir = async (env: Record<string, string>): Promise<string> =>
      JSON.parse((await runCli(['local', 'status', '--json'], { cwd: inside, env })).stdout).dataDir;
    expect(await dataDir({})).toBe(join(project, '.ddbcdc'));
    expect(await dataDir({ DDBCDC_DATA_DIR: '../x' })).toBe(join(project, 'a', 'x'));
  });

  it('shows a person where the engine is and when it stops', async () => {
    await using folder = await engineFolder();
    const state = await ensureEngine(folder);
    const { stdout } = await runCli(['local', 'status', '--data-dir', folder.dataDir]);
    const masked = stdout
      .replaceAll(folder.dataDir, '<data>')
      .replace(`:${state.port}`, ':<port>')
      .replace(`pid ${state.pid}`, 'pid <pid>')
      .replace(state.version, '<version>')
      .replace(/\(\d.*?B\)/, '(<size>)')
      .replace(/started.*/, 'started   <time>');
    expect(masked.replace(/in (1 h|59 min.*)\n/, 'in <time>\n')).toMatchInlineSnapshot(`
      "✓ engine running, pid <pid>
        endpoint  http://127.0.0.1:<port>
        region    us-east-1
        data      <data> (<size>)
        version   <version>
        started   <time>
        stops     after 1 h without a request: in <time>
      "
    `);
  });

  it('prints exports for each shell, and only them', async () => {
    await using folder = await engineFolder();
    const state = await ensureEngine(folder);
    const lines = async (shell: string): Promise<string[]> => {
      const { exitCode, stdout, stderr } = await runCli([
        'local',
        'env',
        '--shell',
        shell,
        '--data-dir',
        folder.dataDir,
      ]);
      expect([exitCode, stderr]).toStrictEqual([0, '']);
      return stdout.trimEnd().split('\n');
    };
    expect(await lines('sh')).toStrictEqual([
      ...['', '_DYNAMODB', '_DYNAMODB_STREAMS', '_LAMBDA', '_CLOUDWATCH_LOGS', '_STS'].map(
        (service) => `export AWS_ENDPOINT_URL${service}='${state.endpoint}'`,
      ),
      `export AWS_ACCESS_KEY_ID='${state.accessKeyId}'`,
      `export AWS_SECRET_ACCESS_KEY='${state.secretAccessKey}'`,
      "export AWS_REGION='us-east-1'",
      "export AWS_DEFAULT_REGION='us-east-1'",
      'unset AWS_SESSION_TOKEN AWS_PROFILE AWS_IGNORE_CONFIGURED_ENDPOINT_URLS',
    ]);
    expect((await lines('fish'))[0]).toBe(`set -gx AWS_ENDPOINT_URL '${state.endpoint}'`);
    expect((await lines('fish')).at(-1)).toBe('set -e AWS_IGNORE_CONFIGURED_ENDPOINT_URLS');
    expect((await lines('powershell'))[0]).toBe(`$env:AWS_ENDPOINT_URL = '${state.endpoint}'`);
  });

  it('resets its own data and nothing else', async () => {
    await using folder = await engineFolder();
    const { accessKeyId } = await ensureEngine(folder);
    await mkdir(join(folder.dataDir, 'checkpoints'));
    await writeFile(join(folder.dataDir, 'mine.txt'), '');
    const refused = await runCli(['local', 'reset', '--data-dir', folder.dataDir]);
    expect([refused.exitCode, refused.stdout]).toStrictEqual([2, '']);
    expect(refused.stderr).toContain('add --yes');
    expect(await readState(folder.dataDir)).toBeDefined();
    const done = await runCli(['local', 'reset', '--yes', '--json', '--data-dir', folder.dataDir]);
    expect([done.exitCode, JSON.parse(done.stdout)]).toMatchObject([0, { reset: true, stopped: true }]);
    expect((await readdir(folder.dataDir)).sort()).toStrictEqual([
      '.gitignore',
      'checkpoints',
      'engine-identity.json',
      'mine.txt',
    ]);
    expect((await ensureEngine(folder)).accessKeyId).toBe(accessKeyId);
  });

  it('runs in the foreground until Ctrl-C, its log on stderr', async () => {
    await using folder = await engineFolder();
    let interrupted = false; // a second Ctrl-C would not wait for the engine to close
    const result = await runCli(['local', 'start', '--foreground', '--json', '--data-dir', folder.dataDir], {
      onOutput: ({ stdout }, interrupt) => {
        if (interrupted || !stdout.endsWith('\n')) return;
        interrupted = true;
        interrupt();
      },
    });
    expect(result.exitCode).toBe(0);
    expect(JSON.parse(result.stdout)).toMatchObject({ running: true, pid: process.pid, started: true });
    expect(result.stderr.split('\n').map((line) => line.slice('12:00:00 '.length))).toStrictEqual([
      expect.stringMatching(/^engine .* ready on http:/),
      'engine stops: interrupted',
      'engine stopped',
      '',
    ]);
    expect(await readState(folder.dataDir)).toBeUndefined();
  });

  it('does not run twice for one folder in the foreground', async () => {
    await using folder = await engineFolder();
    const { port } = await ensureEngine(folder);
    const result = await runCli(['local', 'start', '--foreground', '--data-dir', folder.dataDir]);
    expect([result.exitCode, result.stdout]).toStrictEqual([3, '']);
    expect(result.stderr).toContain(`on port ${port}`);
    expect(result.stderr).toContain('(engine.alreadyRunning)');
  });

  it('rolls and splits shards of a running engine only', async () => {
    await using folder = await engineFolder();
    const stopped = await runCli(['local', 'roll', '--data-dir', folder.dataDir]);
    expect([stopped.exitCode, stopped.stderr]).toMatchObject([
      3,
      expect.stringContaining('engine.notRunning'),
    ]);
    await ensureEngine(folder);
    const missing = await runCli(['local', 'split', '--table', 'nope', '--data-dir', folder.dataDir]);
    expect([missing.exitCode, missing.stderr]).toMatchObject([1, expect.stringContaining('nope')]);
  });

  it('refuses flags that make no sense with exit 2', async () => {
    for (const args of [
      ['start', '--port', '0'],
      ['start', '--port', '65536'],
      ['start', '--idle', 'soon'],
      ['start', '--idle', '0s'],
      ['env', '--shell', 'cmd'],
      ['restart'],
    ]) {
      const result = await runCli(['local', ...args]);
      expect([args, result.exitCode, result.stdout]).toStrictEqual([args, 2, '']);
    }
  });
});
