import { createHash } from 'node:crypto';
import { cp, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bundleHandler } from '../../../src/lambda/bundle/index.js';
import { eventFixture } from '../handler/fixture.js';
import { userFolder } from './folder.js';
import { readStoredZip } from './read-stored-zip.js';
import { runZip } from './run-zip.js';

const MODEL = `
import { defineModel, int32, string } from 'ddbcdc';
const id: ReturnType<typeof int32> = int32('Id');
export default defineModel({ id, text: string('Message') }, { name: 'Short' });
`;

describe('the bundle', () => {
  it('holds the handler and the sample model in at most 15 kB, without the SDK', async () => {
    const bundle = await bundleHandler();
    expect(bundle.codeBytes).toBeLessThanOrEqual(15_000);
    expect(bundle.code).not.toMatch(/aws-sdk|smithy/);
    expect(bundle).toMatchObject({
      handler: 'index.handler',
      runtime: 'nodejs24.x',
      codeBytes: Buffer.byteLength(bundle.code),
      zipBytes: bundle.zip.byteLength,
      codeSha256: createHash('sha256').update(bundle.zip).digest('base64'),
    });
    const [file, ...others] = readStoredZip(bundle.zip);
    expect(others).toStrictEqual([]);
    expect(file?.name).toBe('index.mjs');
    expect(Buffer.from(file?.data ?? []).toString()).toBe(bundle.code);
  });

  it('runs from the content of its zip', async () => {
    const run = await runZip(await bundleHandler(), eventFixture('lambda-event'));
    expect(run).toMatchObject({ exitCode: 0, response: { batchItemFailures: [] }, stderr: '' });
    expect(run.lines.map(({ type }) => type)).toStrictEqual([
      'ddbcdc.change',
      'ddbcdc.change',
      'ddbcdc.change',
      'ddbcdc.change',
      'ddbcdc.undecodable',
      'ddbcdc.batch',
    ]);
    expect(run.lines[0]).toMatchObject({ model: { id: 101, entityType: 'Message', message: 'New item!' } });
    expect(run.lines[5]).toMatchObject({ records: 5, undecodable: 1, FunctionName: 'f' });
  });

  it('carries a user model and handler, though ddbcdc is not installed beside them', async () => {
    const folder = await userFolder({
      'model.ts': MODEL,
      'lib/route.ts': 'export const route = (text: string): boolean => text.startsWith("Item");',
      'on-change.ts': `
        import type { ChangeHandler } from 'ddbcdc';
        import { route } from './lib/route';
        const ready = await Promise.resolve(true);
        const onChange: ChangeHandler<{ id: number; text: string }> = async (changes) => {
          console.error(JSON.stringify({ ready, models: changes.map((change) => change.model) }));
          return changes.filter((change) => route(change.model?.text ?? '')).map((change) => change.seq);
        };
        export default onChange;
      `,
    });
    const bundle = await bundleHandler({
      modelPath: join(folder, 'model.ts'),
      handlerPath: join(folder, 'on-change.ts'),
    });
    const run = await runZip(bundle, eventFixture('lambda-event'));
    expect(run.exitCode).toBe(0);
    expect(run.response).toStrictEqual({
      batchItemFailures: [{ itemIdentifier: '4421584500000000017450439092' }],
    });
    expect(JSON.parse(run.stderr)).toStrictEqual({
      ready: true,
      models: [{ id: 101, text: 'New item!' }, { id: 101, text: 'Item 101 has changed' }, null, null, null],
    });
  });

  it('carries a schema of a validation library', async () => {
    const folder = await userFolder({
      'model.ts': `import * as v from 'valibot'; export default v.object({ Id: v.number(), Message: v.string() });`,
    });
    await symlink(join(process.cwd(), 'node_modules'), join(folder, 'node_modules'));
    const run = await runZip(
      await bundleHandler({ modelPath: join(folder, 'model.ts') }),
      eventFixture('lambda-event'),
    );
    expect(run.lines[0]).toMatchObject({ model: { Id: 101, Message: 'New item!' } });
    expect(run.lines[4]).toMatchObject({ type: 'ddbcdc.undecodable', issues: [{ path: ['Message'] }] });
  });

  it('is the same, byte for byte, from another folder, and holds no path of this machine', async () => {
    const folder = await userFolder({
      'one/model.ts': MODEL,
      'one/on-change.js':
        'const path = require("path"); module.exports = async (changes) => console.error(path.join("a", String(changes.length)));',
    });
    await cp(join(folder, 'one'), join(folder, 'other/deeper'), { recursive: true });
    const [one, other] = await Promise.all(
      ['one', 'other/deeper'].map((name) =>
        bundleHandler({
          modelPath: join(folder, name, 'model.ts'),
          handlerPath: join(folder, name, 'on-change.js'),
        }),
      ),
    );
    expect(one?.codeSha256).toBe(other?.codeSha256);
    expect(one?.code).not.toContain(folder);
    expect(one?.code).not.toContain(process.cwd());
    // A CommonJS handler may require Node's modules.
    expect((await runZip(one ?? (await bundleHandler()), eventFixture('lambda-event'))).stderr).toBe('a/5\n');
  });

  it('names the user’s own functions and errors in the log of a failure', async () => {
    const folder = await userFolder({
      'on-change.ts': `
        class QueueFull extends Error { override name = 'QueueFull'; }
        function sendToQueue(): never { throw new QueueFull('no room'); }
        export default async () => { sendToQueue(); };
      `,
    });
    const run = await runZip(
      await bundleHandler({ handlerPath: join(folder, 'on-change.ts') }),
      eventFixture('lambda-event'),
    );
    const failure = run.lines.find(({ type }) => type === 'ddbcdc.failure');
    expect(failure).toMatchObject({ errorType: 'QueueFull', errorMessage: 'no room', level: 'ERROR' });
    expect(JSON.stringify(failure)).toContain('at sendToQueue (');
  });

  it('leaves an SDK that is not installed to the runtime', async () => {
    const folder = await userFolder({
      'on-change.ts':
        'import { SQSClient } from "@aws-sdk/client-sqs"; export default async () => { new SQSClient({}); };',
    });
    const { code } = await bundleHandler({ handlerPath: join(folder, 'on-change.ts') });
    expect(code).toContain('from"@aws-sdk/client-sqs"');
  });
});

