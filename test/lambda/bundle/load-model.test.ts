import { execFile } from 'node:child_process';
import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { loadUserModel } from '../../../src/lambda/bundle/index.js';
import { compiledFile } from '../../../src/package-files.js';
import { userFolder } from './folder.js';

describe('a user model', () => {
  it.each([
    ['ddbcdc', 'ts'],
    ['ddbcdc/model', 'mjs'],
  ])('is loaded with %s from a .%s file, though that is not installed beside it', async (name, extension) => {
    const folder = await userFolder({
      [`model.${extension}`]: `
        import { defineModel, int32 } from '${name}';
        export default defineModel({ id: int32('Id') }, { name: 'Mine' });
      `,
    });
    const model = await loadUserModel(join(folder, `model.${extension}`));
    expect(model.name).toBe('Mine');
    expect(model.decode({ Id: { N: '7' } })).toStrictEqual({ ok: true, value: { id: 7 } });
  });

  it('may be written by hand, in CommonJS', async () => {
    const folder = await userFolder({
      'model.cjs': `module.exports = { name: 'Hand', decode: () => ({ ok: true, value: 1 }), parse: () => 1 };`,
    });
    expect((await loadUserModel(join(folder, 'model.cjs'))).name).toBe('Hand');
  });
});

// The libraries are those of this package's own tests, given to the user's folder by absolute path.
const LIBRARIES = {
  zod: `import { z } from 'zod'; export default z.object({ Id: z.number(), Message: z.string() });`,
  valibot: `import * as v from 'valibot'; export default v.object({ Id: v.number(), Message: v.string() });`,
  arktype: `import { type } from 'arktype'; export default type({ Id: 'number', Message: 'string' });`,
};

describe('a schema of a validation library', () => {
  it.each(Object.entries(LIBRARIES))('of %s is a model', async (_library, text) => {
    const folder = await userFolder({ 'model.ts': text });
    await symlink(join(process.cwd(), 'node_modules'), join(folder, 'node_modules'));
    const model = await loadUserModel(join(folder, 'model.ts'));
    const image = { Id: { N: '7' }, Message: { S: 'hello' } };
    expect(model.decode(image)).toStrictEqual({ ok: true, value: { Id: 7, Message: 'hello' } });
    expect(model.decode({ Id: { S: 'x' } })).toMatchObject({ ok: false });
  });

  it('is refused when it validates asynchronously', async () => {
    const folder = await userFolder({
      'model.ts': `export default { '~standard': { version: 1, vendor: 'slow', validate: async () => ({ value: 1 }) } };`,
    });
    await expect(loadUserModel(join(folder, 'model.ts'))).rejects.toMatchObject({
      code: 'model.unusable',
      message: expect.stringMatching(/model\.ts cannot be used as a model: .*async/),
    });
  });
});

describe('a model that cannot be loaded', () => {
  it.each([
    [
      'model.noDefaultExport',
      'export const model = 1;',
      /model\.ts does not export a model: it has no default export$/,
    ],
    [
      'model.noDefaultExport',
      'export default { a: 1 };',
      /model\.ts does not export a model: its default export is an object$/,
    ],
    ['model.noDefaultExport', 'export default undefined;', /its default export is undefined$/],
    ['model.buildFailed', 'export default {\n  a: ,\n};', /model\.ts:2:6: Unexpected ","$/],
    [
      'model.threw',
      'type A = string;\n\nfunction make(): A {\n  throw new RangeError("no region");\n}\nexport default make();',
      /model\.ts:4:9: RangeError: no region$/,
    ],
  ])('is refused with %s', async (code, text, message) => {
    const folder = await userFolder({ 'model.ts': text });
    await expect(loadUserModel(join(folder, 'model.ts'))).rejects.toMatchObject({
      name: 'CliError',
      code,
      exitCode: 3,
      message: expect.stringMatching(message),
    });
  });

  it('is refused when it imports what ddbcdc does not export', async () => {
    const folder = await userFolder({
      'model.ts': "import { tailStream } from 'ddbcdc';\nexport default tailStream;",
    });
    // In plain Node, as the linking of modules is what finds it.
    const { stdout } = await promisify(execFile)(process.execPath, [
      '--input-type=module',
      '--eval',
      `import { loadUserModel } from ${JSON.stringify(pathToFileURL(compiledFile('lambda/bundle/index.js')))};
       await loadUserModel(${JSON.stringify(join(folder, 'model.ts'))}).catch((e) => console.log(e.code, e.message));`,
    ]);
    expect(stdout).toMatch(
      /^model\.buildFailed .*model\.ts: ddbcdc has no export named tailStream for models and handlers\n$/,
    );
  });

  it('is refused when there is no such file', async () => {
    await expect(loadUserModel('/nowhere/model.ts')).rejects.toMatchObject({
      code: 'model.notFound',
      message: '/nowhere/model.ts is not a file, so there is no model to load',
    });
  });
});
