import { describe, expect, it } from 'vitest';
import { runCli } from '../helpers/run-cli.js';

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

  it('shows the help of a command that lacks its subcommand, with exit 2', async () => {
    const { exitCode, stdout, stderr } = await runCli(['local']);
    expect({ exitCode, stdout }).toStrictEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain('Usage: ddbcdc local');
  });
});
