import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DeleteFunctionCommand, InvokeCommand } from '@aws-sdk/client-lambda';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FunctionStore } from '../../../src/local/functions/function-store.js';
import { Invoker } from '../../../src/local/functions/invoker.js';
import { LogStore } from '../../../src/local/logs/log-store.js';
import { compiledFile } from '../../../src/package-files.js';
import { createFunction, type Harness, makeZip, ROLE, startHarness } from './compute-harness.js';

let harness: Harness;
beforeEach(async () => {
  harness = await startHarness();
});
afterEach(() => harness.close());

const PID = `exports.handler = async (event) => { if (event.ms) await new Promise((r) => setTimeout(r, event.ms)); return process.pid; };`;

async function invoke(payload: unknown = {}, FunctionName = 'worker'): Promise<unknown> {
  const { Payload } = await harness.lambda.send(
    new InvokeCommand({ FunctionName, Payload: Buffer.from(JSON.stringify(payload)) }),
  );
  return JSON.parse(Buffer.from(Payload ?? []).toString());
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

const gone = (pid: number): Promise<void> =>
  vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 10_000, interval: 20 });

describe('the children that functions run in', () => {
  it('are used again, one for each invocation at the same time', async () => {
    await createFunction(harness, PID);
    const first = await invoke();
    expect(await invoke()).toBe(first);
    const pids = await Promise.all([invoke({ ms: 200 }), invoke({ ms: 200 }), invoke({ ms: 200 })]);
    expect(new Set(pids).size).toBe(3);
    expect(pids).toContain(first);
  });

  it('are ten at most, while other invocations wait for them', async () => {
    await createFunction(harness, PID);
    const pids = await Promise.all(Array.from({ length: 14 }, () => invoke({ ms: 50 })));
    expect(new Set(pids).size).toBeLessThanOrEqual(10);
  });

  it('are ended when nobody has used them for a while', async () => {
    const { context } = harness;
    const functions = await FunctionStore.open(context);
    const logs = await LogStore.open(context);
    const invoker = new Invoker({ context, functions, logs, endpoint: async () => undefined, idleMs: 20 });
    await createFunction(harness, PID);
    const record = (await FunctionStore.open(context)).get('worker');
    if (record === undefined) throw new Error('the function was not stored');
    const { payload } = await invoker.invoke(record, Buffer.from('{}'));
    await gone(Number(Buffer.from(payload).toString()));
    await invoker.close();
    await logs.close();
  });

  it('are gone when the services are closed, with all they started', async () => {
    await createFunction(
      harness,
      `const { spawn } = require('node:child_process');
      const grandchild = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
      exports.handler = async () => [process.pid, grandchild.pid];`,
    );
    const [child, grandchild] = (await invoke()) as [number, number];
    expect(isAlive(child)).toBe(true);
    await harness.restart();
    expect(isAlive(child)).toBe(false);
    await gone(grandchild);
  });

  it('are ended while they run when the services are closed', async () => {
    await createFunction(harness, PID);
    const pid = (await invoke()) as number;
    const running = invoke({ ms: 60_000 });
    const outcome = running.catch((error: Error) => error.name);
    await expect.poll(async () => (await lines('"START RequestId"')).length).toBe(2);
    await harness.restart();
    expect(await outcome).toBe('ServiceException');
    expect(isAlive(pid)).toBe(false);
  });

  it('end a running invocation in peace when their function is deleted', async () => {
    await createFunction(harness, PID);
    const running = invoke({ ms: 1000 });
    await expect.poll(async () => (await lines('"START RequestId"')).length).toBe(1);
    await harness.lambda.send(new DeleteFunctionCommand({ FunctionName: 'worker' }));
    const ended = (await lines('"REPORT RequestId"')).length;
    expect({ ended, pid: await running }).toStrictEqual({ ended: 0, pid: expect.any(Number) });
  });

  it('end when the engine is killed, also in an endless loop', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'ddbcdc-orphan-'));
    const script = join(dir, 'engine.mjs');
    const zip = Buffer.from(
      makeZip({
        'index.js': `const { writeSync } = require('node:fs'); exports.handler = async () => { process.stdout.write('PID ' + process.pid + '\\n'); for (;;) {} };`,
      }),
    ).toString('base64');
    await writeFile(
      script,
      `import { openComputeServices } from ${JSON.stringify(pathToFileURL(compiledFile('local/functions/open.js')).href)};
      const context = { dataDir: ${JSON.stringify(dir)}, region: 'us-east-1', accountId: '000000000000', now: Date.now, log: () => {} };
      const source = { subscribe: () => () => {}, describe: async () => undefined };
      const services = await openComputeServices(context, source);
      const call = (service, path, body, extra = {}) => service.handle({ method: 'POST', path, query: new URLSearchParams(), headers: {}, body: Buffer.from(JSON.stringify(body)), signal: new AbortController().signal, ...extra });
      await call(services.lambda, '/2015-03-31/functions', { FunctionName: 'f', Role: '${ROLE}', Runtime: 'nodejs22.x', Handler: 'index.handler', Timeout: 300, Code: { ZipFile: '${zip}' } });
      call(services.lambda, '/2015-03-31/functions/f/invocations', {});
      for (;;) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        const { body } = await call(services.logs, '/', { logGroupName: '/aws/lambda/f', filterPattern: 'PID' }, { operation: 'FilterLogEvents' });
        if (body.events?.length > 0) { console.log(body.events[0].message); break; }
      }
      setInterval(() => {}, 1000);`,
    );
    const engine = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
    let pid = 0;
    for await (const chunk of engine.stdout) {
      pid = Number(/PID (\d+)/.exec(String(chunk))?.[1]);
      break;
    }
    expect(isAlive(pid)).toBe(true);
    engine.kill('SIGKILL');
    await gone(pid);
    await rm(dir, { recursive: true, force: true });
  });

  it('tries an asynchronous event again twice', async () => {
    await createFunction(
      harness,
      `let n = 0; exports.handler = async () => { n += 1; console.log('ATTEMPT', n); if (n < 3) throw new Error('not yet'); };`,
    );
    const { StatusCode } = await harness.lambda.send(
      new InvokeCommand({ FunctionName: 'worker', InvocationType: 'Event' }),
    );
    expect(StatusCode).toBe(202);
    await expect.poll(async () => (await lines('ATTEMPT')).length, { timeout: 15_000 }).toBe(3);
  });

  it('run nothing in a dry run, and refuse what is no JSON', async () => {
    await createFunction(harness, PID);
    const dry = await harness.lambda.send(
      new InvokeCommand({ FunctionName: 'worker', InvocationType: 'DryRun' }),
    );
    expect(dry.StatusCode).toBe(204);
    await expect(
      harness.lambda.send(new InvokeCommand({ FunctionName: 'worker', Payload: Buffer.from('{') })),
    ).rejects.toMatchObject({ name: 'InvalidRequestContentException' });
  });

  it('log in JSON when the function asks for it, from its level on', async () => {
    await createFunction(
      harness,
      `exports.handler = async () => { console.debug('hidden'); console.info({ size: 3 }); console.error('bad', new Error('e')); };`,
      { LoggingConfig: { LogFormat: 'JSON' } },
    );
    await invoke();
    const parsed = (await lines()).map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(parsed).toMatchObject([
      { type: 'platform.initStart' },
      { type: 'platform.start', record: { version: '$LATEST' } },
      { level: 'INFO', message: { size: 3 }, requestId: expect.any(String), timestamp: expect.any(String) },
      { level: 'ERROR', errorType: 'Error', errorMessage: 'e' },
      { type: 'platform.report', record: { status: 'success', metrics: { memorySizeMB: 256 } } },
    ]);
  });

  it('keep a console call of several lines together, and large output whole', async () => {
    await createFunction(
      harness,
      `exports.handler = async () => { console.log('a\\nb'); console.log('x'.repeat(300000)); process.stdout.write('no newline'); };`,
    );
    await invoke();
    const [, , several, large, raw] = await lines();
    expect(several).toMatch(/INFO\ta\nb\n$/);
    expect(large).toHaveLength(300_000 + (several?.length ?? 0) - 3);
    expect(raw).toBe('no newline\n');
  });
});

async function lines(filterPattern?: string): Promise<string[]> {
  const { events } = await harness.logs
    .send(new FilterLogEventsCommand({ logGroupName: '/aws/lambda/worker', filterPattern }))
    .catch(() => ({ events: [] }));
  return (events ?? []).map(({ message }) => message ?? '');
}
