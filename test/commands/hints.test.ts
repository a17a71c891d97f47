import { describe, expect, it } from 'vitest';
import { initCommand, targetWords } from '../../src/commands/hints.js';

describe('targetWords', () => {
  it('gives the flags back as they were given', () => {
    expect(
      targetWords({ target: 'aws', endpointUrl: 'http://127.0.0.1:8000', region: 'eu-west-1', profile: 'p' }),
    ).toStrictEqual([
      '--target aws',
      '--endpoint-url http://127.0.0.1:8000',
      '--region eu-west-1',
      '--profile p',
    ]);
    expect(targetWords({})).toStrictEqual([]);
  });

  it('keeps a path with a space one word', () => {
    expect(targetWords({ dataDir: "/my data/it's" })).toStrictEqual(["--data-dir '/my data/it'\\''s'"]);
  });
});

describe('initCommand', () => {
  it('leaves the function out beside another stack, unless it is named', () => {
    const config = { table: 'Orders', function: 'orders-handler' };
    expect(initCommand('Other', {}, config)).toBe('ddbcdc init --table Other --no-function');
    expect(initCommand('Other', {}, config, '--function other')).toBe(
      'ddbcdc init --table Other --function other',
    );
    expect(initCommand('Orders', {}, config)).toBe('ddbcdc init --table Orders');
  });
});
