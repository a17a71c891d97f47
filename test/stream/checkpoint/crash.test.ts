import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type CannedServer, startCannedServer } from '../helpers/canned-server.js';
import { type CannedShard, cannedStream } from '../helpers/canned-stream.js';

const CHILD = fileURLToPath(new URL('../fixtures/tail-child.mjs', import.meta.url));
const SHARDS: readonly CannedShard[] = [
  { id: 'shardId-root', records: 900 },
  { id: 'shardId-left', parent: 'shardId-root', records: 700 },
  { id: 'shardId-right', parent: 'shardId-root', records: 1_100 },
  { id: 'shardId-last', parent: 'shardId-right', records: 300 },
];
const TOTAL = 3_000;
const KILLS = 8;

let dir: string;
let server: CannedServer;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'ddbcdc-crash-'));
  server = await startCannedServer(cannedStream(SHARDS, 100));
});

afterEach(async () => {
  await server.close();
  await rm(dir, { recursive: true, force: true });
});

/** Resolves with the exit code, or null when the child was killed. */
function runChild(output: string, killAfter: number): Promise<{ code: number | null; errors: string }> {
  const child = spawn(process.execPath, [CHILD, server.endpoint, dir, output], {
    env: { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
  });
  let shown = 0;
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  child.stdout.on('data', (chunk: Buffer) => {
    shown += chunk.length;
    if (shown >= killAfter) child.kill('SIGKILL');
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, errors })));
}

it('loses nothing and shows nothing twice over kills at random points', async () => {
  const output = join(dir, 'shown.txt');
  let killed = 0;
  for (let run = 0; run < KILLS; run += 1) {
    const { code, errors } = await runChild(output, 1 + Math.floor(Math.random() * 500));
    expect(errors === '' || code === 0, errors).toBe(true);
    if (code === null) killed += 1;
  }
  const last = await runChild(output, Number.POSITIVE_INFINITY);
  expect(last.code, last.errors).toBe(0);
  expect(killed).toBeGreaterThan(0);

  const lines = (await readFile(output, 'utf8')).trimEnd().split('\n');
  expect(new Set(lines).size).toBe(lines.length);
  expect(lines.length).toBe(TOTAL);
  for (const { id } of SHARDS) {
    const numbers = lines.flatMap((line) =>
      line.startsWith(`${id} `) ? [BigInt(line.split(' ')[1] ?? 0)] : [],
    );
    expect(numbers).toStrictEqual([...numbers].sort((a, b) => (a < b ? -1 : 1)));
  }
  const end = JSON.parse(last.errors.slice(last.errors.lastIndexOf('{"type"')));
  expect(end).toMatchObject({ reason: 'drained', gaps: 0 });
});
