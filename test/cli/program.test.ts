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
    expect(result.stderr).toContain("unknown option '--nonsense'");
  });
});
