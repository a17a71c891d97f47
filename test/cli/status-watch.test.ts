import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCli } from '../helpers/run-cli.js';

let cwd: string;
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'ddbcdc-watch-'));
});
afterAll(async () => {
  await rm(cwd, { recursive: true, force: true });
});

it('looks again and again until Ctrl-C, and ends with 0', async () => {
  const { exitCode, stdout, stderr } = await runCli(['status', '--watch', '--interval', '1ms', '--json'], {
    cwd,
    onOutput: ({ stdout }, interrupt) => {
      if (stdout.split('\n').length > 3) interrupt();
    },
  });
  expect({ exitCode, stderr }).toStrictEqual({ exitCode: 0, stderr: '' });
  const documents = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(documents.length).toBeGreaterThanOrEqual(3);
  expect(new Set(documents.map(({ stack }) => stack))).toStrictEqual(new Set(['SampleStreamTable']));
});

it('shows its examples first, and refuses a flag that it does not know', async () => {
  const help = await runCli(['status', '--help'], { cwd });
  expect(help).toMatchObject({
    exitCode: 0,
    stdout: expect.stringMatching(/^Examples:\n {2}\$ ddbcdc status/),
  });
  expect((await runCli(['status', '--wach'], { cwd })).exitCode).toBe(2);
});
