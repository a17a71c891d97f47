// What becomes of a command whose stdout fails, and of one that a signal ends.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../helpers/run-cli.js';

let cwd: string;
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'ddbcdc-stdout-'));
});
afterAll(async () => {
  await runCli(['local', 'stop'], { cwd });
  await rm(cwd, { recursive: true, force: true });
});

const full = Object.assign(new Error('ENOSPC: no space left on device, write'), {
  code: 'ENOSPC',
  errno: -28,
});
const closed = Object.assign(new Error('write EPIPE'), { code: 'EPIPE', errno: -32 });

describe('a stdout that cannot be written', () => {
  it.each([[['--help']], [['local', 'status']], [['tail', '--help']]])(
    'is one error, with exit 1, of %j',
    async (args) => {
      const result = await runCli(args, { cwd, stdoutError: full });
      expect(result).toStrictEqual({
        exitCode: 1,
        stdout: '',
        stderr:
          'error stdout could not be written: no space left on device (stdout.write)\n' +
          '  → make room, then run the command again\n',
      });
    },
  );

  it('is an error in JSON with --json', async () => {
    const { exitCode, stderr } = await runCli(['local', 'status', '--json'], { cwd, stdoutError: full });
    expect(exitCode).toBe(1);
    expect(JSON.parse(stderr)).toStrictEqual({
      error: {
        code: 'stdout.write',
        message: 'stdout could not be written: no space left on device',
        hint: 'make room, then run the command again',
      },
    });
  });

  it('is no error when it was closed: the reader has what it wanted', async () => {
    expect(await runCli(['local', 'status'], { cwd, stdoutError: closed })).toStrictEqual({
      exitCode: 0,
      stdout: '',
      stderr: '',
    });
  });
});

describe('SIGTERM', () => {
  const whenReady = (name: 'SIGINT' | 'SIGTERM') => {
    let isSent = false;
    return {
      cwd,
      onOutput: ({ stderr }: { stderr: string }, signal: (name: 'SIGINT' | 'SIGTERM') => void) => {
        if (isSent || !stderr.includes('tailing SampleStreamTable')) return;
        isSent = true;
        signal(name);
      },
    };
  };

  it('ends a ready tail with its summary and 143; Ctrl-C with 0', async () => {
    await runCli(['init', '--yes', '--no-function'], { cwd });
    const terminated = await runCli(['tail'], whenReady('SIGTERM'));
    expect(terminated.exitCode).toBe(143);
    expect(terminated.stderr).toContain('0 changes shown');
    const interrupted = await runCli(['tail'], whenReady('SIGINT'));
    expect(interrupted.exitCode).toBe(0);
    expect(interrupted.stderr).toContain('0 changes shown');
  });
});
