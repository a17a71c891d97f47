import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DeleteLogGroupCommand, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { InvokeCommand, type InvokeCommandOutput } from '@aws-sdk/client-lambda';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFunction, type Harness, makeZip, startHarness } from './compute-harness.js';

let harness: Harness;
beforeEach(async () => {
  harness = await startHarness();
});
afterEach(() => harness.close());

async function invoke(
  payload: unknown = {},
): Promise<InvokeCommandOutput & { value: unknown; tail: string }> {
  const output = await harness.lambda.send(
    new InvokeCommand({
      FunctionName: 'worker',
      Payload: new TextEncoder().encode(JSON.stringify(payload)),
      LogType: 'Tail',
    }),
  );
  return {
    ...output,
    value: JSON.parse(Buffer.from(output.Payload ?? []).toString()),
    tail: Buffer.from(output.LogResult ?? '', 'base64').toString(),
  };
}

describe('invoking a function', () => {
  it('runs a CommonJS handler and ends its log in a REPORT line', async () => {
    await createFunction(
      harness,
      `exports.handler = async (event, context) => {
        console.log('hello', { a: 1 });
        process.stdout.write('raw line\\n');
        return { event, name: context.functionName, memory: context.memoryLimitInMB, left: context.getRemainingTimeInMillis() > 1000 };
      };`,
    );
    const first = await invoke({ a: [1, 'ü'] });
    expect(first.value).toStrictEqual({ event: { a: [1, 'ü'] }, name: 'worker', memory: '256', left: true });
    expect(first.FunctionError).toBeUndefined();
    expect(first.ExecutedVersion).toBe('$LATEST');
    const id = '[0-9a-f-]{36}';
    expect(first.tail).toMatch(
      new RegExp(
        `^START RequestId: (${id}) Version: \\$LATEST\\n` +
          `\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z\\t\\1\\tINFO\\thello \\{ a: 1 \\}\\nraw line\\nEND RequestId: \\1\\n` +
          `REPORT RequestId: \\1\\tDuration: [\\d.]+ ms\\tBilled Duration: \\d+ ms\\tMemory Size: 256 MB\\t` +
          `Max Memory Used: \\d+ MB\\tInit Duration: [\\d.]+ ms\\t\\n$`,
      ),
    );
    const second = await invoke({});
    expect(second.tail).not.toContain('Init Duration');

    const { events } = await harness.logs.send(
      new FilterLogEventsCommand({ logGroupName: '/aws/lambda/worker' }),
    );
    expect(events?.map(({ message }) => message?.split(/[ \t]/)[0])).toStrictEqual([
      'INIT_START',
      'START',
      expect.any(String),
      'raw',
      'END',
      'REPORT',
      'START',
      expect.any(String),
      'raw',
      'END',
      'REPORT',
    ]);
  });

  it('runs ES modules, nested handlers and callback handlers', async () => {
    await createFunction(
      harness,
      makeZip({
        'index.mjs': `export const handler = async (e) => ({ esm: import.meta.url.endsWith('index.mjs'), e });`,
      }),
    );
    expect((await invoke(1)).value).toStrictEqual({ esm: true, e: 1 });
    await createFunction(
      harness,
      makeZip({
        'package.json': '{"type":"module"}',
        'src/app.js': `export const api = { run: (event, context, done) => { setTimeout(() => done(null, 'late'), 5); } };`,
      }),
      { FunctionName: 'nested', Handler: 'src/app.api.run' },
    );
    const output = await harness.lambda.send(new InvokeCommand({ FunctionName: 'nested' }));
    expect(Buffer.from(output.Payload ?? []).toString()).toBe('"late"');
  });

  it('answers with the failure of a handler that throws', async () => {
    await createFunction(harness, `exports.handler = async () => { throw new TypeError('no good'); };`);
    const output = await invoke();
    expect(output.StatusCode).toBe(200);
    expect(output.FunctionError).toBe('Unhandled');
    expect(output.value).toStrictEqual({
      errorType: 'TypeError',
      errorMessage: 'no good',
      trace: expect.arrayContaining(['TypeError: no good']),
    });
    expect(output.tail).toContain('ERROR\tInvoke Error \t{"errorType":"TypeError"');
    expect(output.tail).toContain('\tStatus: error\tError Type: TypeError');
  });

  it.each([
    ['a missing module', { 'other.js': '' }, 'Runtime.ImportModuleError'],
    ['a missing export', { 'index.js': 'exports.other = 1' }, 'Runtime.HandlerNotFound'],
    ['a syntax error', { 'index.js': 'const = 1' }, 'Runtime.UserCodeSyntaxError'],
    ['a failing module', { 'index.js': 'throw new RangeError("at load")' }, 'RangeError'],
  ])('names %s', async (_name, files, errorType) => {
    await createFunction(harness, makeZip(files as Record<string, string>));
    const output = await invoke();
    expect(output.FunctionError).toBe('Unhandled');
    expect(output.value).toMatchObject({ errorType });
    // Each further event finds a new process, never the one that is ending.
    for (let again = 0; again < 3; again += 1) expect((await invoke()).value).toMatchObject({ errorType });
  });

  it('kills a function that never yields at its time-out, and starts a new process for the next event', async () => {
    await createFunction(
      harness,
      `exports.handler = async (event) => { while (event.spin) {} return process.pid; };`,
      { Timeout: 1 },
    );
    const before = (await invoke()).value;
    const output = await invoke({ spin: true });
    expect(output.FunctionError).toBe('Unhandled');
    expect(output.value).toStrictEqual({
      errorType: 'Sandbox.Timedout',
      errorMessage: expect.stringMatching(
        /^RequestId: [0-9a-f-]{36} Error: Task timed out after 1.00 seconds$/,
      ),
    });
    expect(output.tail).toMatch(/Task timed out after 1\.00 seconds\nEND RequestId/);
    expect(output.tail).toMatch(/Duration: 1000\.00 ms.*Status: timeout/);
    expect((await invoke()).value).not.toBe(before);
  });

  it('ends a function that takes more memory than it has, outside the V8 heap too', async () => {
    await createFunction(
      harness,
      `exports.handler = async () => { const held = []; for (;;) { held.push(Buffer.alloc(8e6, 1)); await new Promise((r) => setTimeout(r, 5)); } };`,
      { MemorySize: 128 },
    );
    const output = await invoke();
    expect(output.value).toStrictEqual({
      errorType: 'Runtime.OutOfMemory',
      errorMessage: expect.stringContaining('Error: Runtime exited with error: signal: killed'),
    });
  });

  it('puts what a killed function has written before the line that says so', async () => {
    await createFunction(
      harness,
      `exports.handler = async () => { for (let i = 0; i < 2000; i += 1) console.log('line ' + i); for (;;) {} };`,
      { Timeout: 1 },
    );
    await invoke();
    const { events = [] } = await harness.logs.send(
      new FilterLogEventsCommand({ logGroupName: '/aws/lambda/worker' }),
    );
    expect(events).toHaveLength(2005);
    expect(events.at(-4)?.message).toContain('line 1999');
    expect(events.at(-3)?.message).toContain('Task timed out after 1.00 seconds');
  });

  it('logs into a group that was deleted meanwhile, as a new one', async () => {
    await createFunction(harness, `exports.handler = async () => { console.log('again'); };`);
    await invoke();
    await harness.logs.send(new DeleteLogGroupCommand({ logGroupName: '/aws/lambda/worker' }));
    await invoke();
    const { events } = await harness.logs.send(
      new FilterLogEventsCommand({ logGroupName: '/aws/lambda/worker', filterPattern: 'again' }),
    );
    expect(events).toHaveLength(1);
  });

  it('reports a function that exits', async () => {
    await createFunction(harness, `exports.handler = async () => { console.log('bye'); process.exit(3); };`);
    const output = await invoke();
    expect(output.value).toStrictEqual({
      errorType: 'Runtime.ExitError',
      errorMessage: expect.stringContaining('Runtime exited with error: exit status 3'),
    });
    expect(output.tail).toContain('bye');
  });

  it('gives the function none of the parent environment', async () => {
    process.env.SECRET_OF_PARENT = 'x';
    const endpoint = 'http://127.0.0.1:4567';
    await writeFile(join(harness.context.dataDir, 'engine.json'), JSON.stringify({ endpoint }));
    await createFunction(
      harness,
      `exports.handler = async () => ({ env: process.env, cwd: process.cwd() });`,
      {
        Environment: { Variables: { MODE: 'test' } },
      },
    );
    const { value } = await invoke();
    const { env, cwd } = value as { env: Record<string, string>; cwd: string };
    expect(env.SECRET_OF_PARENT).toBeUndefined();
    expect(env).toMatchObject({
      MODE: 'test',
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: 'us-east-1',
      AWS_LAMBDA_FUNCTION_NAME: 'worker',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
      AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/worker',
      LAMBDA_TASK_ROOT: cwd,
      _HANDLER: 'index.handler',
    });
    expect(env.AWS_ACCESS_KEY_ID).not.toBe(process.env.AWS_ACCESS_KEY_ID);
  });
});