describe('a handler that cannot be bundled', () => {
  it.each([
    [
      'handler.noDefaultExport',
      'export async function onChange() {}',
      /on-change\.ts does not export a handler: it has no default export$/,
    ],
    [
      'handler.buildFailed',
      'const a = 1;\nexport default async () => { const b = ; };',
      /on-change\.ts:2:40: Unexpected ";"$/,
    ],
    [
      'handler.buildFailed',
      "import x from 'not-a-package';\nexport default async () => x;",
      /on-change\.ts:1:15: Could not resolve "not-a-package"$/,
    ],
    [
      'handler.buildFailed',
      "import { tailStream } from 'ddbcdc';\nexport default async () => tailStream;",
      /on-change\.ts:1:10: ddbcdc has no export named tailStream for models and handlers$/,
    ],
  ])('is refused with %s', async (code, text, message) => {
    const folder = await userFolder({ 'on-change.ts': text });
    await expect(bundleHandler({ handlerPath: join(folder, 'on-change.ts') })).rejects.toMatchObject({
      name: 'CliError',
      code,
      exitCode: 3,
      message: expect.stringMatching(message),
    });
  });

  it('is refused when there is no such file', async () => {
    await expect(bundleHandler({ handlerPath: '/nowhere/on-change.ts' })).rejects.toMatchObject({
      code: 'handler.notFound',
      hint: 'give the path of a TypeScript or JavaScript file: --handler ./handler.ts',
    });
  });
});
