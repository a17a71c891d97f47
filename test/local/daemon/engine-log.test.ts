import {
  appendFileSync,
  closeSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openEngineLog, readLogTail } from '../../../src/local/daemon/engine-log.js';

describe("the engine's log", () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ddbcdc-log-'));
    path = join(folder, 'engine.log');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('stamps its lines and stays within its bound, the end of the past kept beside it', () => {
    const log = openEngineLog(path, () => 0, 1_000);
    for (let i = 1; i <= 100; i += 1) log.write(`line ${i}`);
    log.close();
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    expect(lines.at(-1)).toBe('1970-01-01T00:00:00.000Z line 100');
    expect(statSync(path).size).toBeLessThan(1_100);
    const before = readFileSync(`${path}.1`, 'utf8').trimEnd().split('\n');
    expect(Number(before.at(-1)?.split(' ').at(-1)) + 1).toBe(Number(lines[0]?.split(' ').at(-1)));
  });

  it("keeps the process's own output in the same file when it is cut", () => {
    const stdout = openSync(path, 'a');
    writeSync(stdout, 'x'.repeat(2_000));
    const log = openEngineLog(path, () => 0, 1_000);
    log.write('cut');
    writeSync(stdout, 'after\n');
    log.close();
    closeSync(stdout);
    expect(readFileSync(path, 'utf8')).toBe('1970-01-01T00:00:00.000Z cut\nafter\n');
  });

  it('reads what was added, also after a cut, and nothing where there is no log', async () => {
    expect(await readLogTail(path, 0)).toBe('');
    appendFileSync(path, 'old\nnew\n');
    expect(await readLogTail(path, 4)).toBe('new\n');
    expect(await readLogTail(path, 400)).toBe('old\nnew\n');
    appendFileSync(path, 'y'.repeat(3_000));
    expect(await readLogTail(path, 4)).toBe('y'.repeat(2_000));
  });
});
