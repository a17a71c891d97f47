import { describe, expect, it } from 'vitest';
import { CliError } from '../../src/errors.js';
import { chooseTarget } from '../../src/target/choose.js';
import { uniformEndpoints } from '../../src/target/endpoints.js';

const LOOPBACK = 'http://127.0.0.1:8000';

function refusal(run: () => unknown): Pick<CliError, 'code' | 'exitCode' | 'message'> {
  try {
    run();
  } catch (error) {
    if (error instanceof CliError)
      return { code: error.code, exitCode: error.exitCode, message: error.message };
    throw error;
  }
  throw new Error('it was accepted');
}

describe('chooseTarget', () => {
  it('is the embedded engine when nothing is said', () => {
    expect(chooseTarget({}, {}, {})).toStrictEqual({ kind: 'local', region: 'us-east-1' });
  });

  it('never chooses AWS because of a region, a profile or credentials in the environment', () => {
    const env = {
      AWS_REGION: 'eu-west-1',
      AWS_PROFILE: 'prod',
      AWS_ACCESS_KEY_ID: 'AKIA',
      AWS_SECRET_ACCESS_KEY: 's',
    };
    expect(chooseTarget({}, env, {}).kind).toBe('local');
  });

  it('lets a flag win over the environment, and the environment over the file', () => {
    expect(chooseTarget({ target: 'local' }, { DDBCDC_TARGET: 'aws' }, {}).kind).toBe('local');
    expect(chooseTarget({}, { DDBCDC_TARGET: 'aws' }, { target: 'local' }).kind).toBe('aws');
    expect(chooseTarget({}, { AWS_ENDPOINT_URL: LOOPBACK }, { target: 'aws' }).kind).toBe('endpoint');
    expect(chooseTarget({}, {}, { target: 'aws' }).kind).toBe('aws');
  });

  it('takes the region by flag, DDBCDC_REGION, AWS_REGION, AWS_DEFAULT_REGION, file', () => {
    const env = { DDBCDC_REGION: 'b', AWS_REGION: 'c', AWS_DEFAULT_REGION: 'd' };
    const region = (flags: object, e: Record<string, string>): string | undefined =>
      chooseTarget({ target: 'aws', ...flags }, e, { region: 'e' }).region;
    expect(region({ region: 'a' }, env)).toBe('a');
    expect(region({}, env)).toBe('b');
    expect(region({}, { ...env, DDBCDC_REGION: '' })).toBe('c');
    expect(region({}, { AWS_DEFAULT_REGION: 'd' })).toBe('d');
    expect(region({}, {})).toBe('e');
  });

  it('sends every service to --endpoint-url', () => {
    expect(chooseTarget({ endpointUrl: `${LOOPBACK}/` }, {}, {})).toStrictEqual({
      kind: 'endpoint',
      region: 'us-east-1',
      endpoints: uniformEndpoints(LOOPBACK),
    });
  });

  it('sends every service to the loopback endpoint that the environment names for one', () => {
    expect(chooseTarget({}, { AWS_ENDPOINT_URL_DYNAMODB: LOOPBACK }, {})).toStrictEqual({
      kind: 'endpoint',
      region: 'us-east-1',
      endpoints: uniformEndpoints(LOOPBACK),
    });
  });

  it('refuses an environment that sends one service to loopback and another to AWS, and says which', () => {
    const env = {
      AWS_ENDPOINT_URL_DYNAMODB: LOOPBACK,
      AWS_ENDPOINT_URL_DYNAMODB_STREAMS: 'https://streams.dynamodb.us-east-1.amazonaws.com',
    };
    expect(refusal(() => chooseTarget({}, env, {}))).toStrictEqual({
      code: 'target.mixedEndpoints',
      exitCode: 3,
      message:
        'AWS_ENDPOINT_URL_DYNAMODB sends dynamodb to http://127.0.0.1:8000, but AWS_ENDPOINT_URL_DYNAMODB_STREAMS sends streams to https://streams.dynamodb.us-east-1.amazonaws.com',
    });
  });

  it('ignores configured endpoints when the SDK is told to', () => {
    const env = { AWS_ENDPOINT_URL: LOOPBACK, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' };
    expect(chooseTarget({}, env, {}).kind).toBe('local');
  });

  it('refuses contradictions with exit 2', () => {
    expect(refusal(() => chooseTarget({ target: 'local', endpointUrl: LOOPBACK }, {}, {})).code).toBe(
      'target.conflict',
    );
    expect(refusal(() => chooseTarget({ profile: 'prod' }, {}, {})).code).toBe('target.profileWithoutAws');
    expect(refusal(() => chooseTarget({ endpointUrl: 'localhost:8000' }, {}, {})).exitCode).toBe(2);
    expect(refusal(() => chooseTarget({}, { DDBCDC_TARGET: 'mars' }, {})).exitCode).toBe(2);
  });
});

it('refuses a region that no host name can have', () => {
  for (const region of ['us east', 'us_east_1', '-', 'https://x']) {
    expect(() => chooseTarget({ target: 'aws', region }, {}, {})).toThrow(
      expect.objectContaining({ code: 'config.badRegion', exitCode: 2 }),
    );
  }
  expect(chooseTarget({ target: 'aws', region: 'us-gov-west-1' }, {}, {})).toMatchObject({
    region: 'us-gov-west-1',
  });
});
