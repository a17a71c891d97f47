import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LOCK_FOLDER, STATE_FILE } from '../../../src/local/daemon/files.js';
import { engineEndpoint } from '../../../src/local/functions/engine-endpoint.js';

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'ddbcdc-endpoint-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

describe('the address that functions are given', () => {
  it('is awaited while the engine starts', async () => {
    await mkdir(join(dataDir, LOCK_FOLDER));
    const endpoint = engineEndpoint(dataDir);
    await writeFile(join(dataDir, STATE_FILE), JSON.stringify({ endpoint: 'http://127.0.0.1:1234' }));
    expect(await endpoint).toBe('http://127.0.0.1:1234');
  });

  it('is not awaited where there is no engine', async () => {
    expect(await engineEndpoint(dataDir)).toBeUndefined();
  });
});
