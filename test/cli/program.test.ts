import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCli } from '../helpers/run-cli.js';

async function emptyFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'ddbcdc-program-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

describe('the command line', () => {
  it('prints help on stdout and exits 0', async () => {
    const result = await runCli(['--help']);
    expect(result.exitCode).toBe(0);
    expect(result.stdout).toContain('Usage: ddbcdc');
    expect(result.stderr).toBe('');
  });

  it('refuses an unknown flag with exit 2 and nothing on stdout', async () => {
    const result = await runCli(['--nonsense']);
    expect(result.exitCode).toBe(2);
    expect(result.stdout).toBe('');
    expect(result.stderr).toBe(
      "error unknown option '--nonsense' (usage.unknownOption)\n  → ddbcdc --help\n",
    );
  });

  it.each([
    [['tail', '--bogus'], 'usage.unknownOption', "unknown option '--bogus'", 'ddbcdc tail --help'],
    [
      ['tail', '--limt', '1'],
      'usage.unknownOption',
      "unknown option '--limt' (did you mean --limit?)",
      'ddbcdc tail --help',
    ],
    [
      ['tail', '--limit', '0'],
      'usage.invalidArgument',
      "option '--limit <n>' argument '0' is invalid. It takes a whole number from 1 to 1000000000",
      'ddbcdc tail --help',
    ],
    [
      ['seed', '--count'],
      'usage.optionMissingArgument',
      "option '--count <n>' argument missing",
      'ddbcdc seed --help',
    ],
    [
      ['local', 'stop', 'now'],
      'usage.excessArguments',
      "too many arguments for 'stop'. Expected 0 arguments but got 1",
      'ddbcdc local stop --help',
    ],
  ])('refuses %j as every error: text, or JSON with --json', async (args, code, message, hint) => {
    const text = await runCli(args);
    expect(text).toStrictEqual({
      exitCode: 2,
      stdout: '',
      stderr: `error ${message} (${code})\n  → ${hint}\n`,
    });
    const json = await runCli([...args, '--json']);
    // A flag without its value takes the next word for it.
    if (code === 'usage.optionMissingArgument') return;
    expect(json).toMatchObject({ exitCode: 2, stdout: '' });
    expect(JSON.parse(json.stderr)).toStrictEqual({ error: { code, message, hint } });
  });

  it.each([
    [['tail', '--for', '0s'], 'It takes a time longer than 0'],
    [['tail', '--fail-on-stall', '0s'], 'It takes a time longer than 0'],
    [['status', '--interval', '0ms'], 'It takes a time longer than 0'],
    // Node's timers end at once when they are asked for more than 31 bits of milliseconds.
    [['tail', '--for', '30d'], 'It takes 24d at most'],
  ])('refuses %j, a time that cannot be waited for', async (args, message) => {
    const { exitCode, stderr } = await runCli(args);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
  });

  it.each(['tail', 'seed', 'status', 'init --dry-run', 'destroy --dry-run', 'local roll'])(
    'refuses what is no name of a table in %s before anything is started',
    async (command) => {
      await using folder = await emptyFolder();
      for (const name of ['', 'Ad', 'a b', 'x'.repeat(256)]) {
        const { exitCode, stderr } = await runCli([...command.split(' '), '--table', name], {
          cwd: folder.path,
        });
        expect({ exitCode, stderr }).toStrictEqual({
          exitCode: 2,
          stderr: `error --table is "${name}"; a table name has 3 to 255 of a-z, A-Z, 0-9, _, . and - (table.badName)\n`,
        });
      }
      expect(await readdir(folder.path)).toStrictEqual([]);
    },
  );

  it('names the variable or the file that a bad table name is from', async () => {
    await using folder = await emptyFolder();
    const cwd = folder.path;
    const fromVariable = await runCli(['tail'], { cwd, env: { DDBCDC_TABLE: 'Ad' } });
    expect(fromVariable.stderr).toContain('error DDBCDC_TABLE is "Ad"; ');
    await writeFile(join(cwd, 'ddbcdc.json'), '{"table":"Ad"}');
    expect((await runCli(['tail'], { cwd })).stderr).toContain('error "table" in ddbcdc.json is "Ad"; ');
  });

  it('shows the help of a command that lacks its subcommand, with exit 2', async () => {
    const { exitCode, stdout, stderr } = await runCli(['local']);
    expect({ exitCode, stdout }).toStrictEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain('Usage: ddbcdc local');
  });
});
