// `ddbcdc local faults`, in process, against an engine in a process of its own.
import { describe, expect, it } from 'vitest';
import { ensureEngine } from '../../src/local/daemon/ensure.js';
import { readState } from '../../src/local/daemon/files.js';
import { runCli } from '../helpers/run-cli.js';
import { engineFolder } from '../local/daemon/engine-folder.js';

const NOTHING = { active: false, seed: null, endsAt: null, rules: [] };

describe('local faults', () => {
  it('sets, shows and clears a plan as JSON, and status tells of it', async () => {
    await using folder = await engineFolder();
    const run = async (...args: string[]) => {
      const result = await runCli(['local', ...args, '--json', '--data-dir', folder.dataDir]);
      expect([result.exitCode, result.stderr]).toStrictEqual([0, '']);
      return JSON.parse(result.stdout);
    };
    expect(await run('faults')).toStrictEqual(NOTHING);
    expect(await run('faults', '--clear')).toStrictEqual(NOTHING);
    expect(await readState(folder.dataDir)).toBeUndefined();

    const plan = {
      active: true,
      seed: 7,
      endsAt: expect.stringMatching(/^\d{4}-.*Z$/),
      rules: [
        { rule: 'ListTables:throttle=count=1', calls: 0, fired: 0, left: 1 },
        { rule: '*:delay=1ms..2ms', calls: 0, fired: 0, left: null },
      ],
    };
    const rules = ['ListTables:throttle=count=1', '*:delay=1ms..2ms'];
    expect(await run('faults', ...rules, '--seed', '7', '--for', '5m')).toStrictEqual(plan);
    expect(await run('faults')).toStrictEqual(plan);
    expect((await run('status')).faults).toStrictEqual(rules);

    expect(await run('faults', '--clear')).toStrictEqual({ ...plan, active: false });
    expect(await run('faults')).toStrictEqual(NOTHING);
    expect(await run('status')).not.toHaveProperty('faults');
  });

  it('shows a person what is in force, how often each rule fired and how to end it', async () => {
    await using folder = await engineFolder();
    const state = await ensureEngine(folder);
    const run = async (...args: string[]): Promise<string> => {
      const { exitCode, stdout, stderr } = await runCli(['local', ...args, '--data-dir', folder.dataDir]);
      expect([exitCode, stderr]).toStrictEqual([0, '']);
      return stdout;
    };
    expect(await run('faults')).toMatchInlineSnapshot(`
      "· no faults are set
        → set some: ddbcdc local faults 'GetRecords:throttle=20%'
      "
    `);
    expect(
      await run('faults', 'GetRecords:throttle=20%', 'ListTables:error=count=2', '--seed', '7'),
    ).toMatchInlineSnapshot(`
      "! faults in force: 2 rules, seed 7, until cleared or the engine stops
        GetRecords:throttle=20%
        ListTables:error=count=2
        → how often each fired: ddbcdc local faults
        → end them: ddbcdc local faults --clear
      "
    `);
    const listTables = () =>
      fetch(state.endpoint, {
        method: 'POST',
        headers: {
          'x-amz-target': 'DynamoDB_20120810.ListTables',
          authorization:
            'AWS4-HMAC-SHA256 Credential=any/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=00',
        },
        body: '{}',
      });
    expect([
      (await listTables()).status,
      (await listTables()).status,
      (await listTables()).status,
    ]).toStrictEqual([500, 500, 200]);
    expect(await run('faults')).toMatchInlineSnapshot(`
      "! faults in force: 2 rules, seed 7, until cleared or the engine stops
        GetRecords:throttle=20%   fired 0 of 0 calls
        ListTables:error=count=2  fired 2 of 2 calls  0 left
        → end them: ddbcdc local faults --clear
      "
    `);
    expect(await run('status')).toContain('faults    1 rule in force: ddbcdc local faults\n');
    expect(await run('faults', '--clear')).toMatchInlineSnapshot(`
      "✓ faults cleared
        GetRecords:throttle=20%   fired 0 of 0 calls
        ListTables:error=count=2  fired 2 of 2 calls  0 left
      "
    `);
    expect(await run('faults', '--clear')).toMatchInlineSnapshot(`
      "= no faults were set
      "
    `);
  });

  it('loses the plan when the engine starts again', async () => {
    await using folder = await engineFolder();
    const at = ['--data-dir', folder.dataDir, '--json'];
    expect((await runCli(['local', 'faults', '*:delay=1ms', ...at])).exitCode).toBe(0);
    await runCli(['local', 'stop', ...at]);
    await runCli(['local', 'start', ...at]);
    expect(JSON.parse((await runCli(['local', 'faults', ...at])).stdout)).toStrictEqual(NOTHING);
  });

  it('names a bad rule and what it could have been, and starts no engine for it', async () => {
    await using folder = await engineFolder();
    const at = ['--data-dir', folder.dataDir];
    const { exitCode, stdout, stderr } = await runCli(['local', 'faults', 'GetRecords:explode=5%', ...at]);
    expect([exitCode, stdout]).toStrictEqual([2, '']);
    expect(stderr).toContain('the rule "GetRecords:explode=5%" cannot be used: there is no fault "explode"');
    expect(stderr).toContain('the faults are throttle, error, cut');
    for (const args of [
      ['*:error=1%', '--clear'],
      ['--seed', '7'],
      ['--for', '5m'],
      ['*:error=1%', '--seed', '-1'],
      ['*:error=1%', '--for', 'ever'],
      ['*:error=1%', '--for', '0s'],
    ]) {
      const refused = await runCli(['local', 'faults', ...args, ...at]);
      expect([args, refused.exitCode, refused.stdout]).toStrictEqual([args, 2, '']);
    }
    expect(await readState(folder.dataDir)).toBeUndefined();
  });

  it('lists every fault in its help', async () => {
    const { exitCode, stdout } = await runCli(['local', 'faults', '--help']);
    expect(exitCode).toBe(0);
    expect(stdout.startsWith('Examples:\n')).toBe(true);
    for (const kind of ['throttle', 'late-children', 'small-pages']) expect(stdout).toContain(`\n  ${kind} `);
  });
});
