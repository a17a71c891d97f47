import fc from 'fast-check';
import { expect, it } from 'vitest';
import { storedZip } from '../../../src/lambda/bundle/zip.js';
import { readStoredZip } from './read-stored-zip.js';

it('gives every file back, readable for everyone', () => {
  const entry = fc.record({
    name: fc.stringMatching(/^[a-zé]{1,8}\.mjs$/),
    data: fc.uint8Array({ maxLength: 300 }),
  });
  fc.assert(
    fc.property(fc.uniqueArray(entry, { selector: ({ name }) => name, maxLength: 5 }), (entries) => {
      const files = readStoredZip(storedZip(entries));
      expect(files.map(({ name, data }) => [name, [...data]])).toStrictEqual(
        entries.map(({ name, data }) => [name, [...data]]),
      );
      expect(files.every(({ mode }) => mode === 0o100644)).toBe(true);
    }),
  );
});

it('is exactly these bytes', () => {
  const zip = storedZip([{ name: 'a', data: Buffer.from('b') }]);
  expect(Buffer.from(zip).toString('hex')).toBe(
    '504b030414000008000000002100f9efbe710100000001000000010000006162504b0102140314000008000000002100f9efbe710100000001000000010000000000000000000000a4810000000061504b050600000000010001002f000000200000000000',
  );
});
