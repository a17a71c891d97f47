// A reader that stopped reading must not keep a tail alive that was told to end.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { temporaryProject } from '../helpers/run-bin.js';
import { type CannedServer, startCannedServer } from '../stream/helpers/canned-server.js';
import { cannedStream } from '../stream/helpers/canned-stream.js';

const BIN = fileURLToPath(new URL('../../bin/ddbcdc.js', import.meta.url));
let server: CannedServer | undefined;

afterEach(async () => {
  await server?.close();
});

it.each([
  ['SIGTERM', 143],
  ['SIGINT', 0],
] as const)('ends on one %s although nobody reads stdout', async (signal, exitCode) => {
  await using project = await temporaryProject();
  const stream = cannedStream([{ id: 'shardId-only', records: 20_000 }], 1_000);
  let pages = 0;
  let second = (): void => {};
  const isUnderWay = new Promise<void>((resolve) => {
    second = resolve;
  });
  server = await startCannedServer((operation, input) => {
    // The second page is asked for when the first is being written: more than a pipe holds.
    if (operation === 'GetRecords' && ++pages === 2) second();
    return stream(operation, input);
  });
  const args = ['tail', '--json', '--from', 'trim-horizon', '--endpoint-url', server.endpoint];
  const child = spawn(process.execPath, [BIN, ...args], {
    cwd: project.folder,
    env: { ...process.env, AWS_REGION: 'us-east-1' },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await isUnderWay;
  child.kill(signal);
  const [code] = await once(child, 'exit');
  expect(code).toBe(exitCode);
  expect(pages).toBeLessThan(20);
});
