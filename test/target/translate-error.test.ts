import { describe, expect, it } from 'vitest';
import { knownError, translateAwsError } from '../../src/target/translate-error.js';

function named(name: string, message = '', extra: object = {}): Error {
  return Object.assign(new Error(message), { name }, extra);
}

describe('translateAwsError', () => {
  it('names action, resource and the statement that would allow them', () => {
    const error = named(
      'AccessDeniedException',
      'User: arn:aws:iam::1:user/dev is not authorized to perform: lambda:CreateFunction on resource: arn:aws:lambda:eu-west-1:1:function:f because no identity-based policy allows it',
    );
    const translated = translateAwsError(error, 'function f');
    expect(translated.code).toBe('aws.accessDenied');
    expect(translated.exitCode).toBe(3);
    expect(translated.hint).toBe(
      'this statement would allow it: {"Effect":"Allow","Action":"lambda:CreateFunction","Resource":"arn:aws:lambda:eu-west-1:1:function:f"}',
    );
  });

  it('finds a refused connection along the cause', () => {
    const socket = named('Error', 'connect ECONNREFUSED 127.0.0.1:1', {
      code: 'ECONNREFUSED',
      address: '127.0.0.1',
      port: 1,
    });
    const error = new Error('request failed', { cause: new AggregateError([socket]) });
    expect(translateAwsError(error, 'table T')).toMatchObject({
      code: 'target.unreachable',
      exitCode: 3,
      message: 'table T: nothing listens there (127.0.0.1:1)',
    });
  });

  it('tells missing, expired and SSO credentials apart', () => {
    expect(knownError(named('CredentialsProviderError'))?.code).toBe('aws.noCredentials');
    expect(knownError(named('ExpiredTokenException'))?.code).toBe('aws.expiredCredentials');
    expect(knownError(named('CredentialsProviderError', '', { cause: undefined }))?.exitCode).toBe(3);
    expect(knownError(named('TokenProviderError'))?.code).toBe('aws.ssoExpired');
  });

  it('says that the answer was none of AWS, and never on two lines', () => {
    const error = named('SyntaxError', "Unexpected token '<'\n  Deserialization error: inspect $response.");
    Object.defineProperty(error, '$response', { value: { statusCode: 200 } });
    expect(translateAwsError(error, 'table T')).toMatchObject({
      code: 'target.notAws',
      exitCode: 3,
      message: 'table T: the server answered HTTP 200 with something that is no AWS answer',
    });
    expect(translateAwsError(named('Odd', 'one\n  two'), 'table T').message).toBe('table T: Odd: one two');
    const fromAws = named('Odd', 'no', { $fault: 'client', $response: { statusCode: 400 } });
    expect(translateAwsError(fromAws, 'table T').code).toBe('aws.error');
  });

  it('never decides by message text', () => {
    expect(knownError(named('Error', 'ExpiredTokenException ECONNREFUSED'))).toBeUndefined();
  });
});
