import { describe, expect, it } from 'vitest';
import { endHint, explainTailError } from '../../../src/commands/tail/explain.js';
import type { TailFlags } from '../../../src/commands/tail/flags.js';
import { createOutageHint } from '../../../src/commands/tail/outage.js';
import { planTail } from '../../../src/commands/tail/plan.js';
import type { Config } from '../../../src/config.js';
import { CliError } from '../../../src/errors.js';
import { makeBatch, makeEnd } from '../../ui/tail/make-events.js';

const run = (flags: TailFlags, config: Config = {}) => ({
  flags,
  plan: planTail(flags, { config, env: {}, now: 0, stdoutIsTty: true }),
  loaded: { projectDir: '/work', config },
});

describe('explainTailError', () => {
  const hintOf = (code: string, ...args: Parameters<typeof run>): unknown => {
    const error = new CliError(code, 'of the library', { exitCode: 3, hint: 'of the library' });
    const explained = explainTailError(error, run(...args));
    expect(explained).toMatchObject({ code, message: 'of the library', exitCode: 3 });
    return explained instanceof CliError ? explained.hint : undefined;
  };

  it('enables a stream without a function, which another stack may have the name of', () => {
    expect(hintOf('table.noStream', { table: 'Plain', target: 'aws', region: 'eu-west-1' })).toBe(
      'enable it: ddbcdc init --table Plain --adopt --no-function --target aws --region eu-west-1',
    );
  });

  it('makes a table with a function unless the folder has another stack', () => {
    expect(hintOf('table.notFound', { table: 'Orders' })).toBe(
      'make it with its stream: ddbcdc init --table Orders',
    );
    expect(hintOf('table.notFound', { table: 'Orders' }, { table: 'Other' })).toBe(
      'make it with its stream: ddbcdc init --table Orders --no-function',
    );
  });

  it('gives any other error back', () => {
    expect(hintOf('aws.throttled', { table: 'Orders' })).toBe('of the library');
    const defect = new Error('x');
    expect(explainTailError(defect, run({}))).toBe(defect);
  });
});

it('says what to do when the stream is gone for good, and nothing at other ends', () => {
  expect(endHint(makeEnd({ reason: 'streamEnded' }), run({ table: 'Orders' }))).toBe(
    'nothing took its place; make it again: ddbcdc init --table Orders',
  );
  expect(endHint(makeEnd({ reason: 'interrupted' }), run({}))).toBeUndefined();
});

describe('createOutageHint', () => {
  const retry = { type: 'retry', operation: 'GetRecords', attempt: 1, delayMs: 1 } as const;
  const refused = { ...retry, error: 'ECONNREFUSED' };

  it('tells how the tail goes on, once an outage', () => {
    const hint = createOutageHint({ kind: 'local', endpoint: 'http://127.0.0.1:1' });
    const text = 'the engine has stopped; this tail goes on after: ddbcdc local start';
    const events = [{ ...retry, error: 'ThrottlingException' }, refused, refused, makeBatch(), refused];
    expect(events.map(hint)).toStrictEqual([undefined, text, undefined, undefined, text]);
  });

  it('names an endpoint, and has nothing to start on AWS', () => {
    const endpoint = 'http://10.0.0.1:8000';
    expect(createOutageHint({ kind: 'endpoint', endpoint })(refused)).toBe(
      `nothing listens at ${endpoint}; when it does, this tail goes on`,
    );
    expect(createOutageHint({ kind: 'aws' })(refused)).toBeUndefined();
  });
});
