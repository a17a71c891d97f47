import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readZip, ZipError } from '../../../src/local/functions/zip.js';
import { makeZip } from './compute-harness.js';

const name = fc.stringMatching(/^[a-z]{1,8}$/);
const files = fc.dictionary(
  fc.tuple(name, name).map((parts) => parts.join('/')),
  fc.record({ data: fc.uint8Array({ maxLength: 2000 }), stored: fc.boolean() }),
  { maxKeys: 6 },
);

describe('reading a zip', () => {
  it('gives back what was put in', async () => {
    await fc.assert(
      fc.asyncProperty(files, async (given) => {
        const entries = await readZip(makeZip(given));
        expect(entries.map(({ path, data }) => [path, Buffer.from(data)])).toStrictEqual(
          Object.entries(given).map(([path, { data }]) => [path, Buffer.from(data)]),
        );
      }),
      { numRuns: 50 },
    );
  });

  it('refuses a damaged archive, and never fails in another way', async () => {
    const zip = makeZip({
      'index.js': 'exports.handler = async () => 1;'.repeat(20),
      'a/b.txt': { data: 'b', stored: true },
    });
    await fc.assert(
      fc.asyncProperty(
        fc.nat(zip.length - 1),
        fc.integer({ min: 1, max: 255 }),
        fc.nat(zip.length),
        async (at, xor, cut) => {
          const damaged = Buffer.from(zip);
          damaged[at] = (damaged[at] ?? 0) ^ xor;
          for (const bytes of [damaged, zip.subarray(0, cut)]) {
            await readZip(bytes).catch((error: unknown) => expect(error).toBeInstanceOf(ZipError));
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it.each([
    ['a path out of the folder', { '../evil.js': 'x' }, /not inside the code folder/],
    ['an absolute path', { '/etc/evil': 'x' }, /not inside the code folder/],
    ['a hidden way up', { 'a/../../evil': 'x' }, /not inside the code folder/],
    ['a backslash path', { 'a\\..\\evil': 'x' }, /not inside the code folder/],
    ['a symbolic link', { link: { data: '/etc/passwd', mode: 0o120777 } }, /link or device/],
    [
      'an entry that inflates beyond its header',
      { bomb: { data: Buffer.alloc(100_000), claimedSize: 10 } },
      /damaged/,
    ],
    ['a file and a folder of one name', { a: 'x', 'a/b': 'y' }, /both a file and a folder/],
  ])('refuses %s', async (_name, content, message) => {
    await expect(readZip(makeZip(content as Record<string, string>))).rejects.toThrow(message as RegExp);
  });

  it('refuses more than the size that Lambda allows before it inflates anything', async () => {
    await expect(readZip(makeZip({ big: Buffer.alloc(5000).toString() }), 4096)).rejects.toThrow(
      'Unzipped size must be smaller than 4096 bytes',
    );
  });

  it('refuses what is no zip', async () => {
    await expect(readZip(Buffer.from('not a zip'))).rejects.toThrow(ZipError);
  });
});
