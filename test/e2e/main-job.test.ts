// The main job, as a newcomer types it, from the tarball that npm would publish, in an empty folder.
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BinResult, parseDocument, parseLines, runBin } from '../helpers/run-bin.js';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const INSTALL_TIMEOUT_MS = 300_000;

let folder: string;
let bin: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ddbcdc-packed-'));
  // dist/ is built already: packing must not rebuild it under the other tests.
  const { stdout } = await run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder], {
    cwd: ROOT,
  });
  const [packed] = Object.values(JSON.parse(stdout) as { filename: string }[]);
  await run('npm', ['init', '-y'], { cwd: folder });
  await run(
    'npm',
    ['install', '--prefer-offline', '--no-audit', '--no-fund', join(folder, packed?.filename ?? '')],
    {
      cwd: folder,
    },
  );
  bin = join(folder, 'node_modules', 'ddbcdc', 'bin', 'ddbcdc.js');
}, INSTALL_TIMEOUT_MS);

afterAll(async () => {
  await runBin(['local', 'stop'], { cwd: folder, bin });
  await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
});

async function ddbcdc(...args: string[]): Promise<BinResult> {
  const result = await runBin(args, { cwd: folder, bin });
  expect(`${result.exitCode} ${result.stderr}`).toMatch(/^0 /);
  return result;
}

describe('the packed command line in an empty folder', () => {
  it('does the whole job, with nothing but JSON on stdout', async () => {
    const made = parseDocument(await ddbcdc('init', '--yes', '--json'));
    expect(made).toMatchObject({
      target: 'local',
      table: { name: 'SampleStreamTable', viewType: 'NEW_IMAGE', action: 'create' },
      function: { name: 'sample-ddb-stream-handler', architecture: 'arm64', memoryMb: 256, action: 'create' },
      mapping: { batchSize: 100, startingPosition: 'TRIM_HORIZON', state: 'Enabled', action: 'create' },
    });

    const seeded = parseDocument(await ddbcdc('seed', '--count', '500', '--json'));
    expect(seeded).toMatchObject({ requested: 500, written: 500, failed: 0, retried: 0 });

    const lines = parseLines(
      await ddbcdc('tail', '--from', 'trim-horizon', '--expect', '500', '--for', '60s', '--json'),
    );
    const changes = lines.filter((line) => line.type === 'change');
    const ids = new Set(changes.map((line) => (line.model as { id: number }).id));
    expect(ids).toStrictEqual(new Set(Array.from({ length: 500 }, (_, i) => i + 1)));
    expect(changes[0]).toMatchObject({ event: 'INSERT', batch: 1 });
    expect(lines.at(-1)).toMatchObject({ type: 'end', records: 500, duplicates: 0, gaps: 0 });

    await expect
      .poll(async () => parseDocument(await ddbcdc('logs', '--json')).records, { timeout: 30_000 })
      .toBe(500);

    const bench = parseDocument(await ddbcdc('bench', '--json'));
    expect(bench).toHaveProperty('stages.decode');
    expect(bench).toHaveProperty('stages.pipeline.seen');

    const again = parseDocument(await ddbcdc('init', '--yes', '--json'));
    expect(again).toMatchObject({
      table: { action: 'unchanged' },
      function: { action: 'unchanged' },
      mapping: { action: 'unchanged' },
    });

    parseDocument(await ddbcdc('destroy', '--yes', '--json'));
    const status = await runBin(['tail', '--json'], { cwd: folder, bin });
    expect(status.exitCode).toBe(3);
  });

  it('gives the library at its main export', async () => {
    const script =
      "import { decodeImage, tailStream } from 'ddbcdc'; console.log(JSON.stringify([decodeImage({ Id: { N: '1' } }), typeof tailStream]))";
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script], { cwd: folder });
    expect(JSON.parse(stdout)).toStrictEqual([{ Id: 1 }, 'function']);
  });
});
