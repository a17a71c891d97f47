import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CliOptions, type CliResult, runCli } from '../helpers/run-cli.js';
import { type CloudWatchDouble, startCloudWatch } from '../lambda/logs/cloudwatch-double.js';
import { logFixture } from '../lambda/logs/fixture.js';

let cloudwatch: CloudWatchDouble;
let cwd: string;

beforeEach(async () => {
  cloudwatch = await startCloudWatch(logFixture());
  cwd = await mkdtemp(join(tmpdir(), 'ddbcdc-logs-'));
});

afterEach(async () => {
  await cloudwatch.close();
  await rm(cwd, { recursive: true, force: true });
});

function logs(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  const all = ['logs', '--endpoint-url', cloudwatch.endpoint, '--region', 'us-east-1', ...args];
  return runCli(all, { cwd, ...options });
}

describe('ddbcdc logs', () => {
  it('shows a line a batch, what went wrong, and the totals', async () => {
    const { exitCode, stdout, stderr } = await logs(['--utc']);
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
    expect(stdout.replaceAll(cloudwatch.endpoint, 'http://127.0.0.1:1')).toMatchInlineSnapshot(`
      "sample-ddb-stream-handler · /aws/lambda/sample-ddb-stream-handler · http://127.0.0.1:1
      time      records   decode    batch  duration   billed       memory    init
      12:00:00Z     100   0.4 ms   1.9 ms    4.2 ms   130 ms    71/256 MB  125 ms
      12:00:00Z · a line of the user's
      12:00:00Z ! undecodable 100000000000000000102 Id: expected N (32-bit integer), received N "1.5"
      12:00:00Z       2    20 µs    90 µs    1.1 ms     2 ms    72/256 MB
                ! 1 undecodable
      12:00:00Z ! handler 100000000000000000103 RangeError: queue is full
      12:00:00Z       3    30 µs    21 ms     22 ms    22 ms    72/256 MB
                ! 1 failed, delivered again from 100000000000000000103
      12:00:00Z ! timeout Task timed out after 3.00 seconds
      12:00:00Z       0        -        -       3 s      3 s    72/256 MB
                ! ended with timeout
      12:00:00Z ! crash TypeError: x is not a function
      12:00:00Z       0        -        -      8 ms     8 ms    72/256 MB
                ! ended with error
      ! 5 batches, 105 records (3 retried), 1 failure, 1 undecodable, 2 unfinished, 1 cold start, 3.2 s billed
      "
    `);
  });

  it('colours what went wrong, unless NO_COLOR is set', async () => {
    const red = '\u001b[31m! timeout Task timed out after 3.00 seconds\u001b[39m';
    expect((await logs([], { env: { FORCE_COLOR: '1' } })).stdout).toContain(red);
    expect((await logs([], { env: { FORCE_COLOR: '1', NO_COLOR: '1' } })).stdout).not.toContain('\u001b');
  });

  it('counts exactly, over pages, in one JSON document', async () => {
    const { exitCode, stdout } = await logs(['--json']);
    expect(exitCode).toBe(0);
    expect(stdout.trimEnd()).not.toContain('\n');
    const { batches, errors, ...rest } = JSON.parse(stdout);
    expect(rest).toStrictEqual({
      function: 'sample-ddb-stream-handler',
      logGroup: '/aws/lambda/sample-ddb-stream-handler',
      records: 105,
      retried: 3,
      undecodable: 1,
      failures: 1,
      unfinished: 2,
      otherErrors: 0,
      coldStarts: 1,
      billedMs: 3162,
    });
    expect(batches).toHaveLength(5);
    expect(batches[0]).toStrictEqual({
      at: '2026-11-23T12:00:00.003Z',
      requestId: '11111111-e9a3-11e6-939a-754dd98c7be3',
      records: 100,
      undecodable: 0,
      failures: 0,
      retried: 0,
      decodeMs: 0.412,
      batchMs: 1.9,
      iteratorAgeMs: 1011,
      durationMs: 4.21,
      billedMs: 130,
      memoryMb: 256,
      maxMemoryMb: 71,
      initMs: 124.84,
    });
    expect(errors.map(({ kind }: { kind: string }) => kind)).toStrictEqual([
      'undecodable',
      'handler',
      'timeout',
      'crash',
    ]);
    // The changes, most of the log, were left out by the server.
    expect(cloudwatch.requests[0]).toMatchObject({ filterPattern: '-"ddbcdc.change"' });
    expect(cloudwatch.requests.length).toBeGreaterThan(3);
  });

  it('shows the newest batches with --limit, and still counts all', async () => {
    const { stdout } = await logs(['--json', '--limit', '2']);
    const { batches, records } = JSON.parse(stdout);
    expect(batches.map(({ status }: { status: string }) => status)).toStrictEqual(['timeout', 'error']);
    expect(records).toBe(105);
  });

  it('shows only what went wrong with --errors', async () => {
    const { stdout } = await logs(['--json', '--errors']);
    const { batches } = JSON.parse(stdout);
    expect(batches.map(({ records }: { records: number }) => records)).toStrictEqual([2, 3, 0, 0]);
  });

  it('claims no success over errors that no batch counts, and shows them with --errors', async () => {
    const docker = 'error running docker: no such file';
    const at = Date.parse('2026-11-23T12:00:00Z');
    cloudwatch.events = [
      { id: '1', at, stream: 's', message: `${docker}\n` },
      { id: '2', at, stream: 's', message: 'just a line\n' },
    ];
    const text = await logs(['--errors', '--utc']);
    expect(text.stdout.split('\n').slice(2)).toStrictEqual([
      `12:00:00Z ! error ${docker}`,
      '! 0 batches, 0 records, 0 failures, 1 other error, 0 cold starts, 0 ms billed',
      '',
    ]);
    const { errors, otherErrors, failures } = JSON.parse((await logs(['--json'])).stdout);
    expect({ otherErrors, failures }).toStrictEqual({ otherErrors: 1, failures: 0 });
    expect(errors).toStrictEqual([{ at: '2026-11-23T12:00:00.000Z', kind: 'error', message: docker }]);
  });

  it('shows the changes with --models', async () => {
    const { stdout } = await logs(['--json', '--models']);
    expect(JSON.parse(stdout).changes).toStrictEqual([
      {
        type: 'change',
        at: '2026-11-23T12:00:00.002Z',
        requestId: '11111111-e9a3-11e6-939a-754dd98c7be3',
        event: 'INSERT',
        seq: '100000000000000000001',
        modelName: 'SampleModel',
        model: { id: 1, entityType: 'Message', message: 'A message for Id 1' },
      },
    ]);
    expect(cloudwatch.requests[0]).not.toHaveProperty('filterPattern');
  });

  it('prints the lines as they are with --raw, control characters made visible', async () => {
    cloudwatch.events = [{ id: 'e', at: 0, stream: 's', message: 'a\u001b[31m\tb\n' }];
    expect((await logs(['--raw', '--utc'])).stdout).toBe('- a\\u001b[31m  b\n');
    expect(JSON.parse((await logs(['--raw', '--json'])).stdout).events).toStrictEqual([
      { at: '1970-01-01T00:00:00.000Z', stream: 's', id: 'e', message: 'a\u001b[31m\tb' },
    ]);
  });

  it('says that a function has not run yet, and ends well', async () => {
    cloudwatch.events = undefined;
    expect(await logs([])).toStrictEqual({
      exitCode: 0,
      stdout: '',
      stderr: '· sample-ddb-stream-handler has not run yet: nothing is in its log\n',
    });
    const { exitCode, stdout } = await logs(['--json']);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ records: 0, batches: [], errors: [] });
  });

  it('refuses a function that does not exist with exit 3 and the next command', async () => {
    cloudwatch.events = undefined;
    cloudwatch.functionExists = false;
    const { exitCode, stdout, stderr } = await logs(['--function', 'nope', '--json']);
    expect(exitCode).toBe(3);
    expect(stdout).toBe('');
    expect(JSON.parse(stderr)).toStrictEqual({
      error: {
        code: 'logs.noFunction',
        message: 'there is no function nope, and no log of one',
        hint: 'make it with ddbcdc init, or name another with --function',
      },
    });
  });

  it('refuses a bad duration with exit 2', async () => {
    const { exitCode, stderr } = await logs(['--since', 'yesterday']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('It takes a number with a unit');
  });
});

describe('ddbcdc logs --follow', () => {
  it('prints batches as their lines come, each once, until Ctrl-C, and exits 0', async () => {
    const all = logFixture();
    cloudwatch.events = all.slice(0, 6);
    // The rest arrives while following, its oldest lines last.
    cloudwatch.onFilter = () => {
      if (cloudwatch.requests.length === 4) cloudwatch.events = [...all.slice(0, 6), ...all.slice(14)];
      if (cloudwatch.requests.length === 8) cloudwatch.events = all;
    };
    let interrupted = false;
    const { exitCode, stdout, stderr } = await logs(['--follow', '--json'], {
      onOutput: ({ stdout: text }, interrupt) => {
        if (interrupted || !text.includes('"records":2,')) return;
        interrupted = true;
        interrupt();
      },
    });
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines[0]).toStrictEqual({
      type: 'start',
      function: 'sample-ddb-stream-handler',
      logGroup: '/aws/lambda/sample-ddb-stream-handler',
    });
    expect(lines.filter(({ type }) => type === 'batch').map(({ records }) => records)).toStrictEqual(
      expect.arrayContaining([100, 3, 2]),
    );
    expect(lines.filter(({ kind }) => kind === 'timeout')).toHaveLength(1);
    expect(lines.filter(({ type }) => type === 'log')).toMatchObject([{ message: "a line of the user's" }]);
    expect(lines.at(-1)).toMatchObject({ type: 'end', records: 105, failures: 1, undecodable: 1 });
  });

  it('waits for a function that has not run yet, and ends after --limit batches', async () => {
    cloudwatch.events = undefined;
    cloudwatch.onFilter = () => {
      if (cloudwatch.requests.length === 2) cloudwatch.events = logFixture();
    };
    const { exitCode, stdout, stderr } = await logs(['--follow', '--limit', '1', '--utc']);
    expect(exitCode).toBe(0);
    expect(stderr).toContain('sample-ddb-stream-handler has not run yet: waiting');
    expect(stdout).toContain('100');
  });

  it('ends with 0 on Ctrl-C before anything was logged', async () => {
    cloudwatch.events = undefined;
    const { exitCode } = await logs(['--follow'], {
      onOutput: ({ stderr }, interrupt) => {
        if (stderr.includes('waiting')) interrupt();
      },
    });
    expect(exitCode).toBe(0);
  });
});
